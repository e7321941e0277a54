"""What must always hold of the models and hosts that are chosen, over states at random."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apps.decision.scoring import Batch, Value
from apps.money.market import ALWAYS, Candidate, Market
from apps.money.options import OPTIONS, Option
from apps.money.priced import OnApi
from apps.money.pricing import Pricer
from apps.money.suitability import LackKind
from tests.decision.states import Recorded, said, several, state_of, whole_states
from tests.world import World

type Several = dict[str, tuple[str, ...]]


def priced(world: World, market: Market) -> Pricer:
    """Return the prices of another market."""
    return Pricer(market, world.pricer.assumptions, world.pricer.scale)


def raised(candidate: Candidate, points: float, **changes: Any) -> Candidate:
    """Return a model that is more capable."""
    known = candidate.capability
    assert known is not None
    higher = replace(
        known,
        eci=known.eci + points,
        low=None if known.low is None else known.low + points,
        high=None if known.high is None else known.high + points,
    )
    return replace(candidate, capability=higher, **changes)


@settings(max_examples=60)
@given(answers=whole_states, named=several)
def test_a_host_without_the_facts_that_are_asked_is_never_priced(
    world: World, answers: dict[str, str], named: Several
) -> None:
    needs = world.tables.needs(state_of(world, answers), said(**named))
    for price in world.pricer.detail(needs):
        for part in price.on_api:
            facts = part.offer.facts
            lacking = [c for c in needs.ask.hosts if not c & facts]
            lacking += [frozenset({fact}) for fact in ALWAYS if fact not in facts]
            told = {lack.wanted for lack in part.lacks if lack.kind is LackKind.HOST}
            # It is priced as the nearest only where nobody has them, and that is said.
            assert len(told) == len(lacking)
            if lacking:
                assert not any(
                    set(ALWAYS) <= offer.facts and all(c & offer.facts for c in needs.ask.hosts)
                    for model in world.pricer.market.candidates
                    if model.slug == part.candidate.slug
                    for offer in model.offers
                    if offer.holds(needs.size.context)
                )


@settings(max_examples=40)
@given(
    answers=whole_states,
    option=st.sampled_from([Option.CLOSED_API, Option.HOSTED_OPEN]),
    points=st.floats(0.1, 10),
)
def test_of_two_models_at_one_price_the_more_capable_stands(
    world: World, answers: dict[str, str], option: Option, points: float
) -> None:
    needs = world.tables.needs(state_of(world, answers), said())
    part = world.pricer.detail(needs)[OPTIONS.index(option)].parts[0]
    if not isinstance(part, OnApi):
        return  # A tuned open model runs on machines, where a twin is not measured.
    market = world.pricer.market
    (standing,) = (c for c in market.candidates if c.slug == part.candidate.slug)
    twin = raised(standing, points, slug="twin", name="Twin")
    both = replace(market, candidates=(twin, *market.candidates))
    then = priced(world, both).detail(needs)[OPTIONS.index(option)].parts[0]
    assert then.candidate.slug != standing.slug


# With what costs are compared with as it is, and below the best model: a model that becomes the
# best, or good enough to set the scale of cost, moves that scale for every option.
@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(answers=whole_states, place=st.integers(0, len(OPTIONS) - 1), points=st.floats(0.1, 10))
def test_a_model_that_becomes_more_capable_never_lowers_its_option(
    world: World, answers: dict[str, str], place: int, points: float
) -> None:
    state, market = state_of(world, answers), world.pricer.market
    part = world.pricer.detail(world.tables.needs(state, said()))[place].parts[0]
    candidates = tuple(
        raised(c, points) if c.slug == part.candidate.slug else c for c in market.candidates
    )
    changed = priced(world, replace(market, candidates=candidates))
    assume(changed.best_eci == world.pricer.best_eci)
    (before, scale), (after, moved) = (_scored(world, state, p) for p in (world.pricer, changed))
    assume(scale == moved)
    assert after[place] >= before[place] - 1e-9


def _scored(
    world: World, state: dict[str, Value], pricer: Pricer
) -> tuple[list[float], tuple[float, float]]:
    """Return the scores of one state, and what its costs are compared with."""
    prices = Recorded(pricer)
    scored = world.tables.score(Batch.of(state, said()), prices)
    assert prices.chosen is not None
    found = prices.chosen.yardstick
    return scored.totals[0].tolist(), (float(found.reference[0]), float(found.points[0]))


def test_the_priced_model_is_the_one_that_is_recommended(world: World) -> None:
    for answers, _ in world.scenarios.values():
        decision = world.decide(**dict(answers.choices))
        assert decision.verdict.option is not None
        parts = decision.result(decision.verdict.option).price.parts
        named = [part.candidate.slug for _, part in decision.shortlist]
        assert set(named[:1]) <= {part.candidate.slug for part in parts}
        assert decision.result(decision.verdict.option).price.expected == pytest.approx(
            sum(part.monthly_usd for part in parts)
            + decision.result(decision.verdict.option).price.people_usd
        )
