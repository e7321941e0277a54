"""Scores are those of the method's tables and formulas, computed here a second time."""

from dataclasses import replace
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.decision.scoring import Batch, Said, Scored, Tables
from apps.decision.vocabulary import CRITERIA, Criterion
from apps.money.options import OPTIONS, Option
from apps.money.work import Role
from tests import method
from tests.decision.states import (
    SINGLE,
    OneDearer,
    Recorded,
    every_value,
    said,
    sampled,
    state_of,
    whole_states,
    words,
)
from tests.world import World

_PLACE = {criterion: place for place, criterion in enumerate(CRITERIA)}


def choices(key: str) -> tuple[str, ...]:
    return tuple(method.CHOICES[key].split())


def test_scores_and_winners_are_those_of_the_method(world: World) -> None:
    batch, prices = sampled(world, 600, seed=1), Recorded(world.pricer)
    scored = world.tables.score(batch, prices)
    chosen = prices.chosen
    assert chosen is not None
    for row in range(batch.size):
        state = words(batch, row)
        costs, reference = scored.costs[row].tolist(), float(chosen.yardstick.reference[row])
        stake = float(chosen.cost_points[row]) - 2 * (state["priority"] == "cost")
        expected = method.scores(state, costs, chosen.ratio[row].tolist(), reference, stake)
        assert 0 <= stake <= 3
        assert scored.totals[row] == pytest.approx(expected, abs=1e-9)
        out = method.ruled_out(state)
        assert [not f for f in scored.feasible[row]] == [o.value in out for o in OPTIONS]
        assert OPTIONS[scored.best[row]].value == method.winner(state, expected)


@settings(max_examples=60)
@given(answers=whole_states)
def test_the_value_of_capability_is_that_of_the_models_that_are_priced(
    world: World, answers: dict[str, str]
) -> None:
    state = state_of(world, answers)
    needs = world.tables.needs(state, Said())
    scored = world.tables.score(Batch.of(state, Said()), world.pricer)
    best = method.chance(answers, world.pricer.best_eci)
    changes = dict(zip(method.ORDER, _changes(answers["modality"]), strict=True))
    for place, price in enumerate(world.pricer.detail(needs)):
        solved = {part.role: method.chance(answers, part.eci) / best for part in price.parts}
        if price.option is Option.HYBRID:
            inside = solved.get(Role.INSIDE, 0.0)
            ratio = method.hybrid_ratio(answers, solved[Role.HARD], inside)
        else:
            ratio = solved[Role.ALL]
        assert price.ratio == pytest.approx(ratio)
        expected = min(100.0, max(0.0, 100 * ratio + changes[price.option.value]))
        assert scored.values[_PLACE[Criterion.CAPABILITY], 0, place] == pytest.approx(expected)
        assert scored.costs[0, place] == pytest.approx(price.expected)


def _changes(modality: str) -> list[float]:
    (row,) = (
        row for c, on, row in method.VALUES if (c, on) == ("capability", f"modality={modality}")
    )
    return [float(change) for change in row.split("/")]


def test_no_model_that_may_be_picked_is_better_than_the_best(world: World) -> None:
    scored = Recorded(world.pricer)
    world.tables.score(sampled(world, 2000, seed=10), scored)
    assert scored.chosen is not None
    assert scored.chosen.ratio.max() <= 1
    # Where capability counts most the best model of the market is taken.
    assert scored.chosen.ratio.max() == pytest.approx(1, abs=0.05)


@settings(max_examples=40)
@given(answers=whole_states)
def test_a_hybrid_is_never_better_to_run_than_its_parts(
    world: World, answers: dict[str, str]
) -> None:
    batch = Batch.of(state_of(world, answers), Said())
    values = world.tables.score(batch, world.pricer).values[:, 0]
    closed, hybrid = OPTIONS.index(Option.CLOSED_API), OPTIONS.index(Option.HYBRID)
    rest = method.ORDER.index(method.rest_runs_at(answers))
    for criterion in (Criterion.OPERATIONS, Criterion.SPEED, Criterion.ELASTICITY):
        row = values[_PLACE[criterion]]
        assert row[hybrid] == max(0.0, min(row[closed], row[rest]) - 5)
    row = values[_PLACE[Criterion.CUSTOMISATION]]
    assert row[hybrid] == max(0.0, row[rest] - 5)
    (of_hybrid,) = (
        price
        for price in world.pricer.detail(world.tables.needs(batch.state(0), Said()))
        if price.option is Option.HYBRID
    )
    alone = world.pricer.detail(world.tables.needs(batch.state(0), Said()))[rest]
    if rest > 1 and len(of_hybrid.on_machines) == len(alone.on_machines) == 1:
        ours, theirs = of_hybrid.on_gpus, alone.on_gpus
        if ours and theirs and ours[0].fleet.gpus >= theirs[0].fleet.gpus:
            assert of_hybrid.fte >= alone.fte


def test_a_share_that_must_stay_inside_is_taken_only_where_the_method_says(world: World) -> None:
    batch = sampled(world, 800, seed=11)
    for row in range(batch.size):
        needs = world.pricer.assumed(world.tables.needs(batch.state(row), batch.said))
        assert needs.sensitive == method.sensitive_share(words(batch, row))


def test_a_ruled_out_option_never_wins_whatever_the_priority(world: World) -> None:
    vetoing = {key: choices(key) for key in ("boundary", "scope", "connection", "priority")}
    batch = sampled(world, 60, seed=2, **vetoing)
    scored = world.tables.score(batch, world.pricer)
    assert batch.size == 60 * 6 * 2 * 3 * 6
    for row, best in enumerate(scored.best):
        assert OPTIONS[best].value not in method.ruled_out(words(batch, row))


def test_a_tighter_must_have_never_leaves_more(world: World) -> None:
    for key in ("boundary", "connection"):
        rest = {k: choices(k) for k in ("boundary", "scope", "connection") if k != key}
        kept: list[np.ndarray] = []
        for word in choices(key):
            batch = sampled(world, 1, seed=3, **{key: (word,)}, **rest)
            kept.append(world.tables.score(batch, world.pricer).feasible)
        for looser, tighter in pairwise(kept):
            assert not (tighter & ~looser).any()


def test_scores_lie_between_0_and_100_and_their_lines_sum_to_them(world: World) -> None:
    scored = world.tables.score(sampled(world, 3000, seed=4), world.pricer)
    assert scored.totals.min() >= 0
    assert scored.totals.max() <= 100
    assert scored.weights.sum(axis=0) == pytest.approx(1, abs=1e-12)
    recomputed = (scored.weights[:, :, None] * scored.values).sum(axis=0)
    assert np.abs(recomputed - scored.totals).max() < 1e-9


def test_scaling_all_points_changes_nothing(world: World) -> None:
    scored = world.tables.score(sampled(world, 500, seed=5), world.pricer)
    for factor in (1e-3, 7.0, 1e6):
        scaled = Scored(scored.points * factor, scored.values, scored.feasible, scored.costs)
        assert np.abs(scaled.totals - scored.totals).max() < 1e-9
        assert (scaled.best == scored.best).all()


@settings(max_examples=60)
@given(
    criterion=st.integers(0, len(CRITERIA) - 1),
    more=st.floats(0.001, 50),
    seed=st.integers(0, 10_000),
)
def test_a_criterion_that_counts_more_never_helps_who_is_worse_on_it(
    world: World, criterion: int, more: float, seed: int
) -> None:
    scored = world.tables.score(sampled(world, 20, seed=seed), world.pricer)
    points = scored.points.copy()
    points[criterion] += more
    raised = Scored(points, scored.values, scored.feasible, scored.costs)
    for i, j in product(range(5), range(5)):
        at_least = scored.values[criterion][:, i] >= scored.values[criterion][:, j]
        ahead = scored.totals[:, i] >= scored.totals[:, j]
        still = raised.totals[:, i] >= raised.totals[:, j] - 1e-9
        assert still[at_least & ahead].all()


# With the models as they are chosen: a dearer option can also change what is at stake, and with it
# the model that stands for another option.
@settings(max_examples=40)
@given(option=st.integers(0, 4), factor=st.floats(1.0, 1000.0), seed=st.integers(0, 10_000))
def test_making_an_option_dearer_never_moves_it_up(
    world: World, option: int, factor: float, seed: int
) -> None:
    batch = sampled(world, 25, seed=seed)
    before = world.tables.score(batch, world.pricer)
    after = world.tables.score(batch, OneDearer(world.pricer, option, factor))

    def overtaken(scored: Scored) -> np.ndarray:
        return scored.totals[:, option, None] > scored.totals + 1e-9

    assert not (overtaken(after) & (before.totals[:, option, None] < before.totals - 1e-9)).any()


def test_an_option_that_is_better_everywhere_scores_better(world: World) -> None:
    scored = world.tables.score(sampled(world, 400, seed=6), world.pricer)
    for i, j in product(range(5), range(5)):
        values = scored.values.copy()
        values[:, :, j] = np.minimum(values[:, :, i], values[:, :, j])
        dominated = Scored(scored.points, values, scored.feasible, scored.costs)
        assert (dominated.totals[:, i] >= dominated.totals[:, j]).all()


def test_removing_a_loser_keeps_the_winner(world: World) -> None:
    scored = world.tables.score(sampled(world, 1000, seed=7), world.pricer)
    for loser in range(5):
        feasible = scored.feasible.copy()
        feasible[:, loser] &= scored.best == loser
        fewer = Scored(scored.points, scored.values, feasible, scored.costs)
        assert (fewer.best == scored.best).all()


def test_each_group_wins_somewhere_and_has_an_option_ruled_out_somewhere(world: World) -> None:
    scored = world.tables.score(sampled(world, 4000, seed=8), world.pricer)
    groups = [option.group for option in OPTIONS]
    assert {groups[place] for place in scored.best} == set(groups)
    assert {groups[place] for place in range(5) if not scored.feasible[:, place].all()} == set(
        groups
    )


def scores_of(world: World, batch: Batch, tables: Tables | None = None) -> np.ndarray:
    """Return the scores of the options that are left; −1 where one is ruled out."""
    scored = (tables or world.tables).score(batch, world.pricer)
    return np.where(scored.feasible, scored.totals, -1)


# Where a question is asked, with all that it may be about in reach.
_ASKED_AT: dict[str, dict[str, tuple[str, ...]]] = {
    "scope": {"boundary": ("own-cloud", "own-premises", "strict-contract")},
    "hardware": {"boundary": ("own-premises",), "volume": ("1000",), "task": ("simple",)},
    "terms": {"boundary": ("strict-contract",)},
    "cloud": {"boundary": ("cloud-service",)},
}


@pytest.mark.parametrize("key", SINGLE)
def test_every_choice_changes_some_result(world: World, key: str) -> None:
    question = world.rulebook.by_key[key]
    batch = sampled(world, 60, seed=9, **_ASKED_AT.get(key, {}))
    totals = []
    for place in range(len(every_value(question))):
        places = dict(batch.places) | {key: np.full(batch.size, place)}
        totals.append(scores_of(world, replace(batch, places=places)))
    for first, second in product(range(len(totals)), range(len(totals))):
        if first != second:
            assert np.abs(totals[first] - totals[second]).max() > 1e-6


@pytest.mark.parametrize("key", ["terms", "cloud"])
def test_every_term_and_every_cloud_changes_some_result(world: World, key: str) -> None:
    batch = sampled(world, 200, seed=12, **_ASKED_AT[key])
    totals = {c: scores_of(world, replace(batch, said=said(**{key: (c,)}))) for c in choices(key)}
    for first, second in combinations(totals, 2):
        assert np.abs(totals[first] - totals[second]).max() > 1e-6, (first, second)


@pytest.mark.parametrize("key", ["terms", "cloud"])
def test_naming_a_term_or_a_cloud_changes_where_something_is_bought(world: World, key: str) -> None:
    batch = sampled(world, 40, seed=13, training=("prompts",), **_ASKED_AT[key])

    def hosts(*named: str) -> list[str]:
        asked = [world.tables.needs(batch.state(row), said(**{key: named})) for row in range(40)]
        return [
            str(part.offer.host)
            for needs in asked
            for price in world.pricer.detail(needs)
            for part in price.on_api
        ]

    assert all(hosts(choice) != hosts() for choice in choices(key))


def test_terms_are_all_asked_and_of_clouds_one(world: World) -> None:
    def clauses(boundary: str, **named: tuple[str, ...]) -> frozenset[frozenset[str]]:
        answers = {key: found[0] for key, found in SINGLE.items()} | {"boundary": boundary}
        return world.tables.host_needs(state_of(world, answers), said(**named))

    def asked(*facts: str) -> frozenset[frozenset[str]]:
        return frozenset(frozenset(fact.split("|")) for fact in facts)

    contract = ("contract", "no-training")
    assert clauses("any-vendor") == asked()
    assert clauses("contract", rules=("none",)) == asked(*contract)
    regions = "zero-retention|eu-region|us-region"
    assert clauses("strict-contract") == asked(*contract, regions)
    two = ("eu-region", "audited")
    assert clauses("strict-contract", terms=two) == asked(*contract, *two)
    # The terms are not asked for elsewhere, and so they ask nothing there.
    assert clauses("contract", terms=two) == asked(*contract)
    assert clauses("cloud-service") == asked(*contract, "aws|azure|google|other-cloud")
    both = asked(*contract, "aws|azure|google|other-cloud", "aws|google")
    assert clauses("cloud-service", cloud=("aws", "google")) == both
    assert clauses("any-vendor", rules=("hipaa", "gdpr")) == asked("hipaa", "contract")


def test_hardware_that_is_not_asked_for_counts_in_no_state_of_a_batch(world: World) -> None:
    # The same device, once asked for (the connection fails) and once not.
    batch = sampled(
        world,
        40,
        seed=21,
        boundary=("own-cloud",),
        connection=("always", "outages"),
        hardware=("laptop",),
        scope=("part",),
    )
    together = world.tables.score(batch, world.pricer)
    for row in range(batch.size):
        alone = world.tables.score(Batch.of(batch.state(row), batch.said), world.pricer)
        assert together.costs[row].tolist() == pytest.approx(alone.costs[0].tolist(), nan_ok=True)
