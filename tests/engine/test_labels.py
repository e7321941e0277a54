"""Every key that a page may meet has its words."""

from dataclasses import fields

import pytest

from apps.catalog.models import Model, TierGrade
from apps.catalog.pages.labels import RIGHTS, yes_no
from apps.engine import labels
from apps.money.market import Rights
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


@pytest.mark.parametrize("grade", TierGrade.Grade)
def test_a_grade_reads_alike_within_a_sentence(grade: TierGrade.Grade) -> None:
    assert labels.grade(closed(tier_grade=grade.value)) == str(grade.label).lower()


def test_tiers_are_told_by_what_a_model_can_be_trusted_with() -> None:
    assert [labels.tier(number) for number in (1, 2, 3, 4)] == [
        "routine",
        "solid",
        "strong",
        "frontier",
    ]


@pytest.mark.parametrize(("value", "word"), [(True, "Yes"), (False, "No"), (None, None)])
def test_what_is_not_known_is_neither_yes_nor_no(value: bool | None, word: str | None) -> None:
    assert yes_no(value) == word
