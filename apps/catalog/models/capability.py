"""What models can do, measured: an index with its interval, and the model that it stands for."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Coalesce

from apps.catalog.models.base import CatalogRow, RowQuerySet
from apps.catalog.models.facts import Source
from apps.catalog.models.language_models import Model


class IndexScoreQuerySet(RowQuerySet["IndexScore"]):
    """Scores of the index."""

    def of_latest_snapshot(self, day: date | None = None) -> Self:
        """Return the scores of the newest snapshot, or of the newest one that a day knows."""
        known = self if day is None else self.filter(snapshot__lte=day)
        newest = known.order_by("-snapshot").values("snapshot")[:1]
        return self.filter(snapshot=models.Subquery(newest))

    def of_snapshot_on(self, day: date) -> Self:
        """Return the scores of the first snapshot of that day or after it, else of the newest.

        A snapshot from before a day knows few of the models of that day.
        """
        after = self.filter(snapshot__gte=day).order_by("snapshot").values("snapshot")[:1]
        newest = self.order_by("-snapshot").values("snapshot")[:1]
        return self.filter(snapshot=Coalesce(models.Subquery(after), models.Subquery(newest)))


class IndexScore(CatalogRow):
    """One line of a snapshot of the Epoch Capabilities Index: its own names, its own dates.

    The whole index is estimated anew at each snapshot, so that scores of two are never mixed.
    """

    natural_fields = ("snapshot", "name")

    class Weights(models.TextChoices):
        """Whether its weights can be had."""

        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        UNKNOWN = "unknown", "Unknown"

    snapshot = models.DateField(help_text="The day that the whole index was estimated.")
    name = models.CharField(max_length=120, help_text="As Epoch AI writes it.")
    eci = models.FloatField("index")
    ci_low = models.FloatField("90 % interval, low", null=True, blank=True)
    ci_high = models.FloatField("90 % interval, high", null=True, blank=True)
    release_date = models.DateField(null=True, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    weights = models.CharField(max_length=8, choices=Weights)
    source = models.ForeignKey(Source, models.PROTECT, related_name="index_scores")

    objects = IndexScoreQuerySet.as_manager()

    class Meta:
        """The newest snapshot first, the best first."""

        ordering = ("-snapshot", "-eci", "name")
        constraints = [
            UniqueConstraint(
                fields=("snapshot", "name"),
                name="index_score_unique",
                violation_error_message="This snapshot scores this model already.",
            ),
            CheckConstraint(
                condition=Q(ci_low__isnull=True, ci_high__isnull=True)
                | Q(
                    ci_low__isnull=False,
                    ci_high__isnull=False,
                    ci_low__lte=F("eci"),
                    ci_high__gte=F("eci"),
                ),
                name="index_score_within_interval",
                violation_error_message="The score lies within its interval.",
            ),
        ]

    def __str__(self) -> str:
        """Name the model and the snapshot."""
        return f"{self.name}, {self.snapshot}"


class CapabilityQuerySet(RowQuerySet["Capability"]):
    """Which line stands for which model."""

    def of_the_model_itself(self) -> Self:
        """Return the rows whose line is the model's own, with their models."""
        return self.filter(grade=Capability.Grade.EXACT).select_related("model")


class Capability(CatalogRow):
    """Which line of the index stands for a model of the catalog, and how closely."""

    natural_fields = ("model__slug",)

    class Grade(models.TextChoices):
        """How closely the line stands for the model."""

        EXACT = "exact", "The model itself"
        PREDECESSOR = "predecessor", "Its predecessor: a lower bound"
        ESTIMATED = "estimated", "Estimated from another benchmark"

    model = models.OneToOneField(Model, models.CASCADE, related_name="capability")
    index_name = models.CharField(
        max_length=120, blank=True, help_text="As Epoch AI writes it; empty for an estimate."
    )
    estimate = models.FloatField(null=True, blank=True, help_text="Only where it is estimated.")
    estimate_low = models.FloatField(
        null=True, blank=True, help_text="The low end, by which an estimate is reckoned with."
    )
    estimate_high = models.FloatField(null=True, blank=True)
    grade = models.CharField(max_length=12, choices=Grade)
    note = models.CharField(
        max_length=300,
        blank=True,
        help_text="What limits it: effort, few benchmarks, another build.",
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="capabilities")
    checked_on = models.DateField()

    objects = CapabilityQuerySet.as_manager()

    class Meta:
        """By model; a name or an estimate."""

        ordering = ("model",)
        verbose_name_plural = "capabilities"
        constraints = [
            CheckConstraint(
                condition=(Q(grade="estimated", index_name="", estimate__isnull=False))
                | (~Q(grade="estimated") & ~Q(index_name="") & Q(estimate__isnull=True)),
                name="capability_name_or_estimate",
                violation_error_message="Name a line of the index, or give an estimate.",
            ),
            CheckConstraint(
                condition=Q(estimate_low__isnull=True, estimate_high__isnull=True)
                | Q(
                    estimate_low__isnull=False,
                    estimate_high__isnull=False,
                    estimate_low__lte=F("estimate"),
                    estimate_high__gte=F("estimate"),
                ),
                name="capability_estimate_within_interval",
                violation_error_message="The estimate lies within its interval.",
            ),
        ]

    def __str__(self) -> str:
        """Name the model."""
        return str(self.model)

    @property
    def line(self) -> str:
        """What stands for the model: the name of a line, or the estimate."""
        return self.index_name or f"{self.estimate:g}, estimated"


class BenchmarkDifficultyQuerySet(RowQuerySet["BenchmarkDifficulty"]):
    """Benchmarks on the scale of the index."""

    def of_latest_snapshot(self) -> Self:
        """Return those of the newest snapshot with their sources, the easiest first."""
        newest = self.order_by("-snapshot").values("snapshot")[:1]
        return self.filter(snapshot=models.Subquery(newest)).select_related("source")


class BenchmarkDifficulty(CatalogRow):
    """How hard a benchmark is on the scale of the index, and how sharply it tells models apart."""

    natural_fields = ("snapshot", "benchmark")

    snapshot = models.DateField()
    benchmark = models.CharField(max_length=120)
    difficulty = models.FloatField()
    slope = models.FloatField()
    release_date = models.DateField(null=True, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="difficulties")

    objects = BenchmarkDifficultyQuerySet.as_manager()

    class Meta:
        """The easiest first."""

        ordering = ("-snapshot", "difficulty", "benchmark")
        verbose_name_plural = "benchmark difficulties"
        constraints = [
            UniqueConstraint(
                fields=("snapshot", "benchmark"),
                name="benchmark_difficulty_unique",
                violation_error_message="This snapshot rates this benchmark already.",
            ),
            CheckConstraint(
                condition=Q(slope__gt=0),
                name="benchmark_slope_positive",
                violation_error_message="The slope must be above 0.",
            ),
        ]

    def __str__(self) -> str:
        """Name the benchmark."""
        return self.benchmark
