"""Who serves models through an API, and what each promises: facts with value, grade and source."""

from collections.abc import Iterable, Mapping
from typing import Self

from django.db import models
from django.db.models import CheckConstraint, Prefetch, Q, UniqueConstraint
from django.urls import reverse

from apps.catalog.models.base import PARTIAL_DATE, CatalogRow, RowQuerySet
from apps.catalog.models.facts import Provider, Source


class HostQuerySet(RowQuerySet["Host"]):
    """Hosts."""

    def with_facts(self) -> Self:
        """Load the facts of each host with their sources."""
        facts = HostFact.objects.select_related("source")
        return self.select_related("provider", "source").prefetch_related(Prefetch("facts", facts))


class Host(CatalogRow):
    """Who serves models through an API."""

    natural_fields = ("slug",)

    class Kind(models.TextChoices):
        """Whether it serves models itself."""

        HOST = "host", "Host, cloud or lab"
        ROUTER = "router", "Router or reseller"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    provider = models.ForeignKey(
        Provider,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosts",
        help_text="The maker whose own API this is.",
    )
    closed_on = models.DateField(
        null=True, blank=True, help_text="The first day on which it serves nobody any more."
    )
    note = models.CharField(max_length=400, blank=True, help_text="What a reader must know.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="hosts")

    objects = HostQuerySet.as_manager()

    class Meta:
        """By name."""

        ordering = ("name",)

    def __str__(self) -> str:
        """Show the name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of the host."""
        return reverse("catalog:host", args=[self.slug])

    @property
    def is_router(self) -> bool:
        """Tell whether it passes requests on to others: it never counts as the cheapest host."""
        return self.kind == self.Kind.ROUTER


class FactKind(models.TextChoices):
    """What can be known of a host, in the order of every list."""

    COMPANY = "company", "Who runs it"
    COUNTRY = "country", "Country"
    CONTRACT = "contract", "Data-processing contract"
    NO_TRAINING = "no-training", "Does not train on paid traffic"
    ZERO_RETENTION = "zero-retention", "Keeps nothing: by default, or by a switch of one’s own"
    RETENTION = "retention", "How long it keeps requests"
    SOC2 = "soc2", "SOC 2 Type II"
    ISO27001 = "iso27001", "ISO 27001"
    HIPAA = "hipaa", "HIPAA business associate agreement"
    EU_REGION = "eu-region", "Can be held to the EU"
    US_REGION = "us-region", "Can be held to the US"
    REGIONS = "regions", "Regions"
    OWN_CLOUD = "own-cloud", "Runs in the customer’s own cloud account"
    PER_TOKEN = "per-token", "Paid by the token"
    BATCH = "batch", "Sells batches at a discount"
    SLA = "sla", "Promised availability"
    STATUS_PAGE = "status-page", "Status page"


# Facts that are a promise, kept or not; the others are texts.
PROMISES = (
    FactKind.CONTRACT,
    FactKind.NO_TRAINING,
    FactKind.ZERO_RETENTION,
    FactKind.SOC2,
    FactKind.ISO27001,
    FactKind.HIPAA,
    FactKind.EU_REGION,
    FactKind.US_REGION,
    FactKind.PER_TOKEN,
    FactKind.BATCH,
)
ANSWERS = ("yes", "partly", "on-request", "no")
CLOUDS = ("aws", "azure", "google", "other-cloud")


class HostFactQuerySet(RowQuerySet["HostFact"]):
    """Facts of hosts."""

    def hosts_with(self, promise: FactKind) -> frozenset[int]:
        """Return the hosts that are known to keep a promise in full."""
        kept = self.filter(fact=promise, value="yes").exclude(grade=HostFact.Grade.UNCHECKED)
        return frozenset(kept.order_by().values_list("host_id", flat=True))


def is_kept(fact: str, value: str, grade: str) -> bool:
    """Tell whether a fact is a promise that a host keeps, as far as somebody checked."""
    if grade == HostFact.Grade.UNCHECKED:
        return False
    return value in CLOUDS if fact == FactKind.OWN_CLOUD else value == "yes"


class HostFact(CatalogRow):
    """One fact of a host; a fact that has no row is unknown, and unknown is never read as yes."""

    natural_fields = ("host__slug", "fact")

    class Grade(models.TextChoices):
        """Who says it."""

        VENDOR = "vendor", "Read on a vendor’s page"
        REPORTED = "reported", "Reported by somebody who read it"
        UNCHECKED = "unchecked", "Unchecked: a pointer, counts as unknown"

    host = models.ForeignKey(Host, models.CASCADE, related_name="facts")
    fact = models.CharField(max_length=16, choices=FactKind)
    value = models.CharField(
        max_length=200,
        help_text="A promise: yes, partly, on-request or no. Own cloud: aws, azure, google, "
        "other-cloud or no. Country: two letters.",
    )
    detail = models.CharField(max_length=300, blank=True, help_text="What limits it, in words.")
    grade = models.CharField(max_length=10, choices=Grade)
    source = models.ForeignKey(Source, models.PROTECT, related_name="host_facts")
    as_of = models.CharField(
        max_length=10, validators=[PARTIAL_DATE], help_text="When it was read: 2026-09-28, 2026-09."
    )

    objects = HostFactQuerySet.as_manager()

    class Meta:
        """One row for each fact of a host; its words are those that rules understand."""

        ordering = ("host", "pk")
        constraints = [
            UniqueConstraint(
                fields=("host", "fact"),
                name="host_fact_unique",
                violation_error_message="This fact of the host is listed already.",
            ),
            CheckConstraint(
                condition=~Q(value=""),
                name="host_fact_has_value",
                violation_error_message="Enter a value; leave the row out while it is unknown.",
            ),
            CheckConstraint(
                condition=~Q(fact__in=PROMISES) | Q(value__in=ANSWERS),
                name="host_fact_promise_words",
                violation_error_message="A promise is yes, partly, on-request or no.",
            ),
            CheckConstraint(
                condition=~Q(fact=FactKind.OWN_CLOUD) | Q(value__in=(*CLOUDS, "no")),
                name="host_fact_cloud_words",
                violation_error_message="Name the cloud: aws, azure, google, other-cloud or no.",
            ),
        ]

    def __str__(self) -> str:
        """Name the host and the fact."""
        return f"{self.host}: {self.get_fact_display()}"

    @property
    def counts(self) -> bool:
        """Tell whether a decision may rest on it: unchecked facts are as good as unknown."""
        return self.grade != self.Grade.UNCHECKED


def known(facts: Iterable[HostFact]) -> Mapping[str, str]:
    """Return the values that a decision may rest on, by fact."""
    return {fact.fact: fact.value for fact in facts if fact.counts}
