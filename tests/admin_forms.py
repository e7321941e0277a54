"""A form as a browser would send it back."""

from typing import Any

from django.db.models import Model, QuerySet
from django.test import Client
from django.urls import reverse


def url_of(row: Model, page: str = "change") -> str:
    """Return the address of a row's page in the admin."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def opened(client: Client, row: Model) -> dict[str, Any]:
    """Open a row's form and return every field that it would send."""
    return sent_again(client.get(url_of(row)).context)


def refused(client: Client, row: Model, **fields: object) -> str:
    """Save a row with these fields; return the page where it was refused, else nothing."""
    page = client.post(url_of(row), opened(client, row) | fields)
    return page.text if page.status_code == 200 else ""


def sent_again(context: Any) -> dict[str, Any]:
    """Return every field that a form would send as it is shown."""
    data: dict[str, Any] = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(value, QuerySet | list):
                data[bound.html_name] = [getattr(v, "pk", v) for v in value]
            elif value is not None and value is not False:
                data[bound.html_name] = "on" if value is True and bound.name == "DELETE" else value
    return data
