"""Fleets, their months, and the volume from which they pay."""

from collections.abc import Callable
from dataclasses import replace
from math import ceil, inf
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.money.break_even import BreakEven, Plan, Reason, break_even, break_even_of_best
from apps.money.gpus import Serving, fleet
from apps.money.self_hosted import self_hosted_month
from tests.money.examples import servings

# 0.1 GPU-seconds at half efficiency on two GPUs: a replica serves 10 requests a second.
SERVING = Serving(gpu_seconds=0.1, gpus_per_replica=2, efficiency=0.5)
A_SECOND = 86_400
MONTH = 365 / 12


@pytest.mark.parametrize(
    ("volume", "changes", "replicas"),
    [
        (0, {}, 1),
        (1, {}, 1),
        (10 * A_SECOND, {}, 1),
        (10 * A_SECOND + 1, {}, 2),
        (10 * A_SECOND, {"peak": 2.5}, 3),
        (10 * A_SECOND, {"spare": 2}, 3),
        (10 * A_SECOND, {"spare": 0.5}, 2),  # part of a spare replica is a whole one
        # a request stays 4 s and a replica holds 8 of them: 2 requests a second
        (10 * A_SECOND, {"request_seconds": 4, "replica_concurrency": 8}, 5),
        (10 * A_SECOND, {"request_seconds": 4, "replica_concurrency": 80}, 1),
    ],
)
def test_replicas(volume: float, changes: dict[str, Any], replicas: int) -> None:
    found = fleet(replace(SERVING, **changes), volume)
    assert (found.replicas, found.gpus) == (replicas, replicas * 2)


def test_a_month_of_gpus_infrastructure_and_people() -> None:
    month = self_hosted_month(replace(SERVING, spare=1), 5 * A_SECOND, 2.0, 0.2, 1000)
    # four GPUs at $2 for 730 hours, of which a quarter is used
    assert month.gpu_usd == pytest.approx(5840)
    assert month.infra_usd == pytest.approx(1168)
    assert month.fleet.utilisation == pytest.approx(0.25)
    assert month.idle_usd == pytest.approx(4380)
    assert month.month_usd == pytest.approx(8008)


@given(servings(), st.floats(0, 1e9), st.floats(1, 1000))
def test_cost_never_falls_with_volume(serving: Serving, volume: float, times: float) -> None:
    before = self_hosted_month(serving, volume, 2.95, 0.2, 100)
    after = self_hosted_month(serving, volume * times, 2.95, 0.2, 100)
    assert after.month_usd >= before.month_usd


@given(servings(), st.floats(0, 1e9))
def test_gpus_are_never_busier_than_the_peak_allows(serving: Serving, volume: float) -> None:
    found = fleet(serving, volume)
    assert 0 <= found.utilisation <= 1 / serving.peak * (1 + 1e-9)
    assert found.gpus == found.replicas * serving.gpus_per_replica
    assert found.replicas >= 1 + serving.spare


# --- break-even ---

# One replica of two GPUs at $1/1.2 with 20 % infrastructure: $1,460 a month, 20 requests a second
# at most. A request on the API at $0.0003 is $0.009125 a month for each daily request.
CHEAP = Serving(gpu_seconds=0.05, gpus_per_replica=2, efficiency=0.5)
HOURLY = 1 / 1.2


def of(api_usd: float, people: float, api_people: float = 0, spare: float = 0) -> BreakEven:
    serving = replace(CHEAP, spare=spare)
    return break_even(api_usd, api_people, serving, HOURLY, 0.2, people)


@pytest.mark.parametrize(
    ("found", "reason", "volume"),
    [
        # the first replica pays at 1,460 / 0.009125, the people at twice that
        (of(0.0003, 0), Reason.REACHED, 160_000),
        (of(0.0003, 1460), Reason.REACHED, 320_000),
        (of(0.0003, 1460, api_people=1460), Reason.REACHED, 160_000),
        (of(0.0003, 0, spare=1), Reason.REACHED, 320_000),
        (of(0.0003, 0, api_people=1460), Reason.ALWAYS, 0),
        # a full replica serves 1,728,000 a day for $1,460: $0.00002778 a request
        (of(0.000027, 0), Reason.NEVER, None),
        (of(0, 0), Reason.NEVER, None),
    ],
)
def test_break_even(found: BreakEven, reason: Reason, volume: float | None) -> None:
    assert found.reason is reason
    assert found.volume == (None if volume is None else pytest.approx(volume))


def test_the_last_step_that_starts_dearer_holds_the_break_even() -> None:
    # At $0.00005 a daily request costs 0.00152083 a month. Two replicas and nobody else cost
    # $2,920 until 1,920,000 requests, just after the first step; it starts dearer, the third
    # ($4,380 from 3,456,000, where the API costs $5,256) does not.
    found = of(0.00005, 0)
    assert found.volume == pytest.approx(2920 / (0.00005 * MONTH))
    assert found.volume == pytest.approx(1_920_000)


def test_both_prices_of_one_more_request_are_reported() -> None:
    found = of(0.0003, 0)
    assert found.api_request_usd == 0.0003
    # g·peak/efficiency·hourly·(1 + infra)/3600
    assert found.self_request_usd == pytest.approx(0.05 / 0.5 * 1 / 3600)


def test_where_memory_sets_the_replicas_it_sets_the_break_even() -> None:
    # 4 s in flight, 2 at once: one request in two seconds, 43,200 a day for $1,460
    tight = replace(CHEAP, request_seconds=4, replica_concurrency=2)
    each = 1460 / 43_200 / MONTH
    assert break_even(each * 0.99, 0, tight, HOURLY, 0.2, 0).reason is Reason.NEVER
    # 1.5 times that price: every second step starts dearer, none after it
    assert break_even(each * 1.5, 0, tight, HOURLY, 0.2, 0).volume == pytest.approx(57_600)


def brute_force(plans: list[Plan], people: float, volume: float) -> float:
    """Return the cheapest plan's month, written out from the definitions."""
    months = []
    for plan in plans:
        s = plan.serving
        by_time = volume / 86_400 * s.peak * s.gpu_seconds / (s.efficiency * s.gpus_per_replica)
        by_memory = volume / 86_400 * s.peak * s.request_seconds / s.replica_concurrency
        # volumes are chosen at steps: a hair of rounding must not climb one
        replicas = max(1, ceil(max(by_time, by_memory) * (1 - 1e-10))) + ceil(s.spare)
        gpus = replicas * s.gpus_per_replica
        months.append(gpus * plan.hourly * 730 * (1 + plan.infra) + people)
    return min(months)


def ends_of_steps(plans: list[Plan], upto: float) -> list[float]:
    """Return volumes just after steps: the places where self-hosting is dearest."""
    found = []
    for plan in plans:
        each = plan.serving.requests_per_replica
        if each < inf:
            steps = min(int(upto / each) + 2, 300)
            found += [each * step * (1 + 1e-7) for step in range(1, steps)]
            last = int(upto / each)
            found += [each * step * (1 + 1e-7) for step in range(max(1, last - 50), last + 50)]
    return found


# The first plan costs $16,500 up to 691 million requests a day. The second costs $16,000 for every
# 250,000: cheaper than an API at $0.0022 just below that volume, but for good only far above it.
HANDED_OVER = [
    Plan(Serving(0.001, 8, 1), 16_500 / 730 / 8, 0.0),
    Plan(Serving(0.3456, 1, 1), 16_000 / 730, 0.0),
]


def test_one_plan_hands_over_to_the_next() -> None:
    found = break_even_of_best(0.0022, 0, HANDED_OVER, 0)
    assert found.volume == pytest.approx(16_000 / (0.0022 * MONTH))


plans_of_many = st.lists(
    st.builds(Plan, servings(), hourly=st.floats(0.1, 20), infra=st.floats(0, 1)),
    min_size=1,
    max_size=4,
)


@given(plans_of_many, st.floats(1e-6, 10), st.floats(0, 50_000), st.floats(0, 50_000))
@example(HANDED_OVER, 0.0022, 0.0, 0.0)
def test_a_break_even_is_where_self_hosting_becomes_cheaper_for_good(
    plans: list[Plan], api_usd: float, api_people: float, people: float
) -> None:
    found = break_even_of_best(api_usd, api_people, plans, people)

    def gain(volume: float) -> float:
        api = volume * MONTH * api_usd + api_people
        return (api - brute_force(plans, people, volume)) / api

    if found.volume is None:
        assert found.reason is Reason.NEVER
        assert all(plan_request_usd(plan) >= api_usd * (1 - 1e-9) for plan in plans)
        return
    after = [found.volume * factor + 1e-6 for factor in (1 + 1e-7, 1.01, 1.5, 2, 10, 1000)]
    after += [v for v in ends_of_steps(plans, 3 * found.volume) if v > found.volume * (1 + 1e-7)]
    assert min(gain(volume) for volume in after) >= -1e-6
    if found.volume > 0:
        assert gain(found.volume) == pytest.approx(0, abs=1e-6)
        assert gain(found.volume * (1 - 1e-6)) < 0
    else:
        assert found.reason is Reason.ALWAYS


def plan_request_usd(plan: Plan) -> float:
    """Return g·peak/efficiency·hourly·(1 + infra)/3600, or its like by memory."""
    s = plan.serving
    by_time = s.gpu_seconds / s.efficiency
    by_memory = s.request_seconds / s.replica_concurrency * s.gpus_per_replica
    return max(by_time, by_memory) * s.peak * plan.hourly * (1 + plan.infra) / 3600


@given(servings(), st.floats(1e-6, 10), st.floats(0.1, 20), st.floats(0, 1), st.floats(0, 5e4))
def test_of_several_plans_the_break_even_is_no_later_than_of_one(
    serving: Serving, api_usd: float, hourly: float, infra: float, people: float
) -> None:
    alone = break_even(api_usd, 0, serving, hourly, infra, people)
    plans = [Plan(serving, hourly, infra), Plan(SERVING, 2.0, 0.2)]
    both = break_even_of_best(api_usd, 0, plans, people)
    if alone.volume is not None:
        assert both.volume is not None
        assert both.volume <= alone.volume


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: replace(SERVING, gpu_seconds=-1), "gpu_seconds"),
        (lambda: replace(SERVING, gpus_per_replica=0), "gpus_per_replica"),
        (lambda: replace(SERVING, efficiency=0), "efficiency"),
        (lambda: replace(SERVING, efficiency=1.1), "efficiency"),
        (lambda: replace(SERVING, peak=0.5), "peak"),
        (lambda: replace(SERVING, spare=-1), "spare"),
        (lambda: replace(SERVING, request_seconds=-1), "request_seconds"),
        (lambda: replace(SERVING, replica_concurrency=0), "replica_concurrency"),
        (lambda: fleet(SERVING, -1), "volume"),
        (lambda: self_hosted_month(SERVING, 1, -1, 0), "hourly"),
        (lambda: self_hosted_month(SERVING, 1, 1, -1), "infra"),
        (lambda: self_hosted_month(SERVING, 1, 1, 0, -1), "people_usd"),
        (lambda: break_even(-1, 0, SERVING, 1, 0, 0), "api_request_usd"),
        (lambda: break_even(1, -1, SERVING, 1, 0, 0), "api_people_usd"),
        (lambda: break_even(1, 0, SERVING, 1, -1, 0), "infra"),
        (lambda: break_even_of_best(1, 0, (), 0), "plans"),
    ],
)
def test_a_value_out_of_range_is_named(make: Callable[[], object], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} must be"):
        make()
