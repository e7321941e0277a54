"""Where facts come from, who makes models, and on which terms."""

from django.db import models
from django.db.models import CheckConstraint, Q

from apps.catalog.models.base import CatalogRow, RowManager
from apps.common.citing import SourceNote
from apps.common.countries import COUNTRY_CODE
from apps.money.market import Rights


class Source(CatalogRow):
    """Where a fact was read, and when."""

    natural_fields = ("slug",)

    class Kind(models.TextChoices):
        """What sort of source it is."""

        VENDOR = "vendor", "The maker's own pages or files"
        DATASET = "dataset", "A published data set"
        LEADERBOARD = "leaderboard", "A leaderboard or benchmark"
        THIRD_PARTY = "third-party", "Somebody else's report"
        EDITORIAL = "editorial", "The editors' own judgement"

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=300, blank=True)
    note = models.CharField(max_length=400, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    read_on = models.DateField()

    objects = RowManager["Source"]()

    class Meta:
        """By title."""

        ordering = ("title", "slug")
        constraints = [
            CheckConstraint(
                condition=~Q(title=""),
                name="source_has_title",
                violation_error_message="A source needs a title that a reader recognises.",
            )
        ]

    def __str__(self) -> str:
        """Show the title."""
        return self.title

    def cited(self, detail: str = "") -> SourceNote:
        """Return the source for a page, with where in it the fact stands."""
        return SourceNote(self.title, self.url, detail, read_on=self.read_on)


class Provider(CatalogRow):
    """Who makes a model; certifications are kept for editors and not shown until confirmed."""

    natural_fields = ("slug",)

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)
    country = models.CharField(
        max_length=2,
        blank=True,
        validators=[COUNTRY_CODE],
        help_text="Two letters, such as FR; empty: unknown.",
    )
    country_source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="countries"
    )
    what_it_offers = models.CharField(
        max_length=120, blank=True, help_text="An API, weights, an app."
    )
    unconfirmed_certifications = models.CharField(
        max_length=300, blank=True, help_text="Not shown: confirm scope and dates first."
    )
    certifications_source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="certifications"
    )
    notes = models.TextField(blank=True, help_text="For editors.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="providers")

    objects = RowManager["Provider"]()

    class Meta:
        """By name; what is claimed has a source."""

        ordering = ("name",)
        constraints = [
            CheckConstraint(
                condition=Q(country="") | Q(country_source__isnull=False),
                name="provider_country_has_source",
                violation_error_message="A provider's country needs a source.",
            ),
            CheckConstraint(
                condition=Q(unconfirmed_certifications="") | Q(certifications_source__isnull=False),
                name="provider_certifications_have_source",
                violation_error_message="Certifications need a source.",
            ),
        ]

    def __str__(self) -> str:
        """Show the name."""
        return self.name


RIGHTS_CHOICES = [
    (Rights.FREE.value, "A business may use it freely"),
    (Rights.CONDITIONAL.value, "A business may use it under conditions"),
    (Rights.NONE.value, "A business may not use it without another licence"),
    (Rights.UNKNOWN.value, "Unknown"),
    (Rights.API_TERMS.value, "Used through an API, on the vendor's terms"),
]


class License(CatalogRow):
    """The terms of a model, with the clauses that matter to a business in plain words."""

    natural_fields = ("slug",)

    class LicenseClass(models.TextChoices):
        """How free the licence is."""

        OSI_PERMISSIVE = "osi-permissive", "Permissive, approved by the OSI"
        PERMISSIVE = "permissive", "Permissive"
        CUSTOM_CONDITIONAL = "custom-conditional", "Own licence with conditions"
        NON_COMMERCIAL = "non-commercial", "Research or non-commercial use only"
        PROPRIETARY = "proprietary", "Proprietary"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120, unique=True)
    license_class = models.CharField("class", max_length=20, choices=LicenseClass)
    rights = models.CharField(max_length=12, choices=RIGHTS_CHOICES, default=Rights.UNKNOWN.value)
    revenue_clause = models.CharField(max_length=300, blank=True)
    users_clause = models.CharField(max_length=300, blank=True)
    region_clause = models.CharField(max_length=300, blank=True)
    other_clause = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=300, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="licenses")

    objects = RowManager["License"]()

    class Meta:
        """By name; conditions are named, and class and rights agree."""

        ordering = ("name",)
        constraints = [
            CheckConstraint(
                condition=Q(rights__in=[rights.value for rights in Rights]),
                name="license_rights_known_word",
                violation_error_message="Choose one of the listed rights.",
            ),
            CheckConstraint(
                condition=~Q(rights=Rights.CONDITIONAL.value)
                | ~Q(revenue_clause="", users_clause="", region_clause="", other_clause=""),
                name="license_conditions_named",
                violation_error_message="A licence with conditions must name at least one of them.",
            ),
            CheckConstraint(
                condition=~Q(license_class="non-commercial") | Q(rights=Rights.NONE.value),
                name="license_non_commercial_has_no_rights",
                violation_error_message="A non-commercial licence gives a business no rights.",
            ),
            CheckConstraint(
                condition=Q(license_class="proprietary", rights=Rights.API_TERMS.value)
                | (~Q(license_class="proprietary") & ~Q(rights=Rights.API_TERMS.value)),
                name="license_proprietary_means_api_terms",
                violation_error_message="API terms go with a proprietary licence, and only there.",
            ),
        ]

    def __str__(self) -> str:
        """Show the name."""
        return self.name

    @property
    def clause(self) -> str:
        """Return the clauses that limit a business, as sentences; empty where none is known."""
        clauses = (self.revenue_clause, self.users_clause, self.region_clause, self.other_clause)
        return " ".join(clause for clause in clauses if clause)
