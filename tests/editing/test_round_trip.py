"""Whatever is deleted comes back whole, or what uses it is named: for every table of the admin."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import serializers
from django.db import transaction
from django.test import Client
from django.urls import reverse

from apps.catalog.models import Modality
from apps.editing.audited import AuditedAdmin
from apps.rules import publishing
from apps.rules.models import Rulebook, Status, Versioned
from tests.admin_forms import url_of
from tests.recorded import versions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

TABLES = sorted(
    (table for table, one in admin.site._registry.items() if isinstance(one, AuditedAdmin)),
    key=lambda table: table._meta.label,
)


def dump() -> set[str]:
    """Return every row of what editors edit, with its links.

    The catalog's version and who edited a draft last are no content: they follow each edit.
    """
    tables = [
        table
        for label in ("catalog", "prices", "rules", "scenarios")
        for table in apps.get_app_config(label).get_models()
        if table._meta.label not in {"catalog.CatalogVersion", "rules.Provenance"}
    ]
    return {
        serializers.serialize("json", [row])
        for table in tables
        for row in table._base_manager.all()
    }


def first(table: type[Any]) -> Any:
    """Return a row that may be deleted: of the rules, one of a draft."""
    if issubclass(table, Versioned):
        if not Rulebook.objects.drafts().exists():
            publishing.copy_to_draft(Rulebook.objects.get())
        return table._default_manager.filter(**{table.path("status"): Status.DRAFT}).last()
    return table._default_manager.order_by("pk").last()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.label)
def test_what_is_deleted_comes_back_whole_or_is_refused(
    table: type[Any], admin_client: Client
) -> None:
    with transaction.atomic():
        row = first(table)
        before = dump()
        page = admin_client.post(url_of(row, "delete"), {"post": "yes"})
        if page.status_code == 200:
            assert page.context["protected"]
            assert dump() == before
        else:
            version = versions(row)[-1]
            names = f"admin:{table._meta.app_label}_{table._meta.model_name}_recover"
            admin_client.post(reverse(names, args=[version.pk]))
            assert dump() == before
        transaction.set_rollback(True)


def test_a_kind_of_input_in_use_is_not_deleted(admin_client: Client) -> None:
    text = Modality.objects.get(slug="text")
    reads = text.read_by.count()
    user = str(text.read_by.all()[0])
    page = admin_client.post(url_of(text, "delete"), {"post": "yes"})
    assert page.status_code == 200
    assert f"Model: {user}" in page.text
    action = {"action": "delete_selected", "_selected_action": [text.pk], "post": "yes"}
    admin_client.post(reverse("admin:catalog_modality_changelist"), action)
    assert text.read_by.count() == reads > 0


def test_the_slug_of_a_kind_of_input_stays(admin_client: Client) -> None:
    text = Modality.objects.get(slug="text")
    form = admin_client.get(url_of(text)).context["adminform"].form
    assert "slug" not in form.fields
