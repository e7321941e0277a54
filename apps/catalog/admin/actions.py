"""What is done to many models at once, each step shown before it is taken."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.catalog.models import Model, Source
from apps.common.today import today
from apps.editing import audit


class CheckedForm(forms.Form):
    """Where the facts were checked today."""

    source = forms.ModelChoiceField(
        Source.objects.all(), help_text="Where the facts were compared today."
    )


class RetireForm(forms.Form):
    """When models end, and what replaces them."""

    retirement_date = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}), label="Retired on"
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


def mark_checked(admin: Any, request: HttpRequest, queryset: QuerySet[Model]) -> Any:
    """Say that the facts of models were compared with a source today."""
    form = CheckedForm(request.POST if "apply" in request.POST else None)
    if form.is_valid():
        source = form.cleaned_data["source"]
        rows = list(queryset)
        with audit.changing(rows, request.user, f"Checked against {source}."):
            for row in rows:
                row.checked_on, row.source = today(), source
                row.save(update_fields=("checked_on", "source"))
        admin.message_user(request, f"{len(rows)} marked as checked today.", messages.SUCCESS)
        return None
    return _ask(admin, request, queryset, form, "mark_checked", "Mark checked today")


def retire(admin: Any, request: HttpRequest, queryset: QuerySet[Model]) -> Any:
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
        admin.message_user(request, f"{len(rows)} retired.", messages.SUCCESS)
        return None
    return _ask(admin, request, queryset, form, "retire", "Retire with successor")


def _ask(
    admin: Any,
    request: HttpRequest,
    queryset: QuerySet[Model],
    form: forms.Form,
    action: str,
    title: str,
) -> HttpResponse:
    context = {
        **admin.admin_site.each_context(request),
        "title": title,
        "action": action,
        "form": form,
        "rows": queryset,
        "opts": admin.opts,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/ask.html", context)
