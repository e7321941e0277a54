"""How many people an option takes: by what it runs, unless somebody says it.

$1,000 a month for each full-time person; the open model runs on three GPUs (method, section 6).
"""

from dataclasses import replace
from typing import Any

import pytest

from apps.money.needs import Needs, RestAt
from apps.money.options import OPTIONS, Option
from apps.money.priced import Moves, OptionPrice
from apps.money.pricing import Pricer
from tests.markets import ASSUMPTIONS, NEEDS, asking, closed, device, market, opened

CLOSED, HOSTED, RENTED, OWNED, HYBRID = OPTIONS
# Nothing is stated; what is computed are the values of the method.
COMPUTED = replace(
    ASSUMPTIONS,
    fte_closed=None,
    fte_hosted=None,
    fte=None,
    fte_onprem=None,
    fte_hybrid=None,
    people_closed=0.05,
    people_hosted=0.1,
    people_hybrid=0.15,
    people_rented=0.4,
    people_owned=0.7,
    people_device=0.1,
    people_fleet_hybrid=0.1,
    people_per_gpu=0.02,
    people_per_gpu_own=0.03,
)
SIMPLE = market(closed(), opened(), devices=(device(),))


def priced(needs: Needs = NEEDS, **assumed: Any) -> dict[Option, OptionPrice]:
    pricer = Pricer(SIMPLE, replace(COMPUTED, **assumed))
    return dict(zip(OPTIONS, pricer.detail(needs), strict=True))


def ftes(needs: Needs = NEEDS, **assumed: Any) -> list[float]:
    return [price.fte for price in priced(needs, **assumed).values()]


# 0.4 and three rented GPUs, 0.7 and three owned ones.
BASE = [0.05, 0.1, 0.4 + 3 * 0.02, 0.7 + 3 * 0.03, 0.15]


def test_the_people_of_the_five_options() -> None:
    assert ftes() == pytest.approx(BASE)
    for price in priced().values():
        assert price.people_usd == pytest.approx(price.fte * 1000)
        assert price.expected == pytest.approx(price.bills_usd + price.people_usd)
        assert price.bills_usd == pytest.approx(sum(part.monthly_usd for part in price.parts))


@pytest.mark.parametrize(
    ("rest_at", "fte"),
    [
        (RestAt.HOSTED, 0.15),
        # Three quarters of the requests take one replica, and a spare one.
        (RestAt.RENTED, 0.4 + 2 * 0.02 + 0.1),
        (RestAt.OWNED, 0.7 + 2 * 0.03 + 0.1),
    ],
)
def test_a_hybrid_with_a_fleet_adds_a_tenth_to_the_people_of_its_fleet(
    rest_at: RestAt, fte: float
) -> None:
    assert priced(replace(NEEDS, rest_at=rest_at))[HYBRID].fte == pytest.approx(fte)


@pytest.mark.parametrize("staffing", [1.5, 0.8, 0.5, 1.5 * 0.5])
def test_team_and_stage_multiply_all_that_is_computed(staffing: float) -> None:
    found = ftes(replace(NEEDS, staffing=staffing))
    assert found == pytest.approx([staffing * fte for fte in BASE])


def test_a_device_takes_fewer_people_than_a_server() -> None:
    few = replace(asking(hardware="laptop"), volume=100)
    assert priced(few)[OWNED].fte == pytest.approx(0.1)


STATED: dict[str, Any] = {
    "fte_closed": 1.0,
    "fte_hosted": 2.0,
    "fte": 3.0,
    "fte_onprem": 4.0,
    "fte_hybrid": 5.0,
}


def test_what_somebody_states_is_taken_as_it_is() -> None:
    assert ftes(replace(NEEDS, staffing=1.5), **STATED) == [1, 2, 3, 4, 5]


def test_one_stated_number_leaves_the_others_computed() -> None:
    assert ftes(fte=3.0) == pytest.approx([*BASE[:2], 3.0, *BASE[3:]])
    assert ftes(fte_closed=0.0) == pytest.approx([0.0, *BASE[1:]])


@pytest.mark.parametrize("stated", [{}, STATED])
def test_people_can_be_left_out_of_every_amount(stated: dict[str, Any]) -> None:
    found = priced(people=0.0, **stated)
    for option, price in found.items():
        assert price.people_usd == 0
        assert price.expected == pytest.approx(priced(**stated)[option].bills_usd)
        assert Moves.PEOPLE not in price.moved_by
        assert (price.low, price.high) == pytest.approx((price.expected / 2, price.expected * 2))
    pricer = Pricer(SIMPLE, replace(COMPUTED, people=0.0, setup=3.0, **stated))
    assert pricer.setup_usd(RENTED) == 0


def test_people_may_be_half_or_twice_as_many() -> None:
    price = priced()[CLOSED]
    assert price.low == pytest.approx(price.bills_usd / 2 + 25)
    assert price.high == pytest.approx(price.bills_usd * 2 + 100)


def test_the_people_of_one_way_at_a_number_of_gpus() -> None:
    pricer = Pricer(SIMPLE, COMPUTED)
    assert pricer.people_usd(RENTED, replace(NEEDS, staffing=1.5), 10) == pytest.approx(900)
    assert pricer.people_usd(CLOSED, NEEDS, 10) == pytest.approx(50)
    stated = Pricer(SIMPLE, replace(COMPUTED, fte=3.0))
    assert stated.people_usd(RENTED, NEEDS, 10) == pytest.approx(3000)


def test_more_gpus_take_more_people() -> None:
    ten = priced(replace(NEEDS, volume=864_000))
    # 12 busy replicas and a spare one.
    assert ten[RENTED].fte == pytest.approx(0.4 + 13 * 0.02)
    assert ten[OWNED].fte == pytest.approx(0.7 + 13 * 0.03)
    assert ten[CLOSED].fte == pytest.approx(0.05)
