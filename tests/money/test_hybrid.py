"""A hybrid: hard work on a closed model, the rest on an open one, and what must stay inside.

A request costs $0.012 closed and $0.002 hosted; a replica of the open model carries 72,000 a day.
"""

from dataclasses import replace
from math import exp
from typing import Any

import pytest

from apps.money.market import Market
from apps.money.needs import Level, Needs, RestAt
from apps.money.options import Option
from apps.money.priced import OnApi, OnGpus, OptionPrice, Priced
from apps.money.pricing import Pricer
from apps.money.work import Role
from tests.markets import ASSUMPTIONS, NEEDS, closed, market, opened
from tests.money.examples import demand_of

RENT, OWN = 2 * 730 * 1.2, 1 * 730 * 1.1
MONTH = 365 / 12
SIMPLE = market(closed(), opened())
INSIDE = replace(NEEDS, rest_at=RestAt.OWNED, keeps_inside=True)


def hybrid(found: Market = SIMPLE, needs: Needs = NEEDS, **assumed: Any) -> OptionPrice:
    return Pricer(found, replace(ASSUMPTIONS, **assumed)).detail(needs)[-1]


def told(price: OptionPrice) -> list[tuple[Role, str, int]]:
    """Return who does which part, and how many requests a day."""
    return [(part.role, part.candidate.slug, round(part.volume)) for part in price.parts]


@pytest.mark.parametrize(
    ("rest_at", "rest_usd", "kind"),
    [
        (RestAt.HOSTED, 64_800 * MONTH * 0.002, OnApi),
        # Three quarters of the requests need one replica, and a spare one.
        (RestAt.RENTED, 2 * RENT, OnGpus),
        (RestAt.OWNED, 2 * OWN, OnGpus),
    ],
)
def test_a_hybrid_is_both_parts_and_its_people_once(
    rest_at: RestAt, rest_usd: float, kind: type[Priced]
) -> None:
    found = hybrid(needs=replace(NEEDS, rest_at=rest_at))
    hard_usd = 21_600 * MONTH * 0.012
    assert told(found) == [(Role.HARD, "closed", 21_600), (Role.REST, "open", 64_800)]
    assert [part.monthly_usd for part in found.parts] == pytest.approx([hard_usd, rest_usd])
    assert isinstance(found.parts[1], kind)
    assert found.expected == pytest.approx(hard_usd + rest_usd + 600)


def test_the_hard_share_can_be_set() -> None:
    assert told(hybrid(hard_share=0.5)) == [
        (Role.HARD, "closed", 43_200),
        (Role.REST, "open", 43_200),
    ]


# --- which model gets the rest ---


def solved(eci: float, level: Level) -> float:
    return 1 / (1 + exp(-level.slope * (eci - level.difficulty)))


def test_the_rest_goes_to_the_cheapest_model_that_solves_nine_tenths_of_the_best() -> None:
    # At 110 the best, of 130, solves .88 of the easier work: .79 are asked for, from 123.41 on.
    easier = Level(110, 0.1)
    assert solved(123.42, easier) > 0.9 * solved(130, easier) > solved(123.4, easier)
    for eci, rest in ((123.42, "cheap"), (123.4, "open")):
        found = market(closed(), opened(), opened("cheap", 0.1, eci=eci))
        assert told(hybrid(found))[1][1] == rest


def test_where_no_open_model_is_as_good_the_best_there_is_gets_the_rest() -> None:
    found = market(closed(eci=160), opened(eci=100), opened("worse", 0.1, eci=90))
    assert told(hybrid(found))[1][1] == "open"


def test_the_hard_part_goes_to_the_closed_model_that_is_worth_most() -> None:
    able = replace(NEEDS, stakes=NEEDS.stakes._replace(capability=100.0))
    both = market(closed(price=1.0), closed("strong", eci=150), opened())
    assert told(hybrid(both))[0][1] == "closed"
    assert told(hybrid(both, able))[0][1] == "strong"


def test_what_routing_leaves_of_the_closed_models_chance() -> None:
    closed_price, *_, price = Pricer(SIMPLE, ASSUMPTIONS).detail(NEEDS)
    assert price.ratio == pytest.approx(0.97 * closed_price.ratio)


# --- what must stay inside ---


def test_the_sensitive_share_stays_inside_whatever_its_difficulty() -> None:
    # 30 % stay inside; of the other 60,480 a quarter is hard.
    found = hybrid(needs=INSIDE, sensitive_share=0.3)
    hard = 0.7 * 86_400 * 0.25
    assert found.parts[0].volume == pytest.approx(hard)
    assert sum(part.volume for part in found.parts) == pytest.approx(86_400)
    assert found.parts[-1].role is Role.INSIDE


def test_the_rest_runs_with_what_stays_inside_where_that_costs_less() -> None:
    # 25,920 and 45,360 requests a day fit one replica of 72,000: nothing more is paid for them.
    found = hybrid(needs=INSIDE, sensitive_share=0.3)
    inside, rest = 0.3 * 86_400, 0.7 * 86_400 * 0.75
    assert told(found)[1] == (Role.INSIDE, "open", round(inside + rest))
    assert found.parts[1].monthly_usd == pytest.approx(2 * OWN)


def test_the_rest_is_hosted_where_more_machines_would_cost_more() -> None:
    # A host at $0.00002 a request takes 226,800 a day for $138; own GPUs would be three more.
    found = hybrid(
        market(closed(), opened(price=0.01)), replace(INSIDE, volume=432_000), sensitive_share=0.3
    )
    assert told(found) == [
        (Role.HARD, "closed", round(0.7 * 432_000 * 0.25)),
        (Role.REST, "open", round(0.7 * 432_000 * 0.75)),
        (Role.INSIDE, "open", round(0.3 * 432_000)),
    ]
    rest, kept = found.parts[1:]
    assert isinstance(rest, OnApi)
    assert isinstance(kept, OnGpus)
    assert rest.monthly_usd == pytest.approx(226_800 * MONTH * 0.00002)
    # 129,600 a day take two replicas, and a spare one.
    assert kept.monthly_usd == pytest.approx(3 * OWN)
    assert found.expected == pytest.approx(sum(part.monthly_usd for part in found.parts) + 600)


def test_machines_that_would_take_more_people_count_them() -> None:
    # A host for $138, or three more own GPUs at $803: dearer even if nobody looked after them;
    # at a host for $2,760 the GPUs win, until each of them takes half a person.
    needs = replace(INSIDE, volume=432_000)
    found = market(closed(), opened(price=0.2))
    several = {"fte_hybrid": None, "sensitive_share": 0.3}
    alone = hybrid(found, needs, people_per_gpu_own=0.0, **several)
    asked = hybrid(found, needs, people_per_gpu_own=0.5, **several)
    assert [part.role for part in alone.parts] == [Role.HARD, Role.INSIDE]
    assert [part.role for part in asked.parts] == [Role.HARD, Role.REST, Role.INSIDE]
    # People are those of the fleet that runs.
    assert asked.fte == pytest.approx(3 * 0.5)


def test_the_capability_is_that_of_both_by_their_shares() -> None:
    # Work of level 130, the best model of 140: .731; the open one of 120 solves .269.
    found = market(closed(eci=140), opened(eci=120))
    price = hybrid(found, INSIDE, sensitive_share=0.3)
    best = solved(140, NEEDS.hardest)
    assert price.ratio == pytest.approx(0.7 * 0.97 + 0.3 * solved(120, NEEDS.hardest) / best)


def test_the_inside_model_is_the_one_that_is_worth_most_for_its_share() -> None:
    cheap = opened("cheap", eci=100, params_b=10.0, active_b=1.0)
    found = market(closed(), opened(eci=130), cheap)
    able = replace(INSIDE, stakes=NEEDS.stakes._replace(capability=100.0))
    assert told(hybrid(found, able, sensitive_share=0.3))[-1][1] == "open"
    # Of what never leaves nothing counts.
    assert told(hybrid(found, able, sensitive_share=0.0))[-1][0] is Role.REST


def test_without_anything_to_keep_inside_nothing_is_sensitive() -> None:
    assert [part.role for part in hybrid(sensitive_share=0.9).parts] == [Role.HARD, Role.REST]


@pytest.mark.parametrize("sensitive", [0.0, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("rest_at", [RestAt.RENTED, RestAt.OWNED])
def test_every_request_is_done_once(sensitive: float, rest_at: RestAt) -> None:
    needs = replace(INSIDE, rest_at=rest_at)
    found = hybrid(needs=needs, sensitive_share=sensitive)
    assert sum(part.volume for part in found.parts) == pytest.approx(86_400)
    assert found.expected == pytest.approx(sum(part.monthly_usd for part in found.parts) + 600)


def test_many_states_are_chosen_for_as_one_is() -> None:
    states = [
        replace(NEEDS, rest_at=rest_at, keeps_inside=keeps, volume=volume)
        for rest_at, keeps in (
            (RestAt.HOSTED, False),
            (RestAt.RENTED, False),
            (RestAt.RENTED, True),
            (RestAt.OWNED, True),
        )
        for volume in (1000.0, 86_400.0, 5e6)
    ]
    pricer = Pricer(SIMPLE, replace(ASSUMPTIONS, sensitive_share=0.3))
    together = pricer.choose(demand_of(states))
    for row, needs in enumerate(states):
        assert together.usd[row].tolist() == list(pricer.expected(needs))


def test_a_hybrid_lacks_a_price_where_one_of_its_parts_has_none() -> None:
    assert hybrid(market(opened())).parts == ()
    assert hybrid(market(closed())).parts == ()
    assert hybrid(market(closed(), opened())).option is Option.HYBRID
