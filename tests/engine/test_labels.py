"""Every key that a page may meet has its words."""

from dataclasses import fields, replace
from datetime import date

import pytest

from apps.catalog.models import Capability as CapabilityRow
from apps.catalog.models import Model
from apps.catalog.pages.labels import RIGHTS, yes_no
from apps.engine import labels
from apps.money.market import Capability, CapabilityGrade, Rights
from apps.money.outlook.totals import Parts
from apps.money.priced import Moves
from apps.money.work import Role
from tests.markets import closed


def test_no_key_is_without_its_words() -> None:
    assert set(labels.ROLES) == set(Role)
    assert set(labels.MOVES) == set(Moves)
    assert set(RIGHTS) == {rights.value for rights in Rights}
    # The amounts of a month are told in the order in which they are added up.
    assert list(labels.PARTS) == [field.name for field in fields(Parts)]


@pytest.mark.parametrize("status", Model.Status)
def test_the_shortlist_and_the_catalog_call_a_status_alike(status: Model.Status) -> None:
    assert labels.status(closed(status=status.value)) == status.label


@pytest.mark.parametrize(
    ("grade", "words"),
    [
        (CapabilityGrade.EXACT, "measured"),
        (CapabilityGrade.PREDECESSOR, "a lower bound, as measured for its predecessor Line"),
        (CapabilityGrade.ESTIMATED, "estimated from another benchmark"),
    ],
)
def test_a_capability_reads_within_a_sentence(grade: CapabilityGrade, words: str) -> None:
    found = Capability(150.4, 148.0, 153.0, grade, "Line", date(2026, 10, 1))
    assert labels.capability(found) == f"ECI 150 (148 to 153), {words}"
    assert labels.capability(replace(found, low=None, high=None)) == f"ECI 150, {words}"
    assert labels.capability(None) == "not measured"


def test_each_grade_of_the_catalog_is_known_to_the_market() -> None:
    assert set(CapabilityRow.Grade) == {grade.value for grade in CapabilityGrade}


@pytest.mark.parametrize(("value", "word"), [(True, "Yes"), (False, "No"), (None, None)])
def test_what_is_not_known_is_neither_yes_nor_no(value: bool | None, word: str | None) -> None:
    assert yes_no(value) == word
