"""GPUs and devices with their prices, and how fast models were measured on GPUs."""

from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from apps.catalog.models.base import CatalogRow, RowQuerySet
from apps.catalog.models.facts import Source
from apps.money.market import DeviceKind


class GpuQuerySet(RowQuerySet["Gpu"]):
    """GPUs."""

    def with_sources(self) -> Self:
        """Load where the memory and the prices were read."""
        return self.select_related(
            "source", "rent_source", "own_source", "price_source", "lead_source"
        )


class DeviceQuerySet(RowQuerySet["Device"]):
    """Devices."""

    def with_sources(self) -> Self:
        """Load where the facts were read."""
        return self.select_related("source")


class ThroughputProfileQuerySet(RowQuerySet["ThroughputProfile"]):
    """Measured profiles."""

    def with_sources(self) -> Self:
        """Load where the measurements were read."""
        return self.select_related("source")


def _number(
    label: str, help_text: str = "Empty: unknown."
) -> "models.FloatField[float | None, float | None]":
    return models.FloatField(label, null=True, blank=True, help_text=help_text)


def _above_zero(table: str, *names: str) -> CheckConstraint:
    """Return the constraint that what is known of these numbers is above 0."""
    condition = Q()
    for name in names:
        condition &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gt": 0})
    return CheckConstraint(
        condition=condition,
        name=f"{table}_numbers_positive",
        violation_error_message="Bandwidth, arithmetic, power and price must be above 0.",
    )


class Gpu(CatalogRow):
    """A GPU with its memory in decimal gigabytes, its speed and its US dollars."""

    natural_fields = ("slug",)

    slug = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=40, unique=True)
    vram_gb = models.FloatField("memory, GB")
    rent_hourly = models.FloatField("rented, US dollars an hour", null=True, blank=True)
    rent_source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="gpu_rents"
    )
    own_hourly = models.FloatField("owned, US dollars an hour", null=True, blank=True)
    own_source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="gpu_owner_costs"
    )
    bandwidth_gbs = _number("bandwidth of its memory, GB a second")
    tflops = _number("dense BF16 arithmetic, TFLOPS", "Without sparsity; empty: unknown.")
    power_w = _number("power, watts", "The most that it draws; empty: unknown.")
    price_usd = _number("price of one, US dollars", "Without tax or server; empty: unknown.")
    price_source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="gpu_prices"
    )
    lead_time = models.CharField(
        max_length=60, blank=True, help_text="How long one waits for it; empty: unknown."
    )
    lead_source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="gpu_lead_times"
    )
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="gpus",
        help_text="Of memory, bandwidth, arithmetic and power.",
    )
    checked_on = models.DateField()

    objects = GpuQuerySet.as_manager()

    class Meta:
        """By memory; a price has a source."""

        ordering = ("vram_gb", "slug")
        verbose_name = "GPU"
        constraints = [
            CheckConstraint(
                condition=Q(vram_gb__gt=0),
                name="gpu_memory_positive",
                violation_error_message="The memory must be above 0.",
            ),
            *(
                CheckConstraint(
                    condition=Q(**{f"{name}_hourly__isnull": True})
                    | Q(**{f"{name}_hourly__gt": 0, f"{name}_source__isnull": False}),
                    name=f"gpu_{name}_price_sourced",
                    violation_error_message="An hourly price must be above 0 and have a source.",
                )
                for name in ("rent", "own")
            ),
            _above_zero("gpu", "bandwidth_gbs", "tflops", "power_w", "price_usd"),
            CheckConstraint(
                condition=Q(price_usd__isnull=True) | Q(price_source__isnull=False),
                name="gpu_purchase_price_sourced",
                violation_error_message="A price needs a source.",
            ),
            CheckConstraint(
                condition=Q(lead_time="") | Q(lead_source__isnull=False),
                name="gpu_lead_time_sourced",
                violation_error_message="A lead time needs a source.",
            ),
        ]

    def __str__(self) -> str:
        """Show the name."""
        return self.name


DEVICE_KINDS = [
    (DeviceKind.LAPTOP.value, "Laptop"),
    (DeviceKind.WORKSTATION.value, "Workstation with one card"),
    (DeviceKind.UNIFIED_MEMORY.value, "Unified memory"),
]


class Device(CatalogRow):
    """A product that runs one model for a few people, as it is sold."""

    natural_fields = ("slug",)

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=16, choices=DEVICE_KINDS)
    memory_gb = models.FloatField(
        "memory, GB", help_text="As sold: of the card, or what processor and graphics share."
    )
    usable_gb = _number("of it for a model, GB", "What the system leaves; empty: unknown.")
    bandwidth_gbs = _number("bandwidth of its memory, GB a second")
    price_usd = _number("price, US dollars", "Without tax; empty: unknown.")
    power_w = _number("power, watts", "The most that it draws; empty: unknown.")
    note = models.CharField(max_length=300, blank=True, help_text="What limits a fact, in words.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="devices")
    as_of = models.DateField(help_text="The day of the price.")

    objects = DeviceQuerySet.as_manager()

    class Meta:
        """By kind and memory."""

        ordering = ("kind", "memory_gb", "slug")
        constraints = [
            CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in DeviceKind]),
                name="device_kind_known_word",
                violation_error_message="Choose one of the listed kinds.",
            ),
            CheckConstraint(
                condition=Q(memory_gb__gt=0),
                name="device_memory_positive",
                violation_error_message="The memory must be above 0.",
            ),
            CheckConstraint(
                condition=Q(usable_gb__isnull=True)
                | Q(usable_gb__gt=0, usable_gb__lte=F("memory_gb")),
                name="device_usable_memory_in_range",
                violation_error_message="A model can use at most the memory that there is.",
            ),
            _above_zero("device", "bandwidth_gbs", "price_usd", "power_w"),
        ]

    def __str__(self) -> str:
        """Show the name."""
        return self.name


class ThroughputProfile(CatalogRow):
    """Seconds that one GPU at full load spends on tokens of a model, fitted to measurements.

    The measured model need not be in the catalog, so it is named by text and keeps its own size:
    by its active parameters other models are scaled, by both it is told how near they are.
    """

    natural_fields = ("slug",)

    slug = models.CharField("profile", max_length=60, unique=True)
    model_slug = models.SlugField(max_length=60)
    gpu_slug = models.SlugField(max_length=20)
    precision = models.CharField(max_length=20)
    seconds_per_input_token = models.FloatField()
    seconds_per_output_token = models.FloatField()
    seconds_per_output_token_per_context_token = models.FloatField()
    worst_fit_error_percent = models.FloatField()
    active_params_b = models.FloatField("active parameters, billions")
    total_params_b = models.FloatField(
        "all parameters, billions",
        null=True,
        blank=True,
        help_text="Of a mixture of experts all of them; empty: unknown.",
    )
    params_source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="profile_parameters",
        verbose_name="source of the parameters",
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="profiles")

    objects = ThroughputProfileQuerySet.as_manager()

    class Meta:
        """By name; seconds and parameters above 0."""

        ordering = ("slug",)
        constraints = [
            UniqueConstraint(
                fields=("model_slug", "gpu_slug", "precision"),
                name="profile_unique",
                violation_error_message="There is a profile of this model on this GPU already.",
            ),
            CheckConstraint(
                condition=Q(
                    seconds_per_input_token__gt=0,
                    seconds_per_output_token__gt=0,
                    seconds_per_output_token_per_context_token__gte=0,
                    worst_fit_error_percent__gte=0,
                    active_params_b__gt=0,
                ),
                name="profile_numbers_positive",
                violation_error_message="Seconds and parameters must be above 0.",
            ),
            CheckConstraint(
                condition=Q(total_params_b__isnull=True)
                | Q(total_params_b__gte=F("active_params_b")),
                name="profile_total_params_in_range",
                violation_error_message="A model has no fewer parameters than are active.",
            ),
        ]
