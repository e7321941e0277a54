"""The editors' side: every table can be listed, opened and corrected."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.scenarios.models import EvidenceNote, Scenario
from tests.factories import EvidenceNoteFactory

pytestmark = pytest.mark.django_db

TABLES = ["scenario", "definition", "tradeoff", "hybridpattern", "takeaway", "statement"]


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


def form_of(note: EvidenceNote, **changes: str) -> dict[str, str]:
    """Return what the browser sends when a scenario with one note is saved."""
    scenario = note.scenario
    source = ("source_title", "source_url", "source_date", "checked_on")
    own = ("title", "slug", "order", "summary", "situation", "winner", "why", "when_not")
    form = {name: str(getattr(scenario, name)) for name in (*own, *source)}
    form |= {f"evidence-0-{n}": str(getattr(note, n)) for n in ("order", "text", "basis", *source)}
    form |= {
        "answers": '{"stage": "scaling"}',
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
    changes = {"winner": "Hybrid", "evidence-0-text": "Corrected."}
    assert admin_client.post(url, form_of(note, **changes)).status_code == 302
    assert Scenario.objects.get().winner == "Hybrid"
    assert EvidenceNote.objects.get().text == "Corrected."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"answers": '{"colour": "blue"}'}, "“colour” is not a question of the wizard."),
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
