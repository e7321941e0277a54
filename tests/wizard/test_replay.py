"""The wizard with a retired version for all, and with a draft for editors."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from apps.rules import publishing
from apps.rules.models import Question, Rulebook, VetoEffect
from tests.editors import LogIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

# No fact of the rules is of a later day.
TODAY = date(2026, 11, 25)
QUERY = "boundary=own-premises&scope=all&stage=scaling&task=simple"


@pytest.fixture
def draft() -> Rulebook:
    """A draft in which data may leave the premises after all."""
    draft = publishing.copy_to_draft(Rulebook.objects.get())
    VetoEffect.objects.filter(choice__question__rulebook=draft, choice__key="own-premises").delete()
    Question.objects.filter(rulebook=draft, key="stage").update(title="Where are you now?")
    return draft


def published(draft: Rulebook) -> None:
    keys = ("closed-api", "hosted-open", "hybrid", "self-cloud")
    confirmed = frozenset(f"boundary:own-premises:{key}" for key in keys)
    publishing.publish(draft, TODAY, publishing.Approval("Looser.", confirmed=confirmed))


def verdict(page: Any) -> object:
    """Return what a result says, without the links that lead on from it."""
    return replace(page.context["page"].verdict, deciding=())


def test_a_draft_is_the_real_wizard_for_editors_alone(log_in: LogIn, draft: Rulebook) -> None:
    path = f"/rules/{draft.version}/decide/"
    assert log_in("anonymous").get(path).status_code == 404
    assert log_in("staff").get(path).status_code == 404
    editor = log_in("editor")
    page = editor.get(f"{path}stage/")
    assert "Where are you now?" in page.text
    assert "Preview of the draft of version 2" in page.text
    assert 'href="/decide/stage/"' in page.text
    assert f'action="{path}stage/"' in page.text
    assert page["Cache-Control"] == "private, no-store"
    onward = editor.get(f"{path}stage/?next=1&stage=scaling")
    assert onward["Location"] == f"{path}boundary/?stage=scaling"
    assert "Where are you now?" not in editor.get("/decide/stage/").text


def test_a_draft_is_shown_as_it_is_now(log_in: LogIn, draft: Rulebook) -> None:
    editor = log_in("editor")
    path = f"/rules/{draft.version}/decide/stage/"
    assert "Where are you now?" in editor.get(path).text
    Question.objects.filter(rulebook=draft, key="stage").update(title="And now?")
    assert "And now?" in editor.get(path).text


def test_a_result_is_replayed_with_its_version(client: Client, draft: Rulebook) -> None:
    then = verdict(client.get(f"/decide/result/?{QUERY}"))
    published(draft)
    now = client.get(f"/decide/result/?{QUERY}")
    replay = client.get(f"/rules/1/decide/result/?{QUERY}")
    assert verdict(replay) == then != verdict(now)
    assert "This was decided with version 1 of the rules" in replay.text
    assert f'href="/decide/result/?{QUERY.replace("&", "&amp;")}"' in replay.text
    assert "Rules version 1" in replay.text
    assert "Rules version 2" in now.text
    assert not replay.cookies


def test_what_is_published_is_replayed_without_a_notice(client: Client) -> None:
    page = client.get("/rules/1/decide/")
    assert page.status_code == 200
    assert 'id="replayed"' not in page.text


@pytest.mark.parametrize("path", ["/rules/9/", "/rules/0/", "/rules/x/", "/rules/99999999999/"])
def test_a_version_that_is_not_there_is_no_page(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_static_files_keep_their_address_below_a_version(client: Client) -> None:
    assert 'href="/static/css/openweigh.css"' in client.get("/rules/1/decide/").text
    assert 'href="/static/css/openweigh.css"' in client.get("/decide/").text


def test_a_result_links_itself_with_its_version(client: Client) -> None:
    page = client.get(f"/decide/result/?{QUERY}")
    assert "/rules/1/decide/result/?" in page.text


def test_every_version_is_listed_with_what_changed(client: Client, draft: Rulebook) -> None:
    assert "Version 2" not in client.get("/how-it-works/versions/").text
    published(draft)
    page = client.get("/how-it-works/versions/").text
    assert "Looser." in page
    assert "/rules/1/decide/" in page
    assert 'href="/how-it-works/versions/2/"' in page
    assert "rules out Closed API" in client.get("/how-it-works/versions/2/").text
    assert "It is the first one." in client.get("/how-it-works/versions/1/").text
    assert client.get("/how-it-works/versions/3/").status_code == 404
