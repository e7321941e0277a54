"""Language models: identity, terms, specifications, status, and which source says what."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse

from apps.catalog.models.base import PARTIAL_DATE, CatalogRow, RowManager, RowQuerySet
from apps.catalog.models.facts import License, Provider, Source

# The status of a row is that of today; what it was on earlier days was not written down.
STATUS_KEPT_SINCE = date(2026, 1, 1)


class Modality(CatalogRow):
    """A kind of input or output, such as text or images."""

    natural_fields = ("slug",)

    slug = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField(unique=True)

    objects = RowManager["Modality"]()

    class Meta:
        """In the order of every list."""

        ordering = ("order",)
        verbose_name_plural = "modalities"

    def __str__(self) -> str:
        """Show the name."""
        return self.name


def _in_use(sender: type[Modality], instance: Modality, **_: object) -> None:
    """Refuse to delete a kind of input that models have: their links would go without a word."""
    users = {*instance.read_by.all(), *instance.written_by.all()}
    if users:
        raise models.ProtectedError(f"{len(users)} models read or write {instance}.", users)


models.signals.pre_delete.connect(_in_use, sender=Modality, dispatch_uid="modality-in-use")


class ModelQuerySet(RowQuerySet["Model"]):
    """Language models."""

    def current(self) -> Self:
        """Return the models that their makers offer today without a replacement."""
        return self.filter(status=Model.Status.CURRENT)

    def listed(self) -> Self:
        """Return every model with what a table of models shows of it."""
        return self.select_related("provider", "license", "successor").order_by(
            F("provider__name"), F("release_date").desc(nulls_last=True), "name"
        )

    def with_offers(self) -> Self:
        """Load each model's offers with their hosts and all their prices."""
        prices = ("offers__prices__source", "offers__prices__currency")
        return self.prefetch_related("offers__host", *prices)

    def with_modalities(self) -> Self:
        """Load what each model reads and writes."""
        return self.prefetch_related("reads", "writes")

    def modalities_read(self) -> "models.QuerySet[Model, tuple[int, str]]":
        """Return each model with each kind of input that it reads, as keys and slugs."""
        return (
            self.filter(reads__isnull=False)
            .order_by("reads__order")
            .values_list("pk", "reads__slug")
        )

    def modalities_written(self) -> "models.QuerySet[Model, tuple[int, str]]":
        """Return each model with each kind of output that it writes, as keys and slugs."""
        return (
            self.filter(writes__isnull=False)
            .order_by("writes__order")
            .values_list("pk", "writes__slug")
        )

    def named_by(self, slugs: Iterable[str]) -> Self:
        """Return the models with these slugs."""
        return self.filter(slug__in=list(slugs))

    def with_architecture(self) -> Self:
        """Return the models whose layers are known, with their makers."""
        return self.filter(layers__isnull=False).select_related("provider")

    def with_scores(self) -> Self:
        """Load each model's results with their benchmarks."""
        return self.prefetch_related("scores__benchmark")

    def for_detail(self) -> Self:
        """Load all that the page of one model shows."""
        return (
            self.select_related(
                "provider__country_source",
                "license__source",
                "source",
                "capability__source",
                "successor__successor",
            )
            .with_modalities()
            .prefetch_related(
                "citations__source",
                "offers__host",
                "offers__prices__source",
                "offers__prices__confirmed_by",
                "offers__prices__currency__source",
                "scores__benchmark",
                "scores__source",
                "aliases",
                "predecessors",
            )
        )

    def measured(self) -> Self:
        """Return the models with a capability, the only ones that may be recommended."""
        return self.filter(capability__isnull=False).select_related("capability")

    def released_by(self, day: date) -> Self:
        """Leave out the models that a day does not know yet; an unknown release stays."""
        return self.exclude(release_date__gt=day)

    def from_the_article(self) -> Self:
        """Return the models that the article names."""
        return self.filter(in_article=True)

    def last_checked_on(self) -> date | None:
        """Return the day on which any model was last checked."""
        checked_on: date | None = self.aggregate(day=models.Max("checked_on"))["day"]
        return checked_on


class Model(CatalogRow):
    """A language model; an empty field means that the fact is unknown."""

    natural_fields = ("slug",)

    class Openness(models.TextChoices):
        """What of it is open."""

        FULLY_OPEN = "fully-open", "Fully open"
        OPEN_WEIGHT = "open-weight", "Open-weight"
        SEMI_OPEN = "semi-open", "Semi-open"
        CLOSED = "closed", "Closed"
        UNKNOWN = "unknown", "Not known"

    class Status(models.TextChoices):
        """Where it is in its life."""

        CURRENT = "current", "Current"
        LEGACY = "legacy", "Superseded"
        DEPRECATED = "deprecated", "Ending"
        RETIRED = "retired", "Retired"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="language_models")
    openness = models.CharField(max_length=12, choices=Openness)
    license = models.ForeignKey(
        License, models.PROTECT, null=True, blank=True, related_name="language_models"
    )
    access = models.CharField(max_length=200, blank=True, help_text="Where it can be used.")
    params_total_b = models.FloatField("parameters, billions", null=True, blank=True)
    params_active_b = models.FloatField("active parameters, billions", null=True, blank=True)
    context_tokens = models.PositiveIntegerField(null=True, blank=True)
    max_output_tokens = models.PositiveIntegerField(null=True, blank=True)
    reads = models.ManyToManyField(Modality, blank=True, related_name="read_by")
    writes = models.ManyToManyField(Modality, blank=True, related_name="written_by")
    tools = models.BooleanField(null=True, blank=True)
    structured_output = models.BooleanField(null=True, blank=True)
    reasoning = models.BooleanField(null=True, blank=True)
    release_date = models.DateField(null=True, blank=True)
    knowledge_cutoff = models.CharField(max_length=10, blank=True, validators=[PARTIAL_DATE])
    status = models.CharField(max_length=10, choices=Status)
    retirement_date = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    hf_repo = models.CharField("Hugging Face repository", max_length=120, blank=True)
    served_bits = models.FloatField(
        "bits a weight", null=True, blank=True, help_text="The precision it is served at."
    )
    weights_gb = models.FloatField(
        "size of the weights, GB",
        null=True,
        blank=True,
        help_text="As published at these bits, in decimal gigabytes.",
    )
    layers = models.PositiveIntegerField(
        null=True, blank=True, help_text="Those that keep a cache; not linear ones."
    )
    kv_heads = models.PositiveIntegerField(null=True, blank=True)
    head_dim = models.PositiveIntegerField(null=True, blank=True)
    latent_dim = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Latent attention: rank and rotary part, instead of heads.",
    )
    window_layers = models.PositiveIntegerField(
        null=True, blank=True, help_text="Layers that keep the last tokens only."
    )
    window_tokens = models.PositiveIntegerField(null=True, blank=True)
    in_article = models.BooleanField(default=False)
    article_label = models.CharField(max_length=80, blank=True)
    article_provider = models.CharField(max_length=80, blank=True)
    article_size_or_access = models.CharField(max_length=80, blank=True)
    article_strengths = models.CharField(max_length=200, blank=True)
    article_date = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True, help_text="For editors.")
    checked_on = models.DateField()
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="language_models",
        help_text="Of every fact that has no source of its own.",
    )

    objects = ModelQuerySet.as_manager()

    class Meta:
        """By name, with what can be known of numbers and dates held true."""

        ordering = ("name",)
        # Every page's footer shows the newest check.
        indexes = [models.Index(fields=("checked_on",), name="model_checked_on")]
        constraints = [
            CheckConstraint(
                condition=~Q(slug__in=("compare", "hosts")),
                name="model_slug_is_no_page",
                violation_error_message="A page of the catalog has this address already.",
            ),
            CheckConstraint(
                condition=Q(params_total_b__isnull=True) | Q(params_total_b__gt=0),
                name="model_params_positive",
                violation_error_message="The number of parameters must be above 0.",
            ),
            CheckConstraint(
                condition=Q(params_active_b__isnull=True)
                | Q(params_active_b__gt=0, params_total_b__isnull=True)
                | Q(params_active_b__gt=0, params_active_b__lte=F("params_total_b")),
                name="model_active_params_in_range",
                violation_error_message="Active parameters must be above 0 and at most the total.",
            ),
            CheckConstraint(
                condition=Q(context_tokens__isnull=True) | Q(context_tokens__gt=0),
                name="model_context_positive",
                violation_error_message="The context must be above 0 tokens.",
            ),
            CheckConstraint(
                condition=Q(max_output_tokens__isnull=True) | Q(max_output_tokens__gt=0),
                name="model_output_positive",
                violation_error_message="The longest output must be above 0 tokens.",
            ),
            CheckConstraint(
                condition=Q(retirement_date__isnull=True)
                | Q(release_date__isnull=True)
                | Q(retirement_date__gte=F("release_date")),
                name="model_retires_after_release",
                violation_error_message="A model cannot retire before it was released.",
            ),
            CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("pk")),
                name="model_successor_is_another",
                violation_error_message="A model cannot be its own successor.",
            ),
            CheckConstraint(
                condition=~Q(openness="closed") | Q(hf_repo=""),
                name="model_closed_has_no_weights",
                violation_error_message="A closed model has no repository of weights.",
            ),
            CheckConstraint(
                condition=Q(served_bits__isnull=True) | Q(served_bits__gt=0, served_bits__lte=32),
                name="model_bits_in_range",
                violation_error_message="Bits a weight must be above 0 and at most 32.",
            ),
            CheckConstraint(
                condition=Q(weights_gb__isnull=True)
                | Q(weights_gb__gt=0, served_bits__isnull=False),
                name="model_weights_have_bits",
                violation_error_message="Give the size of the weights, above 0, with their bits.",
            ),
            CheckConstraint(
                condition=Q(
                    layers__isnull=True,
                    kv_heads__isnull=True,
                    head_dim__isnull=True,
                    latent_dim__isnull=True,
                )
                | Q(
                    layers__isnull=False,
                    kv_heads__isnull=False,
                    head_dim__isnull=False,
                    latent_dim__isnull=True,
                    layers__gt=0,
                    kv_heads__gt=0,
                    head_dim__gt=0,
                )
                | Q(
                    layers__isnull=False,
                    kv_heads__isnull=True,
                    head_dim__isnull=True,
                    latent_dim__isnull=False,
                    layers__gt=0,
                    latent_dim__gt=0,
                ),
                name="model_architecture_whole",
                violation_error_message="Give layers with KV heads and head size, or with the "
                "latent size instead, all above 0.",
            ),
            CheckConstraint(
                condition=Q(window_layers__isnull=True, window_tokens__isnull=True)
                | Q(
                    window_layers__isnull=False,
                    window_tokens__isnull=False,
                    kv_heads__isnull=False,
                    window_layers__gt=0,
                    window_layers__lte=F("layers"),
                    window_tokens__gt=0,
                ),
                name="model_window_whole",
                violation_error_message="Give the layers with a window, at most all, and its "
                "tokens together, above 0, beside KV heads.",
            ),
            CheckConstraint(
                condition=Q(in_article=False)
                | (Q(article_date__isnull=False) & ~Q(article_label="")),
                name="model_article_has_label_and_date",
                violation_error_message="A model of the article needs its label and date there.",
            ),
        ]

    def __str__(self) -> str:
        """Show the name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("catalog:detail", args=[self.slug])

    def status_on(self, day: date) -> str:
        """Return the status on a day: from its shutdown on, a model is retired.

        Of days before statuses were kept only dates tell: a model was current until its successor.
        """
        if self.retirement_date is not None and self.retirement_date <= day:
            return self.Status.RETIRED.value
        if day < STATUS_KEPT_SINCE:
            return (
                self.Status.LEGACY.value if self._superseded_by(day) else self.Status.CURRENT.value
            )
        return self.status

    def _superseded_by(self, day: date) -> bool:
        released = self.successor.release_date if self.successor else None
        return released is not None and released <= day

    def later(self) -> list["Model"]:
        """Return what replaced it, then what replaced that, and so on, each once."""
        later: list[Model] = []
        model = self.successor
        while model is not None and model not in later:
            later.append(model)
            model = model.successor
        return later

    @property
    def is_open(self) -> bool:
        """Tell whether its weights can be had at all; rights are another matter."""
        return self.openness not in {self.Openness.CLOSED, self.Openness.UNKNOWN}


class Citation(CatalogRow):
    """Which source says which fact of a model."""

    natural_fields = ("model__slug", "field")

    FIELDS: ClassVar[dict[str, str]] = {
        "architecture": "Layers and KV heads",
        "context_tokens": "Context",
        "knowledge_cutoff": "Knowledge cutoff",
        "license": "Licence",
        "max_output_tokens": "Longest output",
        "modalities": "Reads and writes",
        "openness": "Openness",
        "params_active_b": "Active parameters",
        "params_total_b": "Parameters",
        "release_date": "Released",
        "served_bits": "Bits a weight",
        "status": "Status",
        "weights_gb": "Size of the weights",
    }

    model = models.ForeignKey(Model, models.CASCADE, related_name="citations")
    field = models.CharField(max_length=20, choices=list(FIELDS.items()))
    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    detail = models.CharField(
        max_length=300, blank=True, help_text="Where in the source, or what else it says."
    )

    objects = RowManager["Citation"]()

    class Meta:
        """One source for each fact of a model."""

        ordering = ("model", "field")
        constraints = [
            UniqueConstraint(
                fields=("model", "field"),
                name="citation_field_unique",
                violation_error_message="This fact has a source already: change that one.",
            )
        ]


class Alias(CatalogRow):
    """The name of a model in another data set."""

    natural_fields = ("model__slug", "dataset", "name")

    class Dataset(models.TextChoices):
        """The data sets that prices and limits are read from."""

        GENAI_PRICES = "genai-prices", "genai-prices"
        LITELLM = "litellm", "litellm"
        MODELS_DEV = "models-dev", "models.dev"

    model = models.ForeignKey(Model, models.CASCADE, related_name="aliases")
    dataset = models.CharField(max_length=12, choices=Dataset)
    name = models.CharField(max_length=160)
    source = models.ForeignKey(Source, models.PROTECT, related_name="aliases")

    objects = RowManager["Alias"]()

    class Meta:
        """A name in a data set means one model."""

        ordering = ("model", "dataset", "name")
        verbose_name_plural = "aliases"
        constraints = [
            UniqueConstraint(
                fields=("dataset", "name"),
                name="alias_means_one_model",
                violation_error_message="This name belongs to another model already.",
            )
        ]
