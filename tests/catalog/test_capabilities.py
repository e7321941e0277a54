"""What a model can do: the line of the index that stands for it, on the scale of one day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.catalog.compile import current_market
from apps.money.market import Capability, CapabilityGrade
from tests import factories

pytestmark = pytest.mark.django_db

OLD, NEW = date(2025, 12, 19), date(2026, 10, 1)
TODAY = date(2026, 11, 22)


def capability(day: date = TODAY) -> Capability | None:
    """Return the capability of the only model; None where the market leaves it out."""
    return next((c.capability for c in current_market(day).candidates), None)


def graded(**values: object) -> None:
    """Make a model of the market with a row of capability."""
    factories.CapabilityFactory.create(**values)


def test_the_line_that_stands_for_a_model_is_its_capability() -> None:
    factories.IndexScoreFactory.create(
        name="Line", snapshot=NEW, eci=150.0, ci_low=148.0, ci_high=153.0
    )
    graded(index_name="Line", note="Highest effort.")
    assert capability() == Capability(
        150.0, 148.0, 153.0, CapabilityGrade.EXACT, "Line", NEW, "Highest effort."
    )


@pytest.mark.parametrize(
    ("day", "eci"),
    [
        pytest.param(date(2024, 5, 13), 140.0, id="before the first snapshot: the first"),
        pytest.param(OLD, 140.0, id="the day of the first"),
        pytest.param(date(2026, 9, 30), 145.0, id="between both: the second knows its models"),
        pytest.param(NEW, 145.0, id="the day of the second"),
        pytest.param(date(2027, 6, 1), 145.0, id="later: the newest"),
    ],
)
def test_a_day_is_measured_by_the_snapshot_that_knows_its_models(day: date, eci: float) -> None:
    for snapshot, value in ((OLD, 140.0), (NEW, 145.0)):
        factories.IndexScoreFactory.create(
            name="Line", snapshot=snapshot, eci=value, ci_low=None, ci_high=None
        )
    graded(index_name="Line")
    found = capability(day)
    assert found is not None
    assert found.eci == eci


def test_scores_of_two_snapshots_are_never_mixed() -> None:
    factories.IndexScoreFactory.create(name="Line", snapshot=NEW)
    factories.IndexScoreFactory.create(name="Other", snapshot=OLD)
    graded(index_name="Line")
    assert capability(OLD) is None


def test_without_a_row_or_a_line_nothing_is_known() -> None:
    factories.ModelFactory.create()
    graded(index_name="No such line")
    assert capability() is None


def test_a_line_of_the_predecessor_counts_as_it_is() -> None:
    factories.IndexScoreFactory.create(name="Before", eci=150.0, ci_low=140.0, ci_high=160.0)
    graded(index_name="Before", grade="predecessor")
    found = capability()
    assert found is not None
    assert (found.grade, found.stands_for) == (CapabilityGrade.PREDECESSOR, "Before")
    assert found.counted == 150.0


def test_an_estimate_counts_at_its_low_end() -> None:
    graded(
        index_name="", grade="estimated", estimate=140.0, estimate_low=133.0, estimate_high=147.0
    )
    found = capability()
    assert found is not None
    assert (found.eci, found.low, found.high, found.stands_for) == (140.0, 133.0, 147.0, "")
    assert found.counted == 133.0


def test_an_estimate_without_an_interval_counts_as_it_is() -> None:
    graded(index_name="", grade="estimated", estimate=140.0)
    found = capability()
    assert found is not None
    assert found.counted == 140.0


@pytest.mark.parametrize("interval", [(141.0, 147.0), (133.0, 139.0), (133.0, None)])
def test_an_estimate_lies_within_its_interval(interval: tuple[float, float | None]) -> None:
    row = factories.CapabilityFactory.build(
        model=factories.ModelFactory.create(),
        source=factories.SourceFactory.create(),
        index_name="",
        grade="estimated",
        estimate=140.0,
        estimate_low=interval[0],
        estimate_high=interval[1],
    )
    with pytest.raises(ValidationError, match="within its interval"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
