"""What the database refuses, and the sentence that an editor reads."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from apps.scenarios.models import EvidenceNote, Scenario
from tests.factories import (
    DefinitionFactory,
    EvidenceNoteFactory,
    FurtherSourceFactory,
    HybridPatternFactory,
    PublishedDecisionFactory,
    ScenarioFactory,
    SourcedFactory,
    StatementFactory,
    TakeawayFactory,
    TradeOffFactory,
)

pytestmark = pytest.mark.django_db

SOURCED = [
    ScenarioFactory,
    EvidenceNoteFactory,
    PublishedDecisionFactory,
    FurtherSourceFactory,
    DefinitionFactory,
    TradeOffFactory,
    HybridPatternFactory,
    TakeawayFactory,
    StatementFactory,
]
NOTES = (EvidenceNoteFactory, FurtherSourceFactory)
SLUGGED = [factory for factory in SOURCED if factory not in NOTES]


@pytest.mark.parametrize("factory", SOURCED)
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("source_title", "", "Name the source."),
        (
            "source_url",
            "ftp://source.example/",
            "The source's address must begin with https:// or http://.",
        ),
        ("source_date", "", "Date the source: 2024, 2024-04 or 2024-04-30."),
        ("source_date", "last year", "Date the source: 2024, 2024-04 or 2024-04-30."),
    ],
)
def test_every_row_has_a_source_and_its_date(
    factory: type[SourcedFactory[Model]], field: str, value: str, sentence: str
) -> None:
    row = factory.create()
    setattr(row, field, value)
    with pytest.raises(ValidationError) as caught:
        row.validate_constraints()
    assert sentence in caught.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize("factory", SOURCED)
@pytest.mark.parametrize("field", ["source_title", "source_url", "source_date", "checked_on"])
def test_no_part_of_a_source_is_null(factory: type[SourcedFactory[Model]], field: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factory.create(**{field: None})


@pytest.mark.parametrize("factory", SLUGGED)
def test_a_slug_names_one_row(factory: type[SourcedFactory[Model]]) -> None:
    factory.create(slug="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        factory.create(slug="same")


@pytest.mark.parametrize(
    ("factory", "field", "value", "sentence"),
    [
        (ScenarioFactory, "winner", "Both", "The winner is Closed, Open or Hybrid."),
        (ScenarioFactory, "winner", "", "The winner is Closed, Open or Hybrid."),
        (ScenarioFactory, "answers", {}, "Give the answers that lead to the winner."),
        (EvidenceNoteFactory, "basis", "rumour", "A note is a fact or a judgement."),
        (TradeOffFactory, "side", "hybrid", "A trade-off belongs to one of the two sides."),
        (TradeOffFactory, "kind", "draw", "A trade-off is an advantage or a disadvantage."),
        (TradeOffFactory, "basis", "rumour", "A trade-off is a fact or a judgement."),
        (TradeOffFactory, "criterion", "taste", "The criterion must be one of the method's nine."),
    ],
)
def test_only_known_words_are_kept(
    factory: type[SourcedFactory[Model]], field: str, value: object, sentence: str
) -> None:
    row = factory.create()
    setattr(row, field, value)
    with pytest.raises(ValidationError) as caught:
        row.validate_constraints()
    assert sentence in caught.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_two_notes_of_a_scenario_cannot_share_a_place() -> None:
    note = EvidenceNoteFactory.create(order=1)
    EvidenceNoteFactory.create(order=1)
    double = EvidenceNoteFactory.build(scenario=note.scenario, order=1)
    with pytest.raises(ValidationError) as caught:
        double.validate_constraints()
    assert caught.value.messages == ["Another note of this scenario has this place."]


def test_a_scenario_takes_its_evidence_with_it() -> None:
    note = EvidenceNoteFactory.create()
    note.scenario.delete()
    assert not EvidenceNote.objects.exists()


def test_rows_are_found_by_their_natural_keys() -> None:
    note = EvidenceNoteFactory.create(scenario__slug="edge", order=3)
    assert Scenario.objects.get_by_natural_key("edge") == note.scenario
    assert note.scenario.natural_key() == ("edge",)
    assert EvidenceNote.objects.get_by_natural_key("edge", 3) == note
    assert note.natural_key() == ("edge", 3)


def test_a_source_without_an_address_is_a_source() -> None:
    row = TakeawayFactory.create(source_url="", checked_on=date(2026, 11, 22))
    row.full_clean()


@pytest.mark.parametrize("value", ["2024-13", "2024-02-30", "24-01", "20240430", "2024-W18", "now"])
def test_a_date_that_is_in_no_calendar_is_refused_in_the_form(value: str) -> None:
    row = TakeawayFactory.create()
    row.source_date = value
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert "source_date" in caught.value.message_dict
