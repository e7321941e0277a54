"""Where facts come from, and the rows that models refer to."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.catalog.admin.lists import StaleFilter
from apps.catalog.models import (
    Alias,
    Benchmark,
    Citation,
    Device,
    Gpu,
    License,
    Modality,
    Provider,
    Score,
    Source,
    ThroughputProfile,
)
from apps.editing.audited import AuditedAdmin


@admin.register(Source)
class SourceAdmin(AuditedAdmin):
    """Where facts come from."""

    list_display = ("title", "kind", "read_on", "url")
    list_filter = ("kind",)
    search_fields = ("title", "slug", "url")
    prepopulated_fields = {"slug": ("title",)}


@admin.register(Provider)
class ProviderAdmin(AuditedAdmin):
    """Who makes models."""

    list_display = ("name", "country", "what_it_offers")
    search_fields = ("name", "slug")
    autocomplete_fields = ("country_source", "certifications_source", "source")


@admin.register(License)
class LicenseAdmin(AuditedAdmin):
    """The terms of models."""

    list_display = ("name", "license_class", "rights")
    list_filter = ("license_class", "rights")
    search_fields = ("name", "slug")
    autocomplete_fields = ("source",)


@admin.register(Benchmark)
class BenchmarkAdmin(AuditedAdmin):
    """What results are of."""

    list_display = ("name", "unit", "about")
    search_fields = ("name",)
    autocomplete_fields = ("source",)


@admin.register(Score)
class ScoreAdmin(AuditedAdmin):
    """All results."""

    list_display = ("model", "benchmark", "value", "version", "variant", "measured_on")
    list_filter = ("benchmark", "version")
    list_select_related = ("model", "benchmark")
    search_fields = ("model__name", "variant")
    autocomplete_fields = ("model", "benchmark", "source")


@admin.register(Gpu)
class GpuAdmin(AuditedAdmin):
    """GPUs with their prices."""

    list_display = ("name", "vram_gb", "rent_hourly", "own_hourly", "price_usd", "checked_on")
    list_filter = (StaleFilter,)
    autocomplete_fields = ("rent_source", "own_source", "price_source", "lead_source", "source")


@admin.register(Device)
class DeviceAdmin(AuditedAdmin):
    """Laptops, workstations and boxes of unified memory with their prices."""

    list_display = ("name", "kind", "memory_gb", "bandwidth_gbs", "price_usd", "as_of")
    list_filter = ("kind",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("source",)


@admin.register(ThroughputProfile)
class ThroughputProfileAdmin(AuditedAdmin):
    """Measured speeds."""

    list_display = ("slug", "model_slug", "gpu_slug", "precision", "worst_fit_error_percent")
    list_filter = ("gpu_slug", "model_slug")
    autocomplete_fields = ("params_source", "source")


@admin.register(Modality)
class ModalityAdmin(AuditedAdmin):
    """Kinds of input and output."""

    list_display = ("name", "slug", "order")

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> tuple[str, ...]:
        """Keep the slug once it is there: the questions of the wizard name it."""
        return ("slug",) if obj else ()


@admin.register(Citation)
class CitationAdmin(AuditedAdmin):
    """Which source says which fact."""

    list_display = ("model", "field", "source", "detail")
    list_filter = ("field", "source")
    list_select_related = ("model", "source")
    search_fields = ("model__name", "source__title")
    autocomplete_fields = ("model", "source")


@admin.register(Alias)
class AliasAdmin(AuditedAdmin):
    """Names in other data sets."""

    list_display = ("model", "dataset", "name")
    list_filter = ("dataset",)
    list_select_related = ("model",)
    search_fields = ("model__name", "name")
    autocomplete_fields = ("model", "source")
