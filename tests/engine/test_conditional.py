"""Who has a page is told that it is still the same, before anything is computed for it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from apps.catalog.models import Model
from apps.common import today
from apps.common.rows import unlocked
from apps.engine import conditional
from apps.money.cache import Latest, old_served
from apps.rules import publishing
from apps.rules.models import Rulebook, new_token
from apps.scenarios.models import Definition, Scenario

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

PAGES = [
    "/",
    "/decide/",
    "/decide/stage/",
    "/decide/result/?boundary=own-cloud",
    "/decide/result.json?boundary=own-cloud",
    "/how-it-works/",
    "/how-it-works/gap/",
    "/costs/",
    "/costs.json",
    "/costs.csv",
    "/models/",
    "/models/gpt-oss-120b/",
    "/models/compare/?m=gpt-oss-120b&m=gpt-4o",
    "/models/hosts/",
    "/scenarios/",
    "/scenarios/edge-offline/",
    "/guide/",
]
ROOT = Path(__file__).parents[2]
HX = {"hx-request": "true"}


def tag_of(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers)["ETag"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_did_not_change_costs_one_query(client: Client, address: str) -> None:
    first = client.get(address)
    assert first["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, len(queries)) == (304, b"", 1)
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]


def test_what_a_compressed_page_is_tagged_with_counts_too(client: Client) -> None:
    compressed = client.get("/", headers={"accept-encoding": "gzip"})
    assert compressed["ETag"].startswith("W/")
    headers = {"accept-encoding": "gzip", "if-none-match": compressed["ETag"]}
    assert client.get("/", headers=headers).status_code == 304


def test_a_part_is_not_the_page(client: Client) -> None:
    page, part = tag_of(client, "/models/"), tag_of(client, "/models/", **HX)
    assert page != part
    assert client.get("/models/", headers=HX | {"if-none-match": page}).status_code == 200
    vary = client.get("/models/", headers=HX | {"if-none-match": part})["Vary"]
    assert {"HX-Request", "HX-History-Restore-Request"} <= set(vary.split(", "))


def renamed() -> None:
    Model.objects.filter(slug="gpt-4o").update(name="Another name")


def reworded() -> None:
    Definition.objects.update(source_title="Another source")


def retitled() -> None:
    row = Scenario.objects.first()
    assert row is not None
    row.title = "Another title"
    row.save()


def another_state_of_the_rules() -> None:
    with unlocked():
        Rulebook.objects.published().update(token=new_token())


@pytest.mark.parametrize("edit", [renamed, reworded, retitled, another_state_of_the_rules])
def test_after_an_edit_every_page_has_another_tag(client: Client, edit: Callable[[], None]) -> None:
    before = {address: tag_of(client, address) for address in PAGES[:3]}
    edit()
    assert not {address for address, tag in before.items() if tag_of(client, address) == tag}


def test_on_another_day_it_has_another_tag(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before, tomorrow = tag_of(client, "/guide/"), today.today() + timedelta(days=1)
    monkeypatch.setattr(conditional, "today", lambda: tomorrow)
    assert tag_of(client, "/guide/") != before


def test_other_code_has_another_tag(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tag_of(client, "/guide/")
    monkeypatch.setattr(conditional, "code_version", lambda: "another")
    assert tag_of(client, "/guide/") != before


def test_the_code_is_named_by_what_it_is_made_of() -> None:
    names = {path.name for path in conditional._sources(ROOT)}
    assert {"conditional.py", "guide.html", "openweigh.css", "settings.py", "app.txt"} <= names


@pytest.mark.parametrize(
    "address", ["/costs/?volume=many", "/no-such-page/", "/healthz", "/robots.txt", "/admin/login/"]
)
def test_what_is_no_public_page_has_no_tag(client: Client, address: str) -> None:
    response = client.get(address)
    assert "ETag" not in response
    assert "max-age=60" not in response.get("Cache-Control", "")


def test_an_editor_sees_each_edit_at_once(client: Client) -> None:
    client.force_login(User.objects.create_superuser("ada"))
    assert client.get("/models/")["Cache-Control"] == "private, no-cache"


def test_the_preview_of_a_draft_is_not_kept(client: Client) -> None:
    draft = publishing.copy_to_draft(Rulebook.objects.get())
    client.force_login(User.objects.create_superuser("ada"))
    response = client.get(f"/rules/{draft.version}/guide/")
    assert response.status_code == 200
    assert "ETag" not in response
    assert response["Cache-Control"] == "private, no-store"


def test_a_developer_gets_no_tag(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    assert "ETag" not in client.get("/guide/")


def test_an_old_page_shown_while_the_new_one_is_made_has_no_tag(rf: RequestFactory) -> None:
    kept = Latest[None, str](1_000)
    kept.get(None, "old", lambda: "old page")
    is_begun, may_end = Event(), Event()

    def make() -> str:
        is_begun.set()
        may_end.wait()
        return "new page"

    maker = Thread(target=kept.get, args=(None, "new", make))
    maker.start()
    is_begun.wait()
    request = rf.get("/guide/")
    vars(request)["_tag"] = '"new"'
    try:
        middleware = conditional.ConditionalMiddleware(
            lambda request: HttpResponse(kept.get(None, "new", make))
        )
        response = middleware(request)
        assert (response.getvalue(), "ETag" in response) == (b"old page", False)
    finally:
        may_end.set()
        maker.join()
    response = middleware(request)
    assert (response.getvalue(), response["ETag"]) == (b"new page", '"new"')
    assert not old_served.get()
