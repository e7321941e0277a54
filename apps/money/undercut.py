"""The offers of a model that can be the cheapest for some request; sourcing searches only them."""

from collections.abc import Sequence
from math import inf

from apps.money.api import TokenPrice, cache_write_usd, cached_usd
from apps.money.market import Offer


def can_win(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Leave out offers that another one undercuts for every request: they are never the cheapest.

    A router undercuts nobody but routers, nobody undercuts who takes longer requests, and what
    steps up with the prompt's length, or changes on a day that is announced, is kept.
    """
    best: list[Offer] = []
    for offer in sorted(offers, key=lambda offer: (offer.price.input, offer.price.output)):
        if not any(_undercuts(other, offer) for other in best):
            best.append(offer)
    kept = {id(offer) for offer in best}
    return tuple(offer for offer in offers if id(offer) in kept)


def _undercuts(one: Offer, other: Offer) -> bool:
    if one.price.steps or other.price.steps or one.later or other.later:
        return False
    if one.is_router and not other.is_router:
        return False
    if (one.context_tokens or inf) < (other.context_tokens or inf):
        return False
    if other.price.sells_batches and not one.price.sells_batches:
        return False
    prices, others = _all_of(one.price), _all_of(other.price)
    # A known batch price beside an assumed discount: which is lower depends on the discount.
    if len(prices) != len(others):
        return False
    return prices != others and all(p <= o for p, o in zip(prices, others, strict=True))


def _all_of(price: TokenPrice) -> tuple[float, ...]:
    prices = (price.input, price.output, cached_usd(price), *cache_write_usd(price))
    if price.batch_input is None or price.batch_output is None:
        return prices
    left = price.batch_input / price.input if price.input else 1.0
    cached = cached_usd(price) * left if price.batch_cached is None else price.batch_cached
    written = (usd * left for usd in cache_write_usd(price))
    return (*prices, price.batch_input, price.batch_output, cached, *written)
