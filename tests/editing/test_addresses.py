"""Who may open which address of the editors' side: every one of them, for everybody."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse

from apps.rules import publishing
from apps.rules.models import Rulebook
from tests.editors import LogIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

# For whoever is signed in to the admin, whatever else they may do.
FOR_STAFF = {
    "preview_texts",
    "index",
    "guide",
    "password_change",
    "password_change_done",
    "jsi18n",
    "app_list",
}
# Reached without having signed in, or after signing out.
FOR_ALL = {"login", "logout"}
APPS = ("catalog", "prices", "rules", "scenarios")


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


def addresses() -> Iterator[tuple[str, str]]:
    """Yield the name and an address of every page, of the first row where it is of a row."""
    publishing.copy_to_draft(Rulebook.objects.get())
    rows = {
        f"{table._meta.app_label}_{table._meta.model_name}": table._default_manager.first()
        for table in admin.site._registry
    }
    for pattern in patterns(admin.site.get_urls()):
        name, arguments = pattern.name, pattern.pattern.converters
        if not name:
            continue
        row = next((row for start, row in rows.items() if name.startswith(f"{start}_")), None)
        if name.startswith("rules_") and row is None:
            row = Rulebook.objects.drafts().get()
        if name.startswith("catalog_offer_new_price"):
            row = rows["catalog_offer"]
        known = {"app_label": "catalog", "version": 1, "content_type_id": 1}
        values = {n: known.get(n) or (row.pk if row else 1) for n in arguments}
        try:
            yield name, reverse(f"admin:{name}", kwargs=values)
        except NoReverseMatch:
            yield name, reverse(f"admin:{name}", args=list(values.values()) or ["catalog"])


def test_nobody_gets_in_without_a_right(log_in: LogIn) -> None:
    anonymous, staff = log_in("anonymous"), log_in("staff")
    found = list(addresses())
    assert len(found) > 190
    for name, url in found:
        if name in FOR_ALL:
            continue
        page = anonymous.get(url)
        assert (page.status_code, page["Location"].split("?")[0]) == (
            302,
            reverse("admin:login"),
        ), name
        posted = anonymous.post(url, {"typed": "x"})
        assert posted.status_code == 403, name
        if name not in FOR_STAFF:
            assert staff.get(url).status_code in {302, 403, 404, 405}, name
            assert staff.post(url, {"typed": "x"}).status_code in {302, 403, 404, 405}, name


def test_an_editor_and_a_publisher_reach_what_is_theirs_and_nothing_breaks(log_in: LogIn) -> None:
    editor, publisher = log_in("editor"), log_in("publisher")
    for name, url in addresses():
        if name in FOR_ALL:
            continue
        for client in (editor, publisher):
            status = client.get(url).status_code
            theirs = name.startswith(APPS) or name in FOR_STAFF
            assert status < 500, name
            if theirs and name.endswith(("_changelist", "_change", "_publish", "_map", "_values")):
                # Where there is no row, Django leads back to the front page.
                assert status in {200, 302}, name
            if name.startswith("auth_"):
                assert status == 403, name
