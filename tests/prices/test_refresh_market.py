"""Leaving out undercut offers changes no cheapest price, whatever the request."""

from hypothesis import given
from hypothesis import strategies as st

from apps.catalog.compile import can_win
from apps.money.api import PriceStep, TokenPrice, request_usd
from apps.money.market import Offer
from apps.money.workload import Workload
from tests.prices.pricing_source import TODAY

DOLLARS = st.integers(1, 8).map(float)
STEPS = st.one_of(
    st.just(()), st.tuples(st.builds(PriceStep, st.just(1000), DOLLARS, DOLLARS, st.none()))
)
PRICES = st.builds(TokenPrice, DOLLARS, DOLLARS, st.none() | DOLLARS, STEPS)
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
    batch=st.just(0),
    retry=st.just(0),
    batch_discount=st.just(0),
)


@given(offers=OFFERS, request=REQUESTS)
def test_the_cheapest_is_still_there(offers: list[Offer], request: Workload) -> None:
    kept = can_win(offers)
    for found, left in (
        (offers, kept),
        ([o for o in offers if not o.is_router], [o for o in kept if not o.is_router]),
    ):
        before = min((request_usd(o.price, request) for o in found), default=None)
        assert min((request_usd(o.price, request) for o in left), default=None) == before
