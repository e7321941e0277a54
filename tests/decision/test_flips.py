"""What would change the answer is found by trying every change, and nothing else is claimed."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.decision.flips import FlipKind, is_settled
from apps.decision.vocabulary import CRITERIA, UNSURE
from apps.money.options import OPTIONS, Group
from tests import method
from tests.decision.states import SINGLE
from tests.decision.test_uncertainty import BASE, without
from tests.world import World

full_answers = st.fixed_dictionaries({key: st.sampled_from(SINGLE[key]) for key in SINGLE})


def single_changes(answers: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (key, other)
        for key, value in answers.items()
        for other in SINGLE[key]
        if key != "volume" and value != UNSURE and other != value
    ]


def asked(world: World, answers: dict[str, str]) -> dict[str, str]:
    """Leave out what is not asked."""
    return {
        key: value
        for key, value in answers.items()
        if key not in method.ASKED_IF
        or any(
            answers.get(parent, UNSURE) in on.split() for parent, on in method.ASKED_IF[key].items()
        )
    }


@settings(max_examples=25)
@given(answers=full_answers)
def test_every_reported_flip_flips_and_none_is_missing(
    world: World, answers: dict[str, str]
) -> None:
    answers = asked(world, answers)
    decision = world.decide(**answers)
    expected = {}
    for key, other in single_changes(answers):
        changed = world.verdict(**(answers | {key: other}))
        if changed.group is not decision.verdict.group:
            expected[key, other] = changed.group
    found = {
        (a.changes[0].question, a.changes[0].after): a.verdict.group for a in decision.flips.singles
    }
    assert found == expected


@pytest.mark.parametrize("unsure", [("team",), ("traffic", "audience"), ("priority", "deadline")])
def test_flips_hold_with_unsure_answers_too(world: World, unsure: tuple[str, ...]) -> None:
    answers = without(*unsure)
    decision = world.decide(**answers)
    for key, other in single_changes(answers):
        changed = world.verdict(**(answers | {key: other}))
        reported = {(a.changes[0].question, a.changes[0].after) for a in decision.flips.singles}
        assert ((key, other) in reported) is (changed.group is not decision.verdict.group)


def test_a_flip_by_a_must_have_is_told_from_one_by_a_preference(world: World) -> None:
    decision = world.decide(**(BASE | {"stage": "exploring", "deadline": "weeks"}))
    kinds = {(a.changes[0].question, a.changes[0].after): a.kind for a in decision.flips.singles}
    assert decision.verdict.group is Group.CLOSED
    assert kinds["boundary", "own-premises"] is FlipKind.VETO
    assert kinds["training", "own-model"] is FlipKind.PREFERENCE


def test_pairs_are_tried_where_no_single_change_flips(world: World) -> None:
    answers = BASE | {"connection": "never", "boundary": "own-premises", "scope": "all"}
    decision = world.decide(**answers)
    if decision.flips.singles:
        pytest.fail("choose answers that no single change flips")
    assert decision.flips.pairs_searched
    expected = set()
    for first, second in combinations(single_changes(answers), 2):
        if first[0] == second[0]:
            continue
        changed = world.verdict(**(answers | dict([first, second])))
        if changed.group is not decision.verdict.group:
            expected.add(frozenset([first, second]))
    found = {frozenset((c.question, c.after) for c in a.changes) for a in decision.flips.pairs}
    assert found == expected


@pytest.mark.parametrize("volume", ["100", "20000", "3000000"])
@pytest.mark.parametrize("task", ["simple", "documents", "expert", "mixed"])
def test_the_group_changes_at_the_reported_volume_and_not_one_request_before(
    world: World, task: str, volume: str
) -> None:
    answers = BASE | {"task": task, "volume": volume, "stage": "scaling"}
    decision = world.decide(**answers)
    flip = decision.volume_flip
    if flip is None:
        assert decision.volume_searched
        for other in SINGLE["volume"]:
            group = world.verdict(**(answers | {"volume": other})).group
            assert group is decision.verdict.group
        return
    before = flip.volume - 1 if flip.upwards else flip.volume + 1
    at = world.verdict(**(answers | {"volume": str(flip.volume)}))
    assert at.group is flip.group is not decision.verdict.group
    near = world.verdict(**(answers | {"volume": str(before)}))
    assert near.group is decision.verdict.group


@settings(max_examples=30)
@given(answers=full_answers)
def test_the_change_of_a_weight_that_is_reported_ties_the_leader(
    world: World, answers: dict[str, str]
) -> None:
    decision = world.decide(**asked(world, answers))
    points = dict(decision.points)
    for criterion, change, other in decision.close_weights:
        changed = points | {criterion: points[criterion] + change}
        assert changed[criterion] >= -1e-9
        lead, tied = (
            sum(changed[c] * decision.result(o).values[c] for c in CRITERIA)
            for o in (decision.verdict.option, other)
            if o is not None
        )
        assert lead == pytest.approx(tied)
    sizes = [abs(change) for _, change, _ in decision.close_weights]
    assert sizes == sorted(sizes)


@settings(max_examples=25)
@given(
    answers=full_answers, left=st.lists(st.sampled_from(sorted(SINGLE)), max_size=3, unique=True)
)
def test_settled_is_claimed_only_if_every_completion_agrees(
    world: World, answers: dict[str, str], left: list[str]
) -> None:
    known = asked(world, {key: value for key, value in answers.items() if key not in left})
    parsed = world.answers(**known)
    still_open = {
        key for key in left if key != "scope" or "scope" in asked(world, known | {"scope": "all"})
    }
    settled = is_settled(world.tables, parsed, world.pricer, still_open)
    completions: list[dict[str, str]] = [known]
    for key in sorted(still_open):
        completions = [c | {key: value} for c in completions for value in SINGLE[key]]
    leads = {world.verdict(**asked(world, c)).leading for c in completions[:200]}
    if settled:
        assert len(leads) == 1
    elif len(completions) <= 200 and not still_open & {"volume", "size"}:
        assert len(leads) > 1


def test_ask_first_names_the_answer_that_changes_most(world: World) -> None:
    answers = without("training", "team", "audience")
    decision = world.decide(**answers)
    for entry in decision.ask_first:
        leads = [
            world.verdict(**(answers | {entry.question: value})).leading
            for value in SINGLE[entry.question]
        ]
        most = max(leads.count(option) for option in leads)
        assert entry.share == pytest.approx(1 - most / len(leads))
    assert [e.share for e in decision.ask_first] == sorted(
        (e.share for e in decision.ask_first), reverse=True
    )


@settings(max_examples=25)
@given(answers=full_answers)
def test_the_lines_of_each_comparison_sum_to_its_difference(
    world: World, answers: dict[str, str]
) -> None:
    decision = world.decide(**asked(world, answers))
    for result in decision.options:
        assert sum(result.contributions.values()) == pytest.approx(result.score, abs=1e-9)
    for comparison in decision.comparisons:
        assert sum(line.points for line in comparison.lines) == pytest.approx(
            comparison.difference, abs=1e-9
        )
        for line in comparison.lines:
            assert line.points == pytest.approx(
                line.weight * (line.value - line.other_value), abs=1e-9
            )
    assert {c.other for c in decision.comparisons} == {
        r.option for r in decision.options if r.feasible and r.option is not decision.verdict.option
    }
    assert len(decision.options) == len(OPTIONS)
