"""What was recorded of rows, and the way back in the admin."""

from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse
from reversion.models import Version

from tests.admin_forms import url_of


def versions(row: Model) -> list[Any]:
    """Return what was recorded of a row, the first first."""
    return list(Version.objects.get_for_object(row).order_by("pk").select_related("revision__user"))


def comments(row: Model) -> list[tuple[str, str]]:
    """Return who recorded a row, and the comment."""
    return [
        (str(version.revision.user or "–"), version.revision.comment) for version in versions(row)
    ]


def version_url(row: Model, version: Any) -> str:
    """Return the address of a state of a row."""
    return f"{url_of(row, 'history')}{version.pk}/"


def put_back(client: Client, row: Model, version: Any) -> str:
    """Put a state of a row back, and return the page that follows."""
    url = version_url(row, version)
    assert 'value="Put back"' in client.get(url).text
    return client.post(url, follow=True).text


def recover(client: Client, table: type[Model], name: str) -> str:
    """Bring a row back that was deleted, and return the page that follows."""
    names = f"admin:{table._meta.app_label}_{table._meta.model_name}"
    page = client.get(reverse(f"{names}_deleted"))
    (version,) = (one for one in page.context["deleted"] if one.object_repr == name)
    url = reverse(f"{names}_recover", args=[version.pk])
    assert url in page.text
    assert 'value="Put back"' in client.get(url).text
    return client.post(url, follow=True).text
