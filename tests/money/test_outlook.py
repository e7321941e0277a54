"""What a month's amounts come to over volumes, months and inputs, worked out by hand.

One request a second, three at the peak. The open model takes 0.2 GPU-seconds a request, so that a
GPU at half its speed carries 72,000 requests a day at the peak; it costs $1,752 a month rented and
$803 owned, infrastructure included. A request costs $0.012 closed and $0.002 hosted.
"""

from dataclasses import replace
from datetime import timedelta
from math import ceil, inf, isnan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.money.api import TokenPrice
from apps.money.break_even import Reason
from apps.money.market import Candidate, Gpu, Market, on_day
from apps.money.memory import Architecture
from apps.money.needs import Needs, RequestSize
from apps.money.options import OPTIONS, Option
from apps.money.outlook.curve import crossings, curve
from apps.money.outlook.fit import precision_fits
from apps.money.outlook.levers import swings
from apps.money.outlook.regret import regret
from apps.money.outlook.report import report
from apps.money.outlook.stairs import stairs
from apps.money.outlook.totals import month, totals
from apps.money.pricing import Pricer
from tests.markets import ASSUMPTIONS, DAY, H100, NEEDS, asking, closed, market, offer, opened

CLOSED, HOSTED, RENTED, OWNED, HYBRID = OPTIONS
RENT, OWN = 1752.0, 803.0
EACH = 72_000
# A month of today's volume.
REQUESTS = 86_400 * 365 / 12


def pricer(*candidates: Candidate, **assumed: Any) -> Pricer:
    found = market(*(candidates or (closed(), opened())))
    return Pricer(found, replace(ASSUMPTIONS, **assumed))


def at(volume: float) -> Needs:
    return replace(NEEDS, volume=volume)


# The curve


def test_the_curve_goes_two_decades_both_ways_in_even_steps_through_todays_volume() -> None:
    volumes = [point.volume for point in curve(pricer(), NEEDS)]
    steps = [1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 86_400, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6]
    assert volumes == steps


@pytest.mark.parametrize(
    ("volume", "first", "last"), [(1, 1, 100), (1e9, 1e7, 1e9), (40, 1, 2000), (3e8, 5e6, 1e9)]
)
def test_the_curve_stays_between_one_and_a_billion(
    volume: float, first: float, last: float
) -> None:
    volumes = [point.volume for point in curve(pricer(), at(volume))]
    assert (volumes[0], volumes[-1]) == (first, last)
    assert volume in volumes


def test_every_point_of_the_curve_is_what_the_options_cost_there() -> None:
    found = pricer()
    for point in curve(found, NEEDS):
        amounts = tuple(price.expected for price in point.prices)
        assert amounts == pytest.approx(found.expected(at(point.volume)))


# Break-even


def test_break_even_is_where_self_hosting_stays_cheaper() -> None:
    found = {(c.api, c.own): c for c in crossings(pricer(), NEEDS)}
    # One GPU and the spare, $400 of people more than the API needs, at $0.365 a request and day.
    rented = found[CLOSED, RENTED]
    assert rented.found.volume == pytest.approx((2 * RENT + 400) / 0.365)
    assert rented.usd == pytest.approx(2 * RENT + 400 + 100)
    # On the first GPU it is cheaper than the host only for a while: the second one ends that.
    per_day = 0.002 * 365 / 12
    assert found[HOSTED, RENTED].found.volume == pytest.approx((3 * RENT + 300) / per_day)


def test_a_price_below_that_of_full_gpus_is_never_reached() -> None:
    (_, _, rented, owned) = crossings(pricer(closed(), opened(price=0.1)), NEEDS)
    assert (rented.found.reason, rented.found.volume, rented.usd) == (Reason.NEVER, None, None)
    assert owned.found.reason is Reason.NEVER


def test_there_is_no_break_even_where_an_option_cannot_be_priced() -> None:
    assert crossings(pricer(closed()), NEEDS) == ()


# Regret


def test_regret_is_the_cost_above_the_cheapest_at_each_volume() -> None:
    found = regret(pricer(), NEEDS)
    assert [column.volume for column in found.columns] == [8_640, 86_400, 864_000]
    assert [column.cheapest for column in found.columns] == [HOSTED, OWNED, OWNED]
    rows = {row.option: row for row in found.rows}
    hosted = (525.6 + 200, 5_256 + 200, 52_560 + 200)
    owned = (2 * OWN + 1000, 3 * OWN + 1000, 13 * OWN + 1000)
    assert [c.usd for c in rows[HOSTED].cells] == pytest.approx(hosted)
    assert [c.usd for c in rows[OWNED].cells] == pytest.approx(owned)
    assert [c.regret for c in rows[HOSTED].cells] == pytest.approx(
        [0, hosted[1] - owned[1], hosted[2] - owned[2]]
    )
    assert rows[HOSTED].most == pytest.approx(hosted[2] - owned[2])
    assert rows[OWNED].most == pytest.approx(owned[0] - hosted[0])


def test_the_cheapest_is_one_that_no_must_have_rules_out() -> None:
    found = regret(pricer(), NEEDS, among=(CLOSED, HYBRID))
    assert {column.cheapest for column in found.columns} == {HYBRID}
    assert {row.option: row.most for row in found.rows}[HYBRID] == 0


def test_what_cannot_be_priced_has_no_regret_and_is_never_the_cheapest() -> None:
    found = regret(pricer(closed()), NEEDS)
    assert [column.cheapest for column in found.columns] == [CLOSED] * 3
    assert all(isnan(row.most) for row in found.rows if row.option is not CLOSED)


# Months


def test_a_month_is_the_sum_of_its_parts() -> None:
    found = pricer()
    for price in found.detail(NEEDS):
        assert month(price).total == pytest.approx(price.expected)
    rented = month(found.detail(NEEDS)[2])
    assert rented.all == pytest.approx((0, 3 * 1460, 3 * 1460 * 0.2, 500, 0))


def test_without_growth_a_year_is_twelve_months_and_the_set_up() -> None:
    found = {(t.option, t.months): t for t in totals(pricer(setup_closed=2, setup=3), NEEDS)}
    assert found[CLOSED, 12].parts.all == pytest.approx((12 * 31_536, 0, 0, 1200, 2000))
    assert found[CLOSED, 36].parts.all == pytest.approx((36 * 31_536, 0, 0, 3600, 2000))
    year = found[RENTED, 12].parts
    assert year.all == pytest.approx((0, 36 * 1460, 36 * 292, 6000, 3000))
    assert year.total == pytest.approx(36 * RENT + 9000)


def test_growth_brings_more_tokens_and_more_gpus_month_by_month() -> None:
    found = {(t.option, t.months): t for t in totals(pricer(growth=0.1), NEEDS)}
    assert found[CLOSED, 12].parts.tokens == pytest.approx(31_536 * (1.1**12 - 1) / 0.1)
    gpus = [ceil(86_400 * 1.1**k / EACH - 1e-9) + 1 for k in range(12)]
    assert found[RENTED, 12].parts.gpus == pytest.approx(sum(gpus) * 1460)
    assert found[RENTED, 12].last_volume == pytest.approx(86_400 * 1.1**11)


def announced(*changes: tuple[int, float]) -> Candidate:
    """Return a closed model of $6 whose price changes after so many days."""
    later = tuple((DAY + timedelta(days=days), TokenPrice(usd, usd)) for days, usd in changes)
    return closed(offers=(replace(offer("maker", 6.0), later=later),))


def test_an_announced_price_counts_from_the_month_whose_middle_it_reaches() -> None:
    found = totals(pricer(announced((45, 12.0)), opened()), NEEDS)
    assert found[0].parts.tokens == pytest.approx(31_536 + 11 * 2 * 31_536)


def test_months_begin_with_the_expected_start() -> None:
    found = totals(pricer(announced((45, 12.0)), opened()), asking(starts_in=6))
    assert found[0].parts.tokens == pytest.approx(12 * 2 * 31_536)


def test_a_year_of_months_is_twelve_times_the_mean_month() -> None:
    # The third and the seventh month end on the days 91 and 213.
    made = pricer(announced((91, 12.0), (213, 3.0)), opened())
    for starts_in in (0.0, 3.0):
        needs = asking(starts_in=starts_in)
        months = totals(made, needs)[0].parts.total / made.expected(needs)[0]
        assert months == pytest.approx(12, rel=0.002)


def test_the_market_of_a_day_has_the_prices_of_that_day_alone() -> None:
    found = market(announced((45, 12.0)), opened())
    for days, usd in ((0, 6), (44, 6), (45, 12), (400, 12)):
        (one,) = on_day(found, DAY + timedelta(days=days)).candidates[0].offers
        assert (one.price.input, one.later) == (usd, ())


def test_what_cannot_be_priced_has_no_total() -> None:
    found = {t.option: t for t in totals(pricer(closed()), NEEDS)}
    assert isnan(found[HOSTED].parts.total)
    assert found[CLOSED].parts.total > 0


# What moves it


def test_the_inputs_that_move_the_hosted_model_most_come_first() -> None:
    found = {swing.key: swing for swing in swings(pricer(), NEEDS, HOSTED, {})}
    tokens = 5_256
    assert {key: round(swing.width, 6) for key, swing in found.items()} == pytest.approx(
        {
            "token-price": 1.5 * tokens,
            "volume": 1.5 * tokens,
            "tokens_in": 0.75 * tokens,
            "tokens_out": 0.75 * tokens,
            "retry": 0.5 * tokens,
            "batch": 0.25 * tokens,
        }
    )
    assert [swing.width for swing in found.values()] == sorted(
        (swing.width for swing in found.values()), reverse=True
    )
    assert (found["volume"].low.value, found["volume"].high.value) == (43_200, 172_800)
    assert found["volume"].low.usd == pytest.approx(tokens / 2 + 200)


def test_each_end_tells_which_option_is_cheapest_there() -> None:
    found = {s.key: s for s in swings(pricer(), at(30_000), HOSTED, {})}
    assert found["volume"].low.cheapest is HOSTED
    assert found["volume"].high.cheapest is OWNED
    among = (CLOSED, HOSTED)
    kept = {s.key: s for s in swings(pricer(), at(30_000), HOSTED, {}, among)}
    assert kept["volume"].high.cheapest is HOSTED


def test_an_end_at_which_an_option_lacks_the_capability_does_not_make_it_the_cheapest() -> None:
    # At an index of 133 there is no open model, so that the closed one is cheapest of its like.
    found = pricer(closed(), closed("big", 9.0, eci=140), opened())
    needs, left = replace(NEEDS, least_eci=128.0), (CLOSED, OWNED)
    (need,) = (s for s in swings(found, needs, CLOSED, {}, left, 20) if s.key == "need")
    assert (need.low.value, need.high.value) == (123, 133)
    assert (need.low.cheapest, need.high.cheapest) == (OWNED, CLOSED)


def test_the_gpus_move_with_their_price_their_speed_and_the_spare() -> None:
    found = {s.key: s for s in swings(pricer(), NEEDS, RENTED, {}, count=99)}
    assert found["gpu-price"].low.usd == pytest.approx(1.5 * RENT + 500)
    assert found["gpu-price"].high.usd == pytest.approx(6 * RENT + 500)
    # At a quarter of the speed 2.4 replicas are busy, at full speed 0.6.
    assert found["efficiency"].low.usd == pytest.approx(4 * RENT + 500)
    assert found["efficiency"].high.usd == pytest.approx(2 * RENT + 500)
    assert found["spare"].low.usd == pytest.approx(2 * RENT + 500)
    assert found["spare"].high.usd == pytest.approx(4 * RENT + 500)
    assert not {"retry", "batch", "token-price", "infra_own", "hard_share"} & found.keys()


def test_inputs_stay_within_their_ranges() -> None:
    ranges = {"efficiency": (0.4, 0.6), "peak": (1.0, 3.5)}
    found = {s.key: s for s in swings(pricer(), NEEDS, RENTED, ranges, count=99)}
    assert (found["efficiency"].low.value, found["efficiency"].high.value) == (0.4, 0.6)
    # A peak of 1.5 and one of 3.5 both take two busy replicas or fewer.
    assert found["peak"].low.value == 1.5


def test_an_option_that_cannot_be_priced_has_no_levers() -> None:
    assert swings(pricer(closed()), NEEDS, HOSTED, {}) == ()


# GPUs as a staircase


def test_the_staircase_names_each_step_with_what_it_carries() -> None:
    (part,) = pricer().detail(NEEDS)[2].on_gpus
    found = stairs(part)
    assert [stair.end for stair in found] == pytest.approx([EACH * n for n in range(1, 6)])
    assert [stair.gpus for stair in found] == [2, 3, 4, 5, 6]
    assert [stair.usd for stair in found] == pytest.approx([RENT * n for n in range(2, 7)])
    assert [stair.is_today for stair in found] == [False, True, False, False, False]
    # 144,000 requests of 0.2 GPU-seconds on three GPUs at half their speed.
    assert found[1].full == pytest.approx(144_000 / 86_400 * 0.2 / 0.5 / 3)


@given(volume=st.floats(1, 1e9), spare=st.integers(0, 3), peak=st.floats(1, 50))
def test_no_cost_is_claimed_beyond_what_the_stated_gpus_carry(
    volume: float, spare: int, peak: float
) -> None:
    found = pricer(spare=spare, peak=peak)
    for option in (RENTED, OWNED):
        (part,) = found.detail(at(volume))[OPTIONS.index(option)].on_gpus
        capacity = (part.fleet.replicas - spare) * part.serving.requests_per_replica
        assert volume <= capacity * (1 + 1e-9)
        assert part.month.gpu_usd == pytest.approx(part.fleet.gpus * part.deployment.hourly * 730)
        today = next(stair for stair in stairs(part) if stair.is_today)
        assert today.start * (1 - 1e-9) <= volume <= today.end * (1 + 1e-9)
        assert (today.gpus, today.usd) == pytest.approx((part.fleet.gpus, part.monthly_usd))


@given(volume=st.floats(1, 1e8))
def test_a_saving_by_self_hosting_is_one_at_the_volume_that_is_served(volume: float) -> None:
    found = pricer()
    for crossing in crossings(found, NEEDS):
        even = crossing.found.volume
        if even is None or volume <= even:
            continue
        amounts = found.expected(at(volume))
        api, own = (amounts[OPTIONS.index(o)] for o in (crossing.api, crossing.own))
        assert own <= api * (1 + 1e-9)


# Memory


def test_the_memory_of_each_precision_and_why_not_fewer_gpus() -> None:
    big = opened(params_b=100.0)
    found = {fit.bits: fit for fit in precision_fits(big, (H100,), RequestSize(1000, 1000))}
    # 1.05 times the weights, and 0.2 GB of cache for 2,000 tokens; a GPU leaves 70 GB.
    needs = {bits: fit.need_gb for bits, fit in found.items()}
    assert needs == pytest.approx({16.0: 210.2, 8.0: 105.2, 4.0: 52.7})
    gpus = {bits: fit.fits[0] for bits, fit in found.items()}
    assert {bits: fit.gpus for bits, fit in gpus.items()} == {16.0: 4, 8.0: 2, 4.0: 1}
    assert gpus[8.0].leaves_gb == pytest.approx(140)
    assert gpus[8.0].short_gb == pytest.approx(35.2)
    assert gpus[4.0].short_gb is None
    assert [bits for bits, fit in found.items() if fit.is_chosen] == [8.0]


def test_what_sixteen_gpus_do_not_hold_fits_nowhere() -> None:
    huge = opened(params_b=1000.0, bits=16.0)
    fit = precision_fits(huge, (H100,), RequestSize(1000, 1000))[0].fits[0]
    assert fit.gpus is None
    # 0.2 GB for the request, 1.6 times because there are 10 heads for 16 GPUs
    assert fit.short_gb == pytest.approx(2100.32 - 16 * 70)


def test_a_need_is_that_of_so_many_gpus_as_hold_it() -> None:
    # 105 GB of weights; 10 MB a token in one head: 20 GB a request on each GPU
    heavy = opened(params_b=100.0, architecture=Architecture(25, 1, 100_000))
    fit = precision_fits(heavy, (H100,), RequestSize(1000, 1000))[1]
    assert fit.need_gb == pytest.approx(125)
    assert fit.fits[0].gpus == 4
    assert fit.fits[0].need_gb == pytest.approx(105 + 4 * 20)
    assert fit.fits[0].short_gb == pytest.approx(105 + 2 * 20 - 140)


def test_a_model_of_unknown_size_is_not_guessed() -> None:
    assert precision_fits(opened(params_b=None), (H100,), RequestSize(1, 1)) == ()
    assert precision_fits(opened(architecture=None), (H100,), RequestSize(1, 1)) == ()


def test_the_same_model_is_priced_on_every_gpu_it_runs_on() -> None:
    small, dear = Gpu("small", "Small", 8, 0.1, None), Gpu("dear", "Dear", 80, 9.0, 9.0)
    made = Market("1", DAY, (closed(), opened()), (H100, small, dear), market().profiles)
    found = Pricer(made, ASSUMPTIONS).on_each_gpu(NEEDS, RENTED)
    usd = {gpu.slug: part and part.monthly_usd for gpu, part in found}
    # The small one does not hold 10.7 GB, and on neither of the others was anything measured.
    assert usd == {"h100": pytest.approx(3 * RENT), "small": None, "dear": None}
    assert Pricer(made, ASSUMPTIONS).on_each_gpu(NEEDS, CLOSED) == ()


# The report


def test_the_report_is_of_one_workload() -> None:
    found = report(pricer(), NEEDS, OPTIONS, None, {})
    assert found.cheapest is OWNED
    assert found.focus is OWNED
    here = next(point for point in found.curve if point.volume == NEEDS.volume)
    assert here.prices == found.prices
    planned = next(i for i, column in enumerate(found.regret.columns) if column.scale == 1)
    assert [row.cells[planned].usd for row in found.regret.rows] == [
        price.expected for price in found.prices
    ]
    assert [hosting.option for hosting in found.hosting] == [RENTED, OWNED]


@settings(max_examples=25)
@given(
    volume=st.floats(1, 1e9),
    tokens_in=st.floats(0, 1e7),
    tokens_out=st.floats(1, 1e7),
    growth=st.floats(0, 0.2),
)
def test_any_workload_has_a_report(
    volume: float, tokens_in: float, tokens_out: float, growth: float
) -> None:
    needs = replace(NEEDS.with_tokens(tokens_in, tokens_out), volume=volume)
    found = report(pricer(growth=growth), needs, OPTIONS, None, {"efficiency": (0.05, 1.0)})
    assert found.prices == found.curve[[p.volume for p in found.curve].index(volume)].prices
    for total in found.totals:
        assert not total.parts.total < 0
        assert total.parts.total != inf


def test_a_market_without_models_gives_a_report_of_unknowns() -> None:
    found = report(Pricer(market(), ASSUMPTIONS), NEEDS, OPTIONS, None, {})
    assert (found.cheapest, found.focus, found.swings, found.hosting) == (None, None, (), ())
    assert all(isnan(price.expected) for price in found.prices)
    assert {type(row.option) for row in found.regret.rows} == {Option}


def test_the_cheapest_is_one_that_lacks_least() -> None:
    deaf = asking(modality="images")
    sees = closed(modalities=frozenset({"text", "image"}))
    found = report(pricer(sees, opened()), deaf, OPTIONS, None, {})
    assert found.among == (CLOSED,)
    assert found.cheapest is CLOSED
    # Where every option lacks the same, all are compared again.
    assert report(pricer(), deaf, OPTIONS, None, {}).among == OPTIONS
    # A host that does not count is the smaller lack.
    far = replace(offer("far", 6.0), facts=frozenset())
    weak = report(pricer(replace(sees, offers=(far,)), opened()), deaf, OPTIONS, None, {})
    assert weak.among == (CLOSED,)
    # What a must-have rules out stays out.
    assert report(pricer(), NEEDS, (HOSTED, HYBRID), None, {}).cheapest is HOSTED


def test_at_a_stated_capability_who_falls_short_is_not_compared_with_who_does_not() -> None:
    found = pricer(closed(price=0.01, eci=90), opened(eci=140))
    made = report(found, replace(NEEDS, least_eci=135.0), OPTIONS, None, {})
    assert made.among == (HOSTED, RENTED, OWNED)
    assert made.cheapest is OWNED
