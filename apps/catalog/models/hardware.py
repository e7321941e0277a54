"""GPUs with their price, and how fast models were measured on them."""

from typing import Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from apps.catalog.models.base import CatalogRow, RowQuerySet
from apps.catalog.models.facts import Source


class GpuQuerySet(RowQuerySet["Gpu"]):
    """GPUs."""

    def with_sources(self) -> Self:
        """Load where the memory and the prices were read."""
        return self.select_related("source", "rent_source", "own_source")


class ThroughputProfileQuerySet(RowQuerySet["ThroughputProfile"]):
    """Measured profiles."""

    def with_sources(self) -> Self:
        """Load where the measurements were read."""
        return self.select_related("source")


class Gpu(CatalogRow):
    """A GPU with its memory in decimal gigabytes and its hourly US dollars."""

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
    source = models.ForeignKey(Source, models.PROTECT, related_name="gpus")
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
        ]

    def __str__(self) -> str:
        """Show the name."""
        return self.name


class ThroughputProfile(CatalogRow):
    """Seconds that one GPU at full load spends on tokens of a model, fitted to measurements.

    The measured model need not be in the catalog, so it is named by text and keeps its own count
    of active parameters, by which other models are scaled.
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
    active_params_source = models.ForeignKey(
        Source, models.PROTECT, related_name="profile_parameters"
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
        ]
