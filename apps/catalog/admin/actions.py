"""What is done to many models at once, each step shown before it is taken."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.catalog.models import Model, Offer, Source
from apps.common.today import today
from apps.editing import audit
from apps.editing.fields import DayField


class CheckedForm(forms.Form):
    """Where the facts were checked today."""

    source = forms.ModelChoiceField(
        Source.objects.all(),
        required=False,
        widget=AutocompleteSelect(Model._meta.get_field("source"), admin.site),
        help_text="Empty: each model keeps its source. A source that you choose becomes that of "
        "every fact without one of its own. Offers and prices are not touched.",
    )


class RetireForm(forms.Form):
    """When models end, and what replaces them."""

    retirement_date = DayField(
        label="Retired on", help_text="As 2026-11-22. Its offers end on that day, too."
    )
    successor = forms.ModelChoiceField(
        Model.objects.all(), required=False, help_text="Empty: nothing replaces them."
    )

    def __init__(self, *args: Any, retired: QuerySet[Model], **kwargs: Any) -> None:
        """Know the models that are to be retired."""
        super().__init__(*args, **kwargs)
        self.retired = retired

    def clean_successor(self) -> Model | None:
        """Refuse a successor that is retired, or about to be."""
        successor: Model | None = self.cleaned_data["successor"]
        if successor is None:
            return None
        if successor.status_on(today()) == Model.Status.RETIRED:
            raise forms.ValidationError(f"{successor} is retired itself.")
        if successor in self.retired:
            raise forms.ValidationError(f"{successor} is one of those that are retired here.")
        later = successor.later()
        for model in self.retired:
            if model in later:
                raise forms.ValidationError(f"{successor} was itself replaced by {model}.")
        return successor

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        day = self.cleaned_data.get("retirement_date")
        for model in self.retired:
            if day and model.release_date and day < model.release_date:
                released = f"{model.release_date:%-d %B %Y}"
                self.add_error("retirement_date", f"{model} was released later: on {released}.")
        return self.cleaned_data


def mark_checked(model_admin: Any, request: HttpRequest, queryset: QuerySet[Model]) -> Any:
    """Say that the facts of models were compared with a source today."""
    form = CheckedForm(request.POST if "apply" in request.POST else None)
    if form.is_valid():
        source = form.cleaned_data["source"]
        rows = list(queryset)
        told = f"Checked against {source}." if source else "Checked."
        with audit.changing(rows, request.user, told):
            for row in rows:
                row.checked_on, row.source = today(), source or row.source
                row.save(update_fields=("checked_on", "source"))
        model_admin.message_user(request, f"{len(rows)} marked as checked today.", messages.SUCCESS)
        return None
    return _ask(model_admin, request, queryset, form, "mark_checked", "Mark checked today")


def retire(model_admin: Any, request: HttpRequest, queryset: QuerySet[Model]) -> Any:
    """Retire models, with what replaces them."""
    form = RetireForm(request.POST if "apply" in request.POST else None, retired=queryset)
    if form.is_valid():
        rows = list(queryset)
        with audit.changing(rows, request.user, "Retired."):
            for row in rows:
                row.retirement_date = form.cleaned_data["retirement_date"]
                ended = row.retirement_date <= today()
                row.status = Model.Status.RETIRED if ended else Model.Status.DEPRECATED
                row.successor = form.cleaned_data["successor"]
                row.save(update_fields=("retirement_date", "status", "successor"))
                _end_offers(row, row.retirement_date)
        model_admin.message_user(request, f"{len(rows)} retired.", messages.SUCCESS)
        return None
    return _ask(model_admin, request, queryset, form, "retire", "Retire with successor")


def _end_offers(model: Model, day: date) -> None:
    """End what is offered of a model on the day that it ends, unless it ends earlier."""
    for offer in model.offers.exclude(status=Offer.Status.ENDED):
        offer.deprecated_on = min(offer.deprecated_on or day, day)
        offer.status = Offer.Status.ENDED if day <= today() else Offer.Status.DEPRECATED
        offer.save(update_fields=("deprecated_on", "status"))


def _ask(
    model_admin: Any,
    request: HttpRequest,
    queryset: QuerySet[Model],
    form: forms.Form,
    action: str,
    title: str,
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "action": action,
        "form": form,
        "rows": queryset,
        "opts": model_admin.opts,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/ask.html", context)
