"""Scores are those of the method's tables and formulas, computed here a second time."""

from itertools import pairwise, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.decision.scoring import Batch, Scored, Value, values_of
from apps.decision.vocabulary import CRITERIA
from apps.money.needs import Needs
from apps.money.options import OPTIONS
from tests import method
from tests.world import World

SCORED = [key for key in method.CHOICES if key != "rules"]


class OneDearer:
    """The real prices, but one option costs some factor of what it does."""

    def __init__(self, world: World, option: int, factor: float) -> None:
        self.prices, self.option, self.factor = world.pricer, option, factor

    def expected(self, needs: Needs) -> tuple[float, ...]:
        """Return the prices with one of them changed."""
        costs = list(self.prices.expected(needs))
        costs[self.option] *= self.factor
        return tuple(costs)


def sampled(world: World, count: int, seed: int, **fixed: tuple[str, ...]) -> Batch:
    """Return states at random, the product of what is fixed with each."""
    random = Random(seed)
    values: dict[str, tuple[Value, ...]] = {q.key: values_of(q) for q in world.tables.questions}
    combos = list(product(*fixed.values()))
    places: dict[str, list[int]] = {key: [] for key in values}
    for _ in range(count):
        drawn = {key: random.randrange(len(found)) for key, found in values.items()}
        for combo in combos:
            state = drawn | {
                key: [value.key for value in values[key]].index(word)
                for key, word in zip(fixed, combo, strict=True)
            }
            for key, place in state.items():
                places[key].append(place)
    return Batch(values, {key: np.array(p) for key, p in places.items()}, count * len(combos))


def words(key: str) -> tuple[str, ...]:
    return tuple(method.CHOICES[key].split())


def test_scores_and_winners_are_those_of_the_method(world: World) -> None:
    batch = sampled(world, 600, seed=1)
    scored = world.tables.score(batch, world.pricer)
    for row in range(batch.size):
        state = {key: value.key for key, value in batch.state(row).items()}
        costs = scored.costs[row].tolist()
        assert scored.totals[row] == pytest.approx(method.scores(state, costs), abs=1e-9)
        out = method.ruled_out(state)
        assert [not f for f in scored.feasible[row]] == [o.value in out for o in OPTIONS]
        assert OPTIONS[scored.best[row]].value == method.winner(state, costs)


def test_a_ruled_out_option_never_wins_whatever_the_priority(world: World) -> None:
    vetoing = {key: words(key) for key in ("boundary", "scope", "connection", "priority")}
    batch = sampled(world, 60, seed=2, **vetoing)
    scored = world.tables.score(batch, world.pricer)
    assert batch.size == 60 * 5 * 2 * 3 * 6
    for row, best in enumerate(scored.best):
        state = {key: value.key for key, value in batch.state(row).items()}
        assert OPTIONS[best].value not in method.ruled_out(state)


def test_a_tighter_must_have_never_leaves_more(world: World) -> None:
    for key in ("boundary", "connection"):
        rest = {k: words(k) for k in ("boundary", "scope", "connection") if k != key}
        kept: list[np.ndarray] = []
        for word in words(key):
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


@settings(max_examples=40)
@given(option=st.integers(0, 4), factor=st.floats(1.0, 1000.0), seed=st.integers(0, 10_000))
def test_making_an_option_dearer_never_moves_it_up(
    world: World, option: int, factor: float, seed: int
) -> None:
    batch = sampled(world, 25, seed=seed)
    before = world.tables.score(batch, world.pricer)
    after = world.tables.score(batch, OneDearer(world, option, factor))

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


@pytest.mark.parametrize("key", SCORED)
def test_every_choice_changes_some_result(world: World, key: str) -> None:
    question = world.rulebook.by_key[key]
    batch = sampled(world, 60, seed=9, boundary=("own-cloud", "strict-contract"))
    totals = []
    for place in range(len(values_of(question))):
        places = dict(batch.places) | {key: np.full(batch.size, place)}
        scored = world.tables.score(Batch(batch.values, places, batch.size), world.pricer)
        totals.append(np.where(scored.feasible, scored.totals, -1))
    for first, second in product(range(len(totals)), range(len(totals))):
        if first != second:
            assert np.abs(totals[first] - totals[second]).max() > 1e-6
