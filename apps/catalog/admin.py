"""The editors' side of the catalog."""

from django.contrib import admin

from apps.catalog.models import (
    Alias,
    Benchmark,
    Citation,
    Gpu,
    Host,
    License,
    Modality,
    Model,
    Offer,
    Price,
    Provider,
    Score,
    Source,
    ThroughputProfile,
    TierGrade,
)
from apps.common.editing import ModelAdmin, StackedInline, TabularInline


class CitationInline(TabularInline):
    """Which source says which fact, beside the facts."""

    model = Citation
    autocomplete_fields = ("source",)
    extra = 0


class AliasInline(TabularInline):
    """The model's names in other data sets."""

    model = Alias
    autocomplete_fields = ("source",)
    extra = 0


class OfferInline(TabularInline):
    """Who serves the model; the prices are on the offer's own form."""

    model = Offer
    autocomplete_fields = ("host", "source")
    extra = 0
    show_change_link = True


class PriceInline(TabularInline):
    """The prices of an offer, the latest first."""

    model = Price
    autocomplete_fields = ("source",)
    extra = 0


class ScoreInline(TabularInline):
    """The model's results."""

    model = Score
    autocomplete_fields = ("source",)
    extra = 0


class TierGradeInline(StackedInline):
    """The model's capability tier."""

    model = TierGrade
    autocomplete_fields = ("source",)
    extra = 0


@admin.register(Model)
class LanguageModelAdmin(ModelAdmin):
    """Models with all that belongs to them."""

    list_display = ("name", "provider", "openness", "license", "status", "tier", "checked_on")
    list_filter = ("status", "openness", "in_article", "license__rights", "provider")
    list_select_related = ("provider", "license", "tier_grade")
    search_fields = ("name", "slug", "provider__name", "aliases__name")
    date_hierarchy = "checked_on"
    autocomplete_fields = ("provider", "license", "successor", "source")
    filter_horizontal = ("reads", "writes")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (CitationInline, OfferInline, ScoreInline, TierGradeInline, AliasInline)
    fieldsets = (
        (None, {"fields": ("name", "slug", "provider", "access")}),
        ("Terms", {"fields": ("openness", "license", "hf_repo")}),
        ("Status", {"fields": ("status", "release_date", "retirement_date", "successor")}),
        (
            "Specifications",
            {
                "fields": (
                    ("params_total_b", "params_active_b"),
                    ("context_tokens", "max_output_tokens"),
                    "reads",
                    "writes",
                    ("tools", "structured_output", "reasoning"),
                    "knowledge_cutoff",
                    ("served_bits", "layers", "kv_heads", "head_dim"),
                )
            },
        ),
        (
            "The article",
            {
                "classes": ("collapse",),
                "fields": (
                    "in_article",
                    "article_label",
                    "article_provider",
                    "article_size_or_access",
                    "article_strengths",
                    "article_date",
                ),
            },
        ),
        ("Checked", {"fields": ("source", "checked_on", "notes")}),
    )

    @admin.display(ordering="tier_grade__tier")
    def tier(self, model: Model) -> int | None:
        """Return the capability tier."""
        grade = getattr(model, "tier_grade", None)
        return grade.tier if grade else None


@admin.register(Offer)
class OfferAdmin(ModelAdmin):
    """Offers with their prices."""

    list_display = ("model", "host", "host_model_id", "status", "deprecated_on")
    list_filter = ("status", "host__kind", "host")
    list_select_related = ("model", "host")
    search_fields = ("model__name", "host__name", "host_model_id")
    autocomplete_fields = ("model", "host", "source")
    inlines = (PriceInline,)


@admin.register(Price)
class PriceAdmin(ModelAdmin):
    """All prices, to find what is scheduled or old."""

    list_display = ("offer", "valid_from", "valid_until", "above_tokens", "input", "output")
    list_filter = ("source", "valid_from")
    list_select_related = ("offer__model", "offer__host")
    search_fields = ("offer__model__name", "offer__host__name", "offer__host_model_id")
    autocomplete_fields = ("offer", "source")


@admin.register(Source)
class SourceAdmin(ModelAdmin):
    """Where facts come from."""

    list_display = ("title", "kind", "read_on", "url")
    list_filter = ("kind",)
    search_fields = ("title", "slug", "url")
    prepopulated_fields = {"slug": ("title",)}


@admin.register(Provider)
class ProviderAdmin(ModelAdmin):
    """Who makes models."""

    list_display = ("name", "country", "offers")
    search_fields = ("name", "slug")
    autocomplete_fields = ("country_source", "certifications_source", "source")


@admin.register(License)
class LicenseAdmin(ModelAdmin):
    """The terms of models."""

    list_display = ("name", "license_class", "rights")
    list_filter = ("license_class", "rights")
    search_fields = ("name", "slug")
    autocomplete_fields = ("source",)


@admin.register(Host)
class HostAdmin(ModelAdmin):
    """Who serves models."""

    list_display = ("name", "kind", "provider")
    list_filter = ("kind",)
    list_select_related = ("provider",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("provider", "source")


@admin.register(Benchmark)
class BenchmarkAdmin(ModelAdmin):
    """What results are of."""

    list_display = ("name", "unit", "about")
    search_fields = ("name",)
    autocomplete_fields = ("source",)


@admin.register(Score)
class ScoreAdmin(ModelAdmin):
    """All results."""

    list_display = ("model", "benchmark", "value", "version", "variant", "measured_on")
    list_filter = ("benchmark", "version")
    list_select_related = ("model", "benchmark")
    search_fields = ("model__name", "variant")
    autocomplete_fields = ("model", "benchmark", "source")


@admin.register(TierGrade)
class TierGradeAdmin(ModelAdmin):
    """All capability tiers."""

    list_display = ("model", "tier", "grade", "date", "reason")
    list_filter = ("tier", "grade")
    list_select_related = ("model",)
    search_fields = ("model__name",)
    autocomplete_fields = ("model", "source")


@admin.register(Gpu)
class GpuAdmin(ModelAdmin):
    """GPUs with their prices."""

    list_display = ("name", "vram_gb", "rent_hourly", "own_hourly", "checked_on")
    autocomplete_fields = ("rent_source", "own_source", "source")


@admin.register(ThroughputProfile)
class ThroughputProfileAdmin(ModelAdmin):
    """Measured speeds."""

    list_display = ("slug", "model_slug", "gpu_slug", "precision", "worst_fit_error_percent")
    list_filter = ("gpu_slug", "model_slug")
    autocomplete_fields = ("active_params_source", "source")


@admin.register(Modality)
class ModalityAdmin(ModelAdmin):
    """Kinds of input and output."""

    list_display = ("name", "slug", "order")


@admin.register(Citation)
class CitationAdmin(ModelAdmin):
    """Which source says which fact."""

    list_display = ("model", "field", "source", "detail")
    list_filter = ("field", "source")
    list_select_related = ("model", "source")
    search_fields = ("model__name", "source__title")
    autocomplete_fields = ("model", "source")


@admin.register(Alias)
class AliasAdmin(ModelAdmin):
    """Names in other data sets."""

    list_display = ("model", "dataset", "name")
    list_filter = ("dataset",)
    list_select_related = ("model",)
    search_fields = ("model__name", "name")
    autocomplete_fields = ("model", "source")
