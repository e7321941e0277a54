"""Models with all that belongs to them."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

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
from apps.catalog.models import Alias, Capability, Citation, Model, Offer, Price, Score
from apps.catalog.price_lists import in_force
from apps.common.format import share, usd
from apps.common.today import today
from apps.editing import audit
from apps.editing.audited import MOST_CHANGES
from apps.editing.importing import SheetAdmin
from apps.editing.inlines import StackedInline, TabularInline

# A model with more offers than this is edited without them: each row has twenty fields.
MOST_OFFERS = 12


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


def _has_many_offers(model: Model) -> bool:
    return model.offers.count() > MOST_OFFERS


def _base(offer: Offer) -> Price | None:
    rows = in_force(offer.prices.all(), today())
    return next((row for row in rows if not row.above_tokens), None)


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
    readonly_fields = ("terms", "offers_table")
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
        """Leave prices out until there are offers; many offers are edited on their own pages."""
        inlines = list(super().get_inlines(request, obj))
        if obj is None:
            return [one for one in inlines if one is not PriceOfModelInline]
        if _has_many_offers(obj):
            return [one for one in inlines if one not in (OfferInline, PriceOfModelInline)]
        return inlines

    def changes(self, row: Any) -> list[audit.Recorded]:
        """Tell the history of a model with that of its offers, prices, results and the rest."""
        return audit.whole_history(row, MOST_CHANGES)

    def get_fieldsets(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """Show many offers as a table, each with the way to its page and to a new price."""
        found = super().get_fieldsets(request, obj)
        if obj is None or not _has_many_offers(obj):
            return found
        return (*found, ("Offers and prices", {"fields": ("offers_table",)}))

    @admin.display(description="Today")
    def offers_table(self, model: Model) -> SafeString:
        """Return the offers with what they cost today."""
        offers = model.offers.select_related("host").prefetch_related("prices")
        rows = [(offer, _base(offer)) for offer in offers.order_by("host__name", "host_model_id")]
        context = {"rows": rows, "model": model}
        return render_to_string("admin/catalog/offers_table.html", context)

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
