"""Which model stands for an option: the one that is worth most (method, section 4)."""

import math
from dataclasses import dataclass, replace
from datetime import date
from math import exp, log10

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.money.choice import Chosen, Demand
from apps.money.market import CapabilityGrade, Gpu, Market, Offer
from apps.money.needs import Level, Needs, RestAt, Stakes
from apps.money.options import OPTIONS, Option
from apps.money.pricing import Pricer, best_eci
from apps.money.suitability import index
from apps.money.supply import Supply
from apps.money.work import SINGLE_KINDS, Kind
from apps.money.workload import DAYS_PER_MONTH, SECONDS_PER_DAY
from apps.money.yardstick import Scale, Yardstick, worth_most
from tests.markets import ASSUMPTIONS, DAY, NEEDS, closed, market, measured, measured_at, opened
from tests.money.examples import demand_of
from tests.money.random_markets import ASSUMED, keeping, markets, needs_of_many

CLOSED, HOSTED, RENTED, OWNED, HYBRID = OPTIONS


def standing(found: Market, needs: Needs = NEEDS) -> dict[Option, str]:
    prices = Pricer(found, ASSUMPTIONS).detail(needs)
    return {price.option: price.parts[0].candidate.slug for price in prices if price.parts}


# --- capability ---


@pytest.mark.parametrize(
    ("eci", "difficulty", "slope", "chance"),
    [
        (112, 112, 0.09, 0.5),
        # 1/(1 + exp(−0.12 · (160 − 151)))
        (160, 151, 0.12, 0.746494),
        (100, 136, 0.10, 0.026597),
    ],
)
def test_the_chance_of_a_model_on_work_of_a_level(
    eci: float, difficulty: float, slope: float, chance: float
) -> None:
    level = Level(difficulty, slope)
    assert level.chance(eci) == pytest.approx(chance, abs=1e-6)
    assert level.least(level.chance(eci)) == pytest.approx(eci)


def test_an_estimate_counts_at_the_low_end_of_its_interval() -> None:
    guessed = measured_at(140, low=131.0, high=149.0, grade=CapabilityGrade.ESTIMATED)
    assert index(closed(capability=guessed)) == 131
    for grade in (CapabilityGrade.EXACT, CapabilityGrade.PREDECESSOR):
        assert index(closed(capability=replace(guessed, grade=grade))) == 140
    unsure = replace(guessed, low=None, high=None)
    assert index(closed(capability=unsure)) == 140


@pytest.mark.parametrize(
    ("published", "served", "points"),
    [(16.0, 4.0, 138), (16.0, 8.0, 140), (8.0, 4.0, 138), (4.0, 4.0, 140), (16.0, 3.0, 138)],
)
def test_weights_at_four_bits_lose_two_points_of_what_was_published(
    published: float, served: float, points: float
) -> None:
    one = opened(eci=140, bits=served, published_bits=published, is_requantised=True)
    assert index(one) == points


def test_the_value_is_measured_against_the_best_model_that_may_be_picked() -> None:
    found = market(closed(eci=140), opened(eci=120), closed("gone", eci=170, status="retired"))
    assert best_eci(found) == 140
    level = NEEDS.hardest
    prices = Pricer(found, ASSUMPTIONS).detail(NEEDS)
    assert prices[0].ratio == 1
    assert prices[1].ratio == pytest.approx(level.chance(120) / level.chance(140))


def test_the_same_weights_have_the_same_value_wherever_they_run() -> None:
    prices = Pricer(market(closed(eci=150), opened()), ASSUMPTIONS).detail(NEEDS)
    assert len({price.ratio for price in prices[1:4]}) == 1


def test_a_model_that_was_not_measured_stands_for_nothing() -> None:
    found = market(closed("unknown", 0.01, capability=None), closed(), opened())
    assert standing(found)[CLOSED] == "closed"


# --- what stands ---

LADDER = [("c120", 120.0, 1.0), ("c130", 130.0, 2.0), ("c140", 140.0, 6.0)]
CHOICES = market(*(closed(name, usd, eci=eci) for name, eci, usd in LADDER), opened(eci=130))


# From 120 to 130 a model gains 31.6 points of capability and loses 29.7 of cost, from 130 to 140 it
# gains as many and loses 47.7. About 0.9 points of cost are those of the dollars at stake.
@pytest.mark.parametrize(
    ("stakes", "stands"),
    [
        (Stakes(capability=100.0, cost=0.0), "c140"),
        (Stakes(capability=0.0, cost=1.0), "c120"),
        (Stakes(capability=3.0, cost=1.0), "c130"),
    ],
)
def test_what_matters_more_decides_between_better_and_cheaper(stakes: Stakes, stands: str) -> None:
    assert standing(CHOICES, replace(NEEDS, stakes=stakes))[CLOSED] == stands


def test_the_cheap_and_weak_are_no_measure_of_cost() -> None:
    # Work of level 150 is solved by 5 % of what the best of 150 solves at an index of 115.
    weak = closed("weak", 0.0001, eci=115)
    needs = replace(NEEDS, hardest=Level(150, 0.1))
    with_it, without = (
        Pricer(market(*more, closed(eci=150), opened(eci=148)), ASSUMPTIONS)
        for more in ((weak,), ())
    )
    demand = Demand.of(needs)
    assert with_it.choose(demand).yardstick.reference == without.choose(demand).yardstick.reference


def test_what_is_at_stake_in_dollars_makes_cost_count() -> None:
    scale = Scale(cost_points=3.0, cost_floor_usd=300.0)
    for top, points in ((1_300.0, 3 * log10(1000 / 300) / 3), (1_000_300.0, 3.0), (1_200.0, None)):
        usd = [np.array([[300.0]]), np.array([[top]])]
        found = Yardstick.of(scale, np.array([0.5]), usd, [np.ones((1, 1))] * 2)
        expected = 3 * log10((top - 300) / 300) / 3 if points is None else points
        assert found.points[0] == pytest.approx(0.5 + min(expected, 3.0))
        assert found.reference[0] == 300
    # $300 more or less are no stake.
    usd = [np.array([[300.0]]), np.array([[600.0]])]
    assert Yardstick.of(scale, np.zeros(1), usd, [np.ones((1, 1))] * 2).points[0] == 0


def test_a_cost_is_worth_a_hundred_points_less_for_each_factor_of_ten() -> None:
    one = Yardstick(np.array([True]), np.array([100.0]), np.array([1.0]))
    usd = np.array([[50.0, 100.0, 1000.0, 10_000.0, math.inf]])
    assert one.value(usd)[0].tolist() == pytest.approx([100, 100, 0, 0, 0])


def test_beyond_ten_times_the_reference_the_cheapest_alone_is_a_choice() -> None:
    one = Yardstick(np.array([True]), np.array([100.0]), np.array([1.0]))
    ratio = np.array([[0.2, 0.4, 0.9]])
    within = one.worth(np.ones(1), ratio, np.array([[900.0, 1000.0, 1001.0]]))
    assert np.isfinite(within)[0].tolist() == [True, True, False]
    beyond = one.worth(np.ones(1), ratio, np.array([[5000.0, 2000.0, math.inf]]))
    assert np.isfinite(beyond)[0].tolist() == [False, True, False]


def test_of_equal_worth_the_more_capable_stands_then_the_cheaper_then_the_first() -> None:
    worth = np.array([[5.0, 5.0, 5.0, 5.0, 4.0]])
    eci = np.array([[130.0, 140.0, 140.0, 140.0, 150.0]])
    usd = np.array([[1.0, 9.0, 3.0, 3.0, 0.1]])
    assert worth_most(worth, eci, usd).tolist() == [2]


def test_where_an_option_has_no_price_cost_still_decides_among_the_models_of_the_others() -> None:
    # Nobody sells the small GPU's like to own: no price for own hardware.
    small = Gpu("small", "Small", 80, 2.0, None)
    found = market(
        closed("good", 5.0, eci=131),
        closed("dear", 500.0, eci=132),
        opened(),
        gpus=(small,),
        profiles=(measured("small"),),
    )
    chosen = Pricer(found, ASSUMPTIONS).choose(Demand.of(NEEDS))
    assert math.isnan(chosen.usd[0, OPTIONS.index(OWNED)])
    assert standing(found)[CLOSED] == "good"
    # In the score costs that cannot all be compared count nothing.
    assert chosen.cost_points.tolist() == [0]
    assert chosen.cost_values.tolist() == [[0] * 5]


# --- the whole choice, written out ---


@dataclass(frozen=True)
class Way:
    """One way to do all of the work: points of the index, US dollars a month with people."""

    eci: float
    usd: float


def ways(found: Market, needs: Needs, kind: Kind) -> list[Way]:
    """Return all ways of a kind, each month written out."""
    of_kind = Supply(found, ASSUMED, 1_000_000).ways(kind, needs.ask)
    if of_kind is None:
        return []
    numbers, made = of_kind.every().numbers, []
    for place in range(numbers.eci.size):
        at = {name: float(getattr(numbers, name)[place]) for name in numbers.__slots__}
        busy = needs.volume / SECONDS_PER_DAY * needs.peak * at["seconds"]
        running = max(1, math.ceil(busy)) + at["spare"]
        bills = needs.volume * DAYS_PER_MONTH * at["request_usd"] + at["fixed_usd"]
        bills += running * at["replica_usd"]
        fte = (at["base_fte"] + at["gpu_fte"] * at["gpus"] * running) * needs.staffing
        if running <= at["most"]:
            made.append(Way(at["eci"], bills + fte * ASSUMED.salary / 12))
    return made


def chance(needs: Needs, eci: float) -> float:
    level = needs.hardest
    return 1 / (1 + exp(-level.slope * (eci - level.difficulty)))


@settings(max_examples=50)
@given(markets(), needs_of_many)
def test_no_way_is_worth_more_than_the_one_that_stands(found: Market, needs: Needs) -> None:
    pricer = Pricer(found, ASSUMED)
    chosen = pricer.choose(Demand.of(needs))
    best = chance(needs, best_eci(found))
    singles = {option: ways(found, needs, kind) for option, kind in SINGLE_KINDS.items()}
    able = [
        way.usd for of in singles.values() for way in of if chance(needs, way.eci) >= 0.5 * best
    ]
    reference, points = float(chosen.yardstick.reference[0]), float(chosen.yardstick.points[0])
    # No model that is half as good as the best costs less than what costs are compared with.
    assert reference <= min(able, default=math.inf) * (1 + 1e-9)

    def worth(ratio: float, usd: float) -> float:
        value = min(100.0, max(0.0, 100 * (1 - log10(max(usd, 0.01) / reference))))
        return needs.stakes.capability * 100 * ratio + points * value

    for place, of in enumerate(singles.values()):
        usd, ratio = float(chosen.usd[0, place]), float(chosen.ratio[0, place])
        if not of:
            assert math.isnan(usd)
            continue
        # Beyond ten times the reference the cheapest alone is a choice.
        near = [way for way in of if way.usd <= 10 * reference]
        least = min(way.usd for way in of)
        choices = near or [way for way in of if way.usd == least]
        most = max(worth(chance(needs, way.eci) / best, way.usd) for way in choices)
        assert worth(ratio, usd) == pytest.approx(most, abs=1e-6)


# --- what always holds ---


def with_eci(found: Market, slug: str, eci: float) -> Market:
    """Return the market with another index for one model."""
    return replace(
        found,
        candidates=tuple(
            replace(c, capability=measured_at(eci)) if c.slug == slug else c
            for c in found.candidates
        ),
    )


@settings(max_examples=50)
@given(markets(), keeping(), st.floats(0.001, 30), st.data())
def test_of_two_suitable_models_at_one_price_the_more_capable_stands(
    found: Market, needs: Needs, better: float, data: st.DataObject
) -> None:
    # A twin that differs by its index alone: the worse of the two stands for nothing.
    one = data.draw(st.sampled_from(found.candidates))
    profiles = tuple(p for p in found.profiles if p.model != one.slug)
    twin = replace(one, slug=f"{one.slug}-twin", capability=measured_at(index(one) + better))
    both = replace(found, candidates=(*found.candidates, twin), profiles=profiles)
    for price in Pricer(both, ASSUMED).detail(needs):
        assert one.slug not in {part.candidate.slug for part in price.parts}


def unchanged(before: Yardstick, after: Yardstick) -> bool:
    """Tell whether costs are compared with the same and count the same."""
    return bool(
        np.isclose(before.reference, after.reference).all()
        and np.isclose(before.points, after.points).all()
    )


def all_measured(found: Market) -> Market:
    """Return the market with its open models measured on one GPU: no speed is an estimate."""
    return replace(
        found,
        profiles=tuple(
            measured("a", c.slug, c.active_b or c.params_b or 1.0)
            for c in found.candidates
            if c.is_open
        ),
    )


@settings(max_examples=50)
@given(markets(), needs_of_many, st.floats(0.1, 30), st.data())
def test_raising_the_index_of_a_model_never_lowers_its_option(
    found: Market, needs: Needs, more: float, data: st.DataObject
) -> None:
    # The best of the market stays the best, and costs are compared with the same.
    found = all_measured(replace(found, candidates=(*found.candidates, closed("top", eci=200))))
    option = data.draw(st.sampled_from(tuple(SINGLE_KINDS)))
    place, demand = OPTIONS.index(option), Demand.of(needs)
    before = Pricer(found, ASSUMED).choose(demand)
    (part,) = Pricer(found, ASSUMED).detail(needs)[place].parts or (None,)
    assume(part is not None and part.candidate.slug != "top")
    assert part is not None
    raised = with_eci(found, part.candidate.slug, index(part.candidate) + more)
    after = Pricer(raised, ASSUMED).choose(demand)
    assume(unchanged(before.yardstick, after.yardstick))
    assert value(after, place, needs) >= value(before, place, needs) - 1e-6
    assert after.ratio[0, place] >= before.ratio[0, place] - 1e-12


@settings(max_examples=50)
@given(markets(), needs_of_many, st.floats(0.1, 30), st.data())
def test_a_better_model_lowers_no_option_that_costs_less_than_ten_times_the_least(
    found: Market, needs: Needs, more: float, data: st.DataObject
) -> None:
    # Whether it stands or not. Beyond that the score sees no difference between two prices.
    found = all_measured(replace(found, candidates=(*found.candidates, closed("top", eci=200))))
    demand = Demand.of(needs)
    one = data.draw(st.sampled_from(found.candidates[:-1]))
    before = Pricer(found, ASSUMED).choose(demand)
    after = Pricer(with_eci(found, one.slug, index(one) + more), ASSUMED).choose(demand)
    assume(unchanged(before.yardstick, after.yardstick))
    for place in np.flatnonzero(before.yardstick.value(before.usd)[0] >= 0).tolist():
        assert value(after, place, needs) >= value(before, place, needs) - 1e-6


def value(chosen: Chosen, place: int, needs: Needs) -> float:
    """Return s_capability·v_capability + s_cost·v_cost of what stands, as the score counts it."""
    ratio, cost = chosen.ratio[0, place], chosen.cost_values[0, place]
    return float(needs.stakes.capability * 100 * ratio + chosen.cost_points[0] * cost)


@settings(max_examples=50)
@given(markets(), needs_of_many, st.floats(1.01, 10), st.sampled_from((False, True)))
def test_making_an_option_dearer_never_makes_it_worth_more(
    found: Market, needs: Needs, times: float, is_open: bool
) -> None:
    place, demand = (1 if is_open else 0), Demand.of(needs)
    before = Pricer(found, ASSUMED).choose(demand)
    after = Pricer(dearer(found, times, is_open), ASSUMED).choose(demand)
    assume(unchanged(before.yardstick, after.yardstick))
    assert value(after, place, needs) <= value(before, place, needs) + 1e-6


def dearer(found: Market, times: float, is_open: bool) -> Market:
    """Return the market with the hosts' prices of one kind of model so many times as high."""

    def raised(offer: Offer) -> Offer:
        usd = offer.price
        return replace(
            offer, price=replace(usd, input=usd.input * times, output=usd.output * times)
        )

    return replace(
        found,
        candidates=tuple(
            replace(c, offers=tuple(raised(o) for o in c.offers)) if c.is_open is is_open else c
            for c in found.candidates
        ),
    )


# --- many states at once ---


@settings(max_examples=50)
@given(markets(), st.lists(keeping(), min_size=2, max_size=6))
def test_many_states_are_chosen_for_as_each_is_alone(found: Market, states: list[Needs]) -> None:
    pricer = Pricer(found, ASSUMED)
    together = pricer.choose(demand_of(states))
    for row, needs in enumerate(states):
        alone = pricer.choose(Demand.of(needs))
        assert together.usd[row] == pytest.approx(alone.usd[0], nan_ok=True)
        assert together.ratio[row] == pytest.approx(alone.ratio[0], nan_ok=True)
        assert together.cost_values[row] == pytest.approx(alone.cost_values[0])
        assert together.cost_points[row] == pytest.approx(alone.cost_points[0])


def test_a_day_that_changes_nothing_changes_no_choice() -> None:
    later = replace(CHOICES, as_of=date(2027, 1, 1))
    assert later.as_of > DAY
    assert standing(later, replace(NEEDS, rest_at=RestAt.OWNED)) == standing(
        CHOICES, replace(NEEDS, rest_at=RestAt.OWNED)
    )
