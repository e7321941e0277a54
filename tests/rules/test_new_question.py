"""A question is a row: editors add one, and it is asked, without a line of code."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from apps.rules import impact
from apps.rules.models import Choice, Rulebook
from apps.scenarios.models import Scenario
from tests.admin_forms import opened, sent_again, url_of
from tests.visiting import WHOLE, question, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

LATENCY = {
    "order": "19",
    "key": "latency",
    "kind": "choice",
    "title": "How fast must an answer come?",
    "why": "It decides how much the speed of an own machine counts.",
    "missing": "Select how fast an answer must come",
    "short": "Latency",
}
CHOICES = {"seconds": "Within seconds", "instant": "At once"}


def act(editor: Client, action: str, version: Rulebook) -> str:
    return editor.post(
        reverse("admin:rules_rulebook_changelist"),
        {"action": action, "_selected_action": [version.pk]},
        follow=True,
    ).text


def publish(publisher: Client, version: Rulebook) -> str:
    publisher.post(reverse("admin:rules_impact", args=[version.pk]))
    page = reverse("admin:rules_publish", args=[version.pk])
    return publisher.post(page, {"note": "It asks for latency."}, follow=True).text


def added(prefix: str, rows: list[dict[str, str]]) -> dict[str, str]:
    """Return what a form sends for new rows below a row that has none."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return data


def save(editor: Client, row: Model, changes: dict[str, Any]) -> None:
    answer = editor.post(url_of(row), opened(editor, row) | changes)
    assert answer.status_code == 302, answer.text


def add_latency(editor: Client, draft: Rulebook) -> None:
    """Add the question with its choices, and give one of them what it does."""
    add = reverse("admin:rules_question_add")
    choices = [
        {"key": key, "label": label, "order": str(order), "phrase": "answers must come fast"}
        for order, (key, label) in enumerate(CHOICES.items())
    ]
    form = sent_again(editor.get(add).context) | LATENCY | {"rulebook": str(draft.pk)}
    answer = editor.post(add, form | added("choices", choices))
    assert answer.status_code == 302, answer.text
    instant = Choice.objects.get(question__key="latency", key="instant")
    effects = [{"criterion": "speed", "option": "self-onprem", "delta": "5"}]
    save(editor, instant, added("value_effects", effects))


def test_a_new_question_goes_from_a_draft_to_the_wizard(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impact, "SAMPLE", 40)
    editor, visitor = admin_client, Client()
    act(editor, "copy_to_draft", Rulebook.objects.get())
    draft = Rulebook.objects.get(version=2)
    add_latency(editor, draft)

    # The scenarios have to answer it before it can be published.
    publisher = Client()
    publisher.force_login(User.objects.create_superuser("another"))
    assert "does not answer “Latency”" in publish(publisher, draft)
    assert visitor.get(question("latency")).status_code == 404
    for scenario in Scenario.objects.all():
        save(editor, scenario, {"answer_latency": "seconds"})
    scenario = Scenario.objects.get(slug="hybrid")

    # Until then the form marks the answer, and the published rules ignore it.
    assert "latency (draft 2)" in editor.get(url_of(scenario)).text
    assert "latency" not in visitor.get(scenario.get_absolute_url()).text
    assert "latency" not in visitor.get(reverse("wizard:start")).text

    assert "Version 2 is published." in publish(publisher, draft)
    assert "latency (draft" not in editor.get(url_of(scenario)).text
    assert "latency=seconds" in visitor.get(scenario.get_absolute_url()).text

    # The way through the wizard leads to the question, and from it to the result.
    lead = visitor.get(question("priority", WHOLE, next="1"))
    assert lead.status_code == 302
    assert lead["Location"].startswith("/decide/latency/?")
    page = visitor.get(lead["Location"]).text
    assert all(text in page for text in (LATENCY["title"], *CHOICES.values()))
    assert visitor.get(question("latency", WHOLE, next="1")).status_code == 422
    answered = visitor.get(question("latency", WHOLE, latency="instant", next="1"))
    assert answered["Location"] == url("/decide/result/", WHOLE, latency="instant")
    assert "At once" in visitor.get(answered["Location"]).text
    found = visitor.get(url("/decide/result.json", WHOLE, latency="instant")).json()
    assert found["answers"]["latency"] == "instant"
    assert found["rulebook"]["version"] == 2
