"""Who serves models, and the prices of each offer."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.urls import path

from apps.catalog.admin.forms import PriceForm
from apps.catalog.admin.new_price import new_price_view
from apps.catalog.models import ExchangeRate, Offer, Price
from apps.editing.audited import AuditedAdmin
from apps.editing.forms import FieldForm
from apps.editing.importing import SheetAdmin
from apps.editing.inlines import TabularInline


class PriceInline(TabularInline):
    """The prices of an offer, the latest first."""

    model = Price
    form = PriceForm
    autocomplete_fields = ("currency", "source")
    extra = 0


@admin.register(Offer)
class OfferAdmin(SheetAdmin):
    """Offers with their prices."""

    form = FieldForm
    sheet_fields = (
        "region",
        "context_tokens",
        "status",
        "deprecated_on",
        "note",
        "source",
    )

    list_display = ("model", "host", "host_model_id", "region", "status", "deprecated_on")
    list_filter = ("status", "region", "host__kind", "host")
    list_select_related = ("model", "host")
    search_fields = ("model__name", "host__name", "host_model_id")
    autocomplete_fields = ("model", "host", "source")
    inlines = (PriceInline,)
    change_form_template = "admin/catalog/offer_form.html"

    def get_urls(self) -> list[Any]:
        """Add the page on which a price changes."""
        view = self.admin_site.admin_view(partial(new_price_view, self))
        name = "catalog_offer_new_price"
        return [path("<int:pk>/new-price/", view, name=name), *super().get_urls()]


@admin.register(Price)
class PriceAdmin(SheetAdmin):
    """All prices, to find what is scheduled or old."""

    form = PriceForm
    change_form_template = "admin/catalog/price_form.html"
    sheet_fields = (
        "valid_until",
        "currency",
        "input",
        "output",
        "cached",
        "cache_write",
        "cache_write_1h",
        "batch_in",
        "batch_out",
        "batch_cached",
        "note",
        "source",
    )

    list_display = (
        "offer",
        "valid_from",
        "valid_until",
        "above_tokens",
        "input",
        "output",
        "currency",
    )
    list_filter = ("source", "currency", "valid_from")
    list_select_related = ("offer__model", "offer__host", "currency")
    search_fields = ("offer__model__name", "offer__host__name", "offer__host_model_id")
    autocomplete_fields = ("offer", "currency", "source")


@admin.register(ExchangeRate)
class ExchangeRateAdmin(AuditedAdmin):
    """The rates by which prices in other currencies are shown in US dollars."""

    list_display = ("currency", "usd_per_unit", "date", "source")
    list_select_related = ("source",)
    search_fields = ("currency",)
    autocomplete_fields = ("source",)
