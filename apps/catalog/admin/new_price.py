"""'New price from …': the list that was in force ends, and its copy with other numbers begins."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.forms.models import modelform_factory
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from apps.catalog.admin.forms import PriceForm
from apps.catalog.models import Offer, Price, Source
from apps.catalog.models.offers import PRICES
from apps.catalog.price_lists import in_force
from apps.common.today import today
from apps.editing import audit, effects
from apps.editing.fields import DayField, formfield

_DAY = timedelta(days=1)
_StepForm: Any = modelform_factory(
    Price, form=PriceForm, fields=PRICES, formfield_callback=formfield
)


class StartForm(forms.Form):
    """From when the new price holds, and who says so."""

    starts = DayField(label="New price from", help_text="The first day on which it is asked.")
    source = forms.ModelChoiceField(
        Source.objects.all(), widget=AutocompleteSelect(Price._meta.get_field("source"), admin.site)
    )

    def __init__(self, *args: Any, before: Sequence[Price], **kwargs: Any) -> None:
        """Know the list that ends."""
        super().__init__(*args, **kwargs)
        self.before = before

    def clean_starts(self) -> date:
        """Refuse a day before the list that ends, or one on which a list begins already."""
        starts: date = self.cleaned_data["starts"]
        if starts <= self.before[0].valid_from:
            raise forms.ValidationError(
                f"The price that ends holds from {self.before[0].valid_from:%Y-%m-%d} on: "
                "choose a later day, or correct that price instead."
            )
        if Price.objects.filter(offer=self.before[0].offer, valid_from=starts).exists():
            raise forms.ValidationError("A price begins on this day already: correct that one.")
        return starts


def latest_list(offer: Offer) -> list[Price]:
    """Return the rows of the list in force today, else of the last one; none where there is none.

    Each is loaded with what a page says of it.
    """
    rows = list(offer.prices.select_related("offer__model", "offer__host", "source"))
    last = max((row.valid_from for row in rows), default=None)
    return in_force(rows, today()) or [row for row in rows if row.valid_from == last]


def new_price_view(model_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the numbers of a new price, and write them."""
    offer = get_object_or_404(Offer.objects.select_related("model", "host"), pk=pk)
    if not model_admin.has_change_permission(request, offer):
        raise PermissionDenied
    before = latest_list(offer)
    if not before:
        messages.warning(request, "This offer has no price yet: add the first one here.")
        return HttpResponseRedirect(reverse("admin:catalog_offer_change", args=[pk]))
    posted = request.POST or None
    initial = {"starts": today(), "source": before[0].source}
    start = StartForm(posted, initial=initial, before=before)
    # A step is told apart by its length; its form compares with the row that ends.
    steps = [_StepForm(posted, instance=row, prefix=f"step{row.above_tokens}") for row in before]
    # Each is asked, so that each tells what is wrong with it.
    valid = [form.is_valid() for form in steps]
    if start.is_valid() and all(valid):
        with effects.told(request, "catalog"):
            _write(request, offer, before, start.cleaned_data, steps)
        messages.success(request, f"The new price of {offer.model} at {offer.host} was saved.")
        return HttpResponseRedirect(reverse("admin:catalog_offer_change", args=[pk]))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"New price: {offer.model} at {offer.host}",
        "opts": model_admin.opts,
        "start": start,
        "steps": steps,
        "media": start.media,
    }
    return TemplateResponse(request, "admin/new_price.html", context)


def _write(
    request: HttpRequest,
    offer: Offer,
    before: Sequence[Price],
    given: dict[str, Any],
    steps: Sequence[Any],
) -> None:
    """End the list the day before, and begin its copy; an announced list after it stays."""
    starts: date = given["starts"]
    later = offer.prices.filter(valid_from__gt=starts).order_by("valid_from").first()
    ends = later.valid_from - _DAY if later else None
    kept = Price.objects.in_bulk([row.pk for row in before])
    told = f"New price from {starts:%Y-%m-%d}."
    with audit.changing([offer], request.user, told):
        for form in steps:
            old = kept[form.instance.pk]
            # A form that nobody touched has cleaned nothing.
            numbers = {name: form.cleaned_data.get(name, getattr(old, name)) for name in PRICES}
            if old.valid_until is None or old.valid_until >= starts:
                old.valid_until = starts - _DAY
                old.save(update_fields=("valid_until",))
            Price.objects.create(
                offer=offer,
                valid_from=starts,
                valid_until=ends,
                above_tokens=old.above_tokens,
                source=given["source"],
                read_on=today(),
                currency=old.currency,
                note=old.note,
                **numbers,
            )
