"""Prices of an API: steps, cached tokens and what never happens."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.money.api import PriceStep, TokenPrice, month_usd, request_usd
from apps.money.workload import Workload
from tests.money.examples import shares, token_prices, workloads

STEPPED = TokenPrice(2, 10, 0.2, (PriceStep(100_000, 4, 15, 0.4), PriceStep(200_000, 8, 30)))


def request(tokens_in: float, tokens_out: float = 1000, cached: float = 0) -> Workload:
    return Workload(1, tokens_in, tokens_out, cached=cached, retry=0)


@pytest.mark.parametrize(
    ("tokens_in", "expected"),
    [
        (1000, 0.002 + 0.010),
        (100_000, 0.2 + 0.010),  # not longer than the step
        (100_001, 0.400004 + 0.015),  # the whole request pays the step
        (300_000, 2.4 + 0.030),
    ],
)
def test_the_length_of_the_prompt_chooses_the_step(tokens_in: int, expected: float) -> None:
    assert request_usd(STEPPED, request(tokens_in)) == pytest.approx(expected)


def test_a_month_is_priced_by_its_requests_and_not_by_its_tokens_together() -> None:
    workload = replace(request(1000), volume=1_000_000)
    assert month_usd(STEPPED, workload, 500) == pytest.approx(12_000 * 365 / 12 + 500)


@pytest.mark.parametrize(
    ("tokens_in", "expected"),
    [
        (1000, (500 * 2 + 500 * 0.2) / 1e6),
        (150_000, (75_000 * 4 + 75_000 * 0.4) / 1e6),
        (300_000, 300_000 * 8 / 1e6),  # no cached price is known in this step
    ],
)
def test_cached_tokens_pay_the_cached_price_where_it_is_known(
    tokens_in: int, expected: float
) -> None:
    assert request_usd(STEPPED, request(tokens_in, 0, cached=0.5)) == pytest.approx(expected)


BATCHED = TokenPrice(2, 10, 0.2, batch_input=1.6, batch_output=8, batch_cached=0.18)


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (BATCHED, 500 * 1.6 + 500 * 0.18 + 1000 * 8),
        (replace(BATCHED, batch_cached=None), 500 * 1.6 + 500 * 0.2 * 0.8 + 1000 * 8),
        (TokenPrice(2, 10, 0.2), (500 * 2 + 500 * 0.2 + 1000 * 10) / 2),
        (TokenPrice(2, 10, 0.2, sells_batches=False), 500 * 2 + 500 * 0.2 + 1000 * 10),
    ],
)
def test_a_batch_pays_its_own_prices_or_the_discount_or_the_list(
    price: TokenPrice, expected: float
) -> None:
    batch = replace(request(1000, cached=0.5), batch=1)
    assert request_usd(price, batch) == pytest.approx(expected / 1e6)


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (TokenPrice(2, 10, 0.2, cache_write=2.5, cache_write_1h=4), 300 * 2.5 + 100 * 4),
        (TokenPrice(2, 10, 0.2, cache_write=2.5), 400 * 2.5),
        (TokenPrice(2, 10, 0.2), 400 * 2),
    ],
)
def test_of_the_uncached_tokens_some_are_written_to_a_cache(
    price: TokenPrice, expected: float
) -> None:
    work = replace(request(1000, 0, cached=0.5), written=0.8, written_1h=0.25)
    assert request_usd(price, work) == pytest.approx((500 * 0.2 + 100 * 2 + expected) / 1e6)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: TokenPrice(-1, 1), "input"),
        (lambda: TokenPrice(1, float("nan")), "output"),
        (lambda: TokenPrice(1, 1, -0.1), "cached"),
        (lambda: TokenPrice(float("inf"), 1), "input"),
        (lambda: PriceStep(-1, 1, 1), "above_tokens"),
        (lambda: PriceStep(1, 1, -1), "output"),
        (lambda: TokenPrice(1, 1, None, (PriceStep(9, 1, 1), PriceStep(5, 1, 1))), "steps"),
        (lambda: TokenPrice(1, 1, None, (PriceStep(9, 1, 1), PriceStep(9, 1, 1))), "steps"),
        (lambda: month_usd(TokenPrice(1, 1), request(1), -1), "people_usd"),
        (lambda: Workload(-1, 1, 1), "volume"),
        (lambda: Workload(1, 1, 1, peak=0.5), "peak"),
        (lambda: Workload(1, 1, 1, cached=1.5), "cached"),
        (lambda: Workload(1, 1, 1, written=1.5), "written"),
        (lambda: TokenPrice(1, 1, cache_write=-1), "cache_write"),
    ],
)
def test_a_value_out_of_range_is_named(make: Callable[[], object], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} must be"):
        make()


@given(token_prices(), workloads(), st.floats(1, 1000))
def test_cost_never_falls_with_volume_or_tokens(
    price: TokenPrice, workload: Workload, times: float
) -> None:
    before = month_usd(price, workload)
    for field in ("volume", "tokens_in", "tokens_out"):
        more = replace(workload, **{field: min(getattr(workload, field) * times, 1e9)})
        assert month_usd(price, more) >= before * (1 - 1e-12)


@given(token_prices(), workloads(), st.floats(1, 100))
def test_cost_never_falls_with_a_price(price: TokenPrice, workload: Workload, times: float) -> None:
    before = month_usd(price, workload)
    for field in ("input", "output"):
        dearer = replace(price, **{field: getattr(price, field) * times})
        assert month_usd(dearer, workload) >= before * (1 - 1e-12)


@given(token_prices(), workloads(), shares, shares)
def test_cost_never_rises_with_the_cached_or_the_batch_share(
    price: TokenPrice, workload: Workload, one: float, other: float
) -> None:
    for field in ("cached", "batch"):
        less, more = (replace(workload, **{field: share}) for share in sorted((one, other)))
        assert month_usd(price, more) <= month_usd(price, less) * (1 + 1e-12)
