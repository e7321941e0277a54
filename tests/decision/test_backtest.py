"""Decisions beside advice: agreement is of groups, and the reason is the exact difference."""

from collections.abc import Collection

import pytest

from apps.decision.backtest import Advice, Agreement, advise, agreement_of, ruled_out
from apps.decision.decide import decide
from apps.money.options import Group
from tests.world import World

PROTOTYPE = {"boundary": "contract", "connection": "always", "deadline": "weeks", "team": "nobody"}
AT_SEA = {"connection": "never", "boundary": "any-vendor"}


def advice(world: World, acceptable: Collection[Group], **given: str) -> Advice:
    return advise(world.tables, world.pricer.market, world.answers(**given), acceptable)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (Group.OPEN, Agreement.AGREES),
        (Group.HYBRID, Agreement.AGREES),
        (Group.CLOSED, Agreement.DIFFERS),
        (None, Agreement.NONE),
    ],
)
def test_each_acceptable_group_agrees(group: Group | None, expected: Agreement) -> None:
    assert agreement_of(group, (Group.OPEN, Group.HYBRID)) is expected


def test_the_advice_is_the_verdict_of_the_same_answers(world: World) -> None:
    decision = decide(world.tables, world.answers(**PROTOTYPE), world.pricer)
    found = advice(world, [Group.CLOSED], **PROTOTYPE)
    assert found.verdict == decision.verdict
    assert found.day == world.pricer.market.as_of


@pytest.mark.parametrize("chosen", [Group.CLOSED, Group.OPEN])
def test_a_difference_is_told_against_the_other_side(world: World, chosen: Group) -> None:
    found = advice(world, [chosen], **PROTOTYPE)
    assert found.against is not None
    assert (found.against.other.group is chosen) is (found.agreement is Agreement.DIFFERS)
    lines = sum(line.points for line in found.against.lines)
    assert lines == pytest.approx(found.against.difference, abs=1e-9)


def test_where_the_answers_leave_one_group_there_is_nothing_to_compare(world: World) -> None:
    found = advice(world, [Group.OPEN], **AT_SEA)
    assert found.against is None
    assert ruled_out(found, Group.CLOSED)
    assert not ruled_out(found, Group.OPEN)
