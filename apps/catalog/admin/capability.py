"""Measured capability: the index, which line stands for which model, and benchmarks' difficulty."""

from django.contrib import admin

from apps.catalog.models import BenchmarkDifficulty, Capability, IndexScore
from apps.editing.audited import AuditedAdmin


@admin.register(IndexScore)
class IndexScoreAdmin(AuditedAdmin):
    """Lines of the index as they were published."""

    list_display = ("name", "snapshot", "eci", "ci_low", "ci_high", "organisation", "weights")
    list_filter = ("snapshot", "weights")
    search_fields = ("name", "organisation")
    autocomplete_fields = ("source",)


@admin.register(Capability)
class CapabilityAdmin(AuditedAdmin):
    """Which line stands for a model."""

    list_display = ("model", "index_name", "grade", "checked_on")
    list_filter = ("grade",)
    list_select_related = ("model",)
    search_fields = ("model__name", "model__slug", "index_name")
    autocomplete_fields = ("model", "source")


@admin.register(BenchmarkDifficulty)
class BenchmarkDifficultyAdmin(AuditedAdmin):
    """Benchmarks on the scale of the index."""

    list_display = ("benchmark", "snapshot", "difficulty", "slope")
    list_filter = ("snapshot",)
    search_fields = ("benchmark",)
    autocomplete_fields = ("source",)
