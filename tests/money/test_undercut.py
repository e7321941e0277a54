"""Leaving out undercut offers changes no cheapest price, whatever the request."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.money.api import PriceStep, TokenPrice, request_usd
from apps.money.market import Offer
from apps.money.undercut import can_win
from apps.money.workload import Workload

TODAY = date(2026, 11, 22)
DOLLARS = st.integers(1, 8).map(float)
STEPS = st.one_of(
    st.just(()), st.tuples(st.builds(PriceStep, st.just(1000), DOLLARS, DOLLARS, st.none()))
)
PRICES = st.builds(
    lambda prices, batch, sells: replace(prices, **batch, sells_batches=sells or bool(batch)),
    st.builds(
        TokenPrice,
        *(DOLLARS, DOLLARS, st.none() | DOLLARS, STEPS),
        cache_write=st.none() | DOLLARS,
        cache_write_1h=st.none() | DOLLARS,
    ),
    st.just({})
    | st.fixed_dictionaries(
        {"batch_input": DOLLARS, "batch_output": DOLLARS, "batch_cached": st.none() | DOLLARS}
    ),
    st.booleans(),
)
OFFERS = st.lists(
    st.builds(
        Offer, st.just("host"), PRICES, st.booleans(), st.just(""), st.just(""), st.just(TODAY)
    ),
    max_size=12,
)
REQUESTS = st.builds(
    Workload,
    volume=st.just(1),
    tokens_in=st.integers(1, 3000),
    tokens_out=st.integers(0, 3000),
    cached=st.sampled_from([0, 0.5, 0.9]),
    batch=st.sampled_from([0, 0.5, 1]),
    retry=st.just(0),
    batch_discount=st.sampled_from([0, 0.5]),
    written=st.sampled_from([0, 0.5, 1]),
    written_1h=st.sampled_from([0, 1]),
)


@given(offers=OFFERS, request=REQUESTS)
def test_the_cheapest_is_still_there(offers: list[Offer], request: Workload) -> None:
    kept = can_win(offers)
    for found, left in (
        (offers, kept),
        ([o for o in offers if not o.is_router], [o for o in kept if not o.is_router]),
    ):
        before = min((request_usd(o.price, request) for o in found), default=None)
        assert min((request_usd(o.price, request) for o in left), default=None) == pytest.approx(
            before
        )


def bid(input_: float, output: float, *, router: bool = False) -> Offer:
    return Offer(f"{input_}-{output}", TokenPrice(input_, output), router, "", "", TODAY)


def test_an_offer_that_another_undercuts_for_every_request_is_left_out() -> None:
    cheap, dear, short, long = bid(1, 2), bid(2, 3), bid(0.5, 4), bid(4, 1)
    assert can_win([dear, cheap, short, long]) == (cheap, short, long)


def test_an_offer_that_takes_longer_requests_is_kept() -> None:
    short, long = replace(bid(1, 2), context_tokens=1000), replace(bid(2, 3), context_tokens=2000)
    unknown = bid(3, 4)
    assert can_win([short, long, unknown]) == (short, long, unknown)


def test_equal_prices_stay_and_a_router_pushes_no_host_out() -> None:
    host, same, router = bid(1, 2), bid(1, 2), bid(0.5, 1, router=True)
    assert can_win([host, same, router]) == (host, same, router)
