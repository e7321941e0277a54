"""What an editor types in the rules is read as a person means it, or refused where it stands."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.common.today import today
from apps.rules import publishing
from apps.rules.models import ChoiceParameter, PointEffect, Question, Rulebook
from tests.admin_forms import opened, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def draft() -> Rulebook:
    return publishing.copy_to_draft(Rulebook.objects.get())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("10,000 100000", "10000 100000"),
        ("10k 100k", "10000 100000"),
        ("10,000, 100,000", "10000 100000"),
    ],
)
def test_states_are_read_as_people_write_numbers(
    admin_client: Client, draft: Rulebook, typed: str, kept: str
) -> None:
    volume = Question.objects.get(rulebook=draft, key="volume")
    assert refused(admin_client, volume, states=typed) == ""
    volume.refresh_from_db()
    assert volume.states == kept


@pytest.mark.parametrize("typed", ["10 abc", "1.5", "10.000", "0", "1e12", "-5"])
def test_states_that_no_page_can_take_are_refused_where_they_are_typed(
    admin_client: Client, draft: Rulebook, typed: str
) -> None:
    volume = Question.objects.get(rulebook=draft, key="volume")
    page = refused(admin_client, volume, states=typed)
    assert 'id="id_states_error"' in page
    volume.refresh_from_db()
    assert volume.states == "1000 10000 100000 1000000 10000000"


def test_an_absurd_size_is_refused_where_it_is_typed(admin_client: Client, draft: Rulebook) -> None:
    row = ChoiceParameter.objects.filter(
        choice__question__rulebook=draft, parameter="tokens-in"
    ).select_related("choice")[0]
    data = opened(admin_client, row.choice)
    fields = {n: "1e12" for n, v in data.items() if n.endswith("-value") and v == row.value}
    page = refused(admin_client, row.choice, **fields)
    assert "from 0 to 10,000,000" in page


def test_an_absurd_importance_is_refused_where_it_is_typed(
    admin_client: Client, draft: Rulebook
) -> None:
    row = PointEffect.objects.filter(choice__question__rulebook=draft).select_related("choice")[0]
    page = refused(admin_client, row.choice, **{"point_effects-0-points": "1e300"})
    assert "from 0 to 10" in page


def test_dates_of_the_rules_are_not_to_come(admin_client: Client, draft: Rulebook) -> None:
    data = opened(admin_client, draft)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    field = next(n for n in data if n.startswith("criterion_texts") and n.endswith("as_of"))
    assert "This day is still to come." in refused(admin_client, draft, **{field: tomorrow})
