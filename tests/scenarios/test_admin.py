"""The editors' side: every table can be listed, opened and corrected."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.rules import publishing
from apps.rules.models import BaseValue, Rulebook
from apps.scenarios.models import EvidenceNote, PublishedDecision, Scenario
from tests.factories import EvidenceNoteFactory, PublishedDecisionFactory

pytestmark = pytest.mark.django_db

TABLES = [
    "scenario",
    "publisheddecision",
    "definition",
    "tradeoff",
    "hybridpattern",
    "takeaway",
    "statement",
]


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("table", TABLES)
def test_each_table_can_be_listed_and_added_to(admin_client: Client, table: str) -> None:
    assert admin_client.get(reverse(f"admin:scenarios_{table}_changelist")).status_code == 200
    assert admin_client.get(reverse(f"admin:scenarios_{table}_add")).status_code == 200


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("table", TABLES)
def test_each_table_can_be_searched(admin_client: Client, table: str) -> None:
    url = reverse(f"admin:scenarios_{table}_changelist")
    assert admin_client.get(url, {"q": "model"}).status_code == 200


def form_of(note: EvidenceNote, **changes: Any) -> dict[str, Any]:
    """Return what the browser sends when a scenario with one note is saved."""
    scenario = note.scenario
    source = ("source_title", "source_url", "source_date", "checked_on")
    own = ("title", "slug", "order", "summary", "situation", "winner", "why", "when_not")
    form = {name: str(getattr(scenario, name)) for name in (*own, *source)}
    form |= {f"evidence-0-{n}": str(getattr(note, n)) for n in ("order", "text", "basis", *source)}
    form |= {
        **{f"answer_{key}": value for key, value in scenario.answers.items()},
        "evidence-TOTAL_FORMS": "1",
        "evidence-INITIAL_FORMS": "1",
        "evidence-0-id": str(note.pk),
        "evidence-0-scenario": str(scenario.pk),
    }
    return form | changes


@pytest.mark.usefixtures("rules")
def test_a_scenario_and_its_evidence_are_saved_together(admin_client: Client) -> None:
    note = EvidenceNoteFactory.create()
    url = reverse("admin:scenarios_scenario_change", args=[note.scenario.pk])
    changes = {"summary": "Shorter.", "evidence-0-text": "Corrected."}
    assert admin_client.post(url, form_of(note, **changes)).status_code == 302
    assert Scenario.objects.get().summary == "Shorter."
    assert EvidenceNote.objects.get().text == "Corrected."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"link": "https://x.example/?colour=blue"}, "“colour” is not a question of the wizard."),
        ({"source_date": "soon"}, "Enter a date as 2024, 2024-04 or 2024-04-30"),
        ({"evidence-0-source_title": ""}, "This field is required."),
        ({"winner": "Both"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_named_and_not_saved(
    admin_client: Client, changes: dict[str, str], sentence: str
) -> None:
    note = EvidenceNoteFactory.create()
    url = reverse("admin:scenarios_scenario_change", args=[note.scenario.pk])
    response = admin_client.post(url, form_of(note, **changes))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert Scenario.objects.get().answers == note.scenario.answers


def change(client: Client, note: EvidenceNote, **changes: Any) -> str:
    """Save a scenario; return the page where it was refused, else nothing."""
    url = reverse("admin:scenarios_scenario_change", args=[note.scenario.pk])
    page = client.post(url, form_of(note, **changes))
    return page.text if page.status_code == 200 else ""


@pytest.mark.usefixtures("rules")
def test_a_winner_that_the_answers_contradict_is_refused(admin_client: Client) -> None:
    note = EvidenceNoteFactory.create()
    page = change(admin_client, note, winner="Open")
    assert "This scenario would come out as Closed, not Open." in page
    assert Scenario.objects.get().winner == "Closed"


@pytest.mark.usefixtures("rules")
def test_a_scenario_answers_every_question(admin_client: Client) -> None:
    note = EvidenceNoteFactory.create()
    assert "This scenario does not answer “Team”." in change(admin_client, note, answer_team="")


@pytest.mark.usefixtures("rules")
def test_the_computed_winner_stands_beside_the_answers(admin_client: Client) -> None:
    note = EvidenceNoteFactory.create()
    url = reverse("admin:scenarios_scenario_change", args=[note.scenario.pk])
    page = admin_client.get(url)
    assert "Version 1: Closed" in page.text
    assert "Where is your project now?" in page.text
    assert "answers" not in page.context["adminform"].form.fields


@pytest.mark.usefixtures("rules")
def test_the_answers_of_a_link_are_taken(admin_client: Client) -> None:
    note = EvidenceNoteFactory.create()
    query = "&".join(
        f"{key}={value if isinstance(value, str) else value[0]}"
        for key, value in (note.scenario.answers | {"volume": "2,000", "task": "documents"}).items()
    )
    link = f"http://testserver/decide/result/?{query}"
    assert change(admin_client, note, link=link) == ""
    answers = Scenario.objects.get().answers
    assert (answers["volume"], answers["task"], answers["rules"]) == ("2000", "documents", ["none"])


@pytest.mark.usefixtures("rules")
def test_a_winner_of_a_draft_may_be_entered_before_it_is_published(admin_client: Client) -> None:
    note = EvidenceNoteFactory.create()
    draft = publishing.copy_to_draft(Rulebook.objects.get())
    BaseValue.objects.filter(rulebook=draft, option="closed-api").update(value=0)
    assert change(admin_client, note, winner="Open") == ""
    url = reverse("admin:scenarios_scenario_change", args=[note.scenario.pk])
    assert "Version 1: Closed; Draft 2: Open" in admin_client.get(url).text


def test_texts_are_previewed_as_visitors_see_them(admin_client: Client) -> None:
    note = EvidenceNoteFactory.create()
    url = reverse("admin:scenarios_scenario_change", args=[note.scenario.pk])
    assert "fields=situation,why,when_not" in admin_client.get(url).text
    preview = f"{reverse('admin:preview_texts')}?fields=situation,why,when_not"
    sent = form_of(note, why="**Because** of <script>alert(1)</script>")
    page = admin_client.post(preview, sent).text
    assert "<strong>Because</strong> of &lt;script&gt;" in page
    assert Scenario.objects.get().why != sent["why"]


@pytest.mark.usefixtures("rules")
def test_a_decision_may_contradict_the_rules(admin_client: Client) -> None:
    row = PublishedDecisionFactory.create()
    form = {
        name: str(getattr(row, name))
        for name in ("slug", "order", "organisation", "sentence", "decided", "chosen")
    } | {name: str(getattr(row, name)) for name in ("source_title", "source_date", "checked_on")}
    form |= {
        "chosen_group": "Hybrid",
        "confidence": "low",
        "link": "https://x.example/decide/result/?boundary=contract&task=simple&stage=unsure",
        "further_sources-TOTAL_FORMS": "0",
        "further_sources-INITIAL_FORMS": "0",
    }
    url = reverse("admin:scenarios_publisheddecision_change", args=[row.pk])
    assert admin_client.post(url, form).status_code == 302
    saved = PublishedDecision.objects.get()
    assert saved.chosen_group == "Hybrid"
    assert saved.answers["boundary"] == "contract"
    assert "priority" not in saved.answers
