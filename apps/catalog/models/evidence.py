"""What models were measured at by single benchmarks."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from apps.catalog.models.base import PARTIAL_DATE, CatalogRow, RowManager
from apps.catalog.models.facts import Source
from apps.catalog.models.language_models import Model


class Benchmark(CatalogRow):
    """A test of models; results of different benchmarks are never blended."""

    natural_fields = ("slug",)

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80, unique=True)
    about = models.CharField(max_length=240)
    unit = models.CharField(max_length=40, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="benchmarks")

    objects = RowManager["Benchmark"]()

    class Meta:
        """By name."""

        ordering = ("name",)

    def __str__(self) -> str:
        """Show the name."""
        return self.name


class Score(CatalogRow):
    """One result of a model, with the version, the variant and the day that it belongs to."""

    natural_fields = ("model__slug", "benchmark__slug", "version", "variant")

    model = models.ForeignKey(Model, models.CASCADE, related_name="scores")
    benchmark = models.ForeignKey(Benchmark, models.PROTECT, related_name="scores")
    version = models.CharField(max_length=40, blank=True)
    variant = models.CharField(max_length=80, blank=True)
    value = models.FloatField()
    cost_usd = models.FloatField("cost of the run, US dollars", null=True, blank=True)
    measured_on = models.CharField(max_length=10, blank=True, validators=[PARTIAL_DATE])
    note = models.CharField(max_length=200, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="scores")

    objects = RowManager["Score"]()

    class Meta:
        """One value for each version and variant."""

        ordering = ("model", "benchmark__name", "version", "variant")
        constraints = [
            UniqueConstraint(
                fields=("model", "benchmark", "version", "variant"),
                name="score_unique",
                violation_error_message="This result is listed already.",
            ),
            CheckConstraint(
                condition=Q(cost_usd__isnull=True) | Q(cost_usd__gte=0),
                name="score_cost_not_negative",
                violation_error_message="A cost cannot be below 0.",
            ),
        ]
