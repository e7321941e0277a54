"""Models with all that belongs to them."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.catalog.admin import actions
from apps.catalog.admin.forms import LanguageModelForm
from apps.catalog.admin.lists import (
    CompletenessFilter,
    PriceFilter,
    StaleFilter,
    with_completeness,
    with_price,
)
from apps.catalog.admin.prices import PriceOfModelInline
from apps.catalog.models import Alias, Capability, Citation, Model, Offer, Score
from apps.common.format import share, usd
from apps.common.today import today
from apps.editing.importing import SheetAdmin
from apps.editing.inlines import StackedInline, TabularInline


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
    """Who serves the model."""

    model = Offer
    autocomplete_fields = ("host", "source")
    extra = 0
    show_change_link = True


class ScoreInline(TabularInline):
    """The model's results."""

    model = Score
    autocomplete_fields = ("source",)
    extra = 0


class CapabilityInline(StackedInline):
    """Which line of the index stands for the model."""

    model = Capability
    autocomplete_fields = ("source",)
    extra = 0


@admin.register(Model)
class LanguageModelAdmin(SheetAdmin):
    """Models with all that belongs to them."""

    form = LanguageModelForm
    list_display = (
        "name",
        "status_today",
        "price",
        "complete",
        "checked",
        "capability",
        "openness",
        "provider",
        "license",
    )
    list_filter = (
        StaleFilter,
        CompletenessFilter,
        PriceFilter,
        "status",
        "openness",
        "in_article",
        "license__rights",
        "provider",
    )
    list_select_related = ("provider", "license", "capability")
    search_fields = ("name", "slug", "provider__name", "aliases__name")
    actions = ("mark_checked", "retire")
    readonly_fields = ("terms",)
    sheet_fields = (
        "name",
        "provider",
        "openness",
        "license",
        "access",
        "status",
        "release_date",
        "retirement_date",
        "successor",
        "hf_repo",
        "params_total_b",
        "params_active_b",
        "context_tokens",
        "max_output_tokens",
        "reads",
        "writes",
        "tools",
        "structured_output",
        "reasoning",
        "knowledge_cutoff",
        "served_bits",
        "weights_gb",
        "layers",
        "kv_heads",
        "head_dim",
        "latent_dim",
        "window_layers",
        "window_tokens",
        "notes",
        "checked_on",
        "source",
    )
    date_hierarchy = "checked_on"
    autocomplete_fields = ("provider", "license", "successor", "source")
    filter_horizontal = ("reads", "writes")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (
        OfferInline,
        PriceOfModelInline,
        CitationInline,
        ScoreInline,
        CapabilityInline,
        AliasInline,
    )
    fieldsets = (
        (None, {"fields": ("name", "slug", "provider", "access")}),
        ("Terms", {"fields": ("openness", "license", "license_unknown", "terms", "hf_repo")}),
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
                    ("served_bits", "weights_gb"),
                    ("layers", "kv_heads", "head_dim", "latent_dim"),
                    ("window_layers", "window_tokens"),
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Load what the list shows with its one query."""
        return with_price(with_completeness(super().get_queryset(request)))

    def get_inlines(self, request: HttpRequest, obj: Any | None) -> list[Any]:
        """Leave prices out until there are offers that they belong to."""
        inlines = list(super().get_inlines(request, obj))
        return [i for i in inlines if obj is not None or i is not PriceOfModelInline]

    @admin.display(ordering="capability__index_name")
    def capability(self, model: Model) -> str:
        """Return the line of the index that stands for it."""
        row = getattr(model, "capability", None)
        return row.line if row else ""

    @admin.display(ordering="status", description="status")
    def status_today(self, model: Model) -> str:
        """Return the status as it is today."""
        return str(Model.Status(model.status_on(today())).label)

    @admin.display(ordering="output_price", description="output from")
    def price(self, model: Any) -> str:
        """Return the lowest price of a million output tokens."""
        return usd(model.output_price)

    @admin.display(ordering="completeness", description="complete")
    def complete(self, model: Any) -> str:
        """Return the share of facts that are known."""
        return share(model.completeness / 100)

    @admin.display(ordering="checked_on", description="checked")
    def checked(self, model: Model) -> str:
        """Return the day of the last check, and whether it is too long ago."""
        days = (today() - model.checked_on).days
        stale = " (stale)" if days >= settings.STALE_AFTER_DAYS else ""
        return f"{model.checked_on:%Y-%m-%d}{stale}"

    @admin.display(description="What the licence says")
    def terms(self, model: Model) -> str:
        """Return rights and clauses of the licence that is saved."""
        terms = model.license
        return f"{terms.get_rights_display()}. {terms.clause}" if terms else "–"

    @admin.action(description="Mark checked today, with source", permissions=["change"])
    def mark_checked(self, request: HttpRequest, queryset: QuerySet[Model]) -> Any:
        """Say that the facts of models were compared with a source today."""
        return actions.mark_checked(self, request, queryset)

    @admin.action(description="Retire with successor", permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Model]) -> Any:
        """Retire models, with what replaces them."""
        return actions.retire(self, request, queryset)
