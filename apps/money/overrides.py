"""What a person picks of the market instead of what is cheapest: models, GPU, precision, day.

Each pick is a key of the URL contract; an empty one leaves the choice to the computation.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from apps.money.market import Market
from apps.money.suitability import may_be_picked

CLOSED, OPEN, GPU, BITS, AT = "closed", "open", "gpu", "bits", "at"
AVOID, NEED = "avoid", "need"
# The keys in canonical order, with the names that the pages and the errors use.
OVERRIDES = {
    CLOSED: "Closed model",
    OPEN: "Open model",
    GPU: "GPU",
    BITS: "Precision",
    AT: "Day of the prices",
    AVOID: "Countries to avoid",
    NEED: "Capability to compare at",
}
# The catalog knows no price from before, and nobody announces one for later.
FIRST_DAY, LAST_DAY = date(2023, 3, 1), date(2035, 12, 31)
# An index of capability that any model could have.
LEAST_ECI, MOST_ECI = 50.0, 200.0
# Bits a weight, from the coarsest quantisation in use to full precision.
FEWEST_BITS, MOST_BITS = 1.0, 32.0


def known_models(market: Market, is_open: bool) -> frozenset[str]:
    """Return the slugs of the models of one kind that may be picked."""
    return frozenset(c.slug for c in market.candidates if c.is_open is is_open and may_be_picked(c))


def narrowed(market: Market, overrides: Mapping[str, str]) -> Market:
    """Return the market with only the picked models, the open ones at the picked precision.

    Models from countries to avoid are left out; where the country is not known, they stay.
    """
    avoided = overrides.get(AVOID, "").split(",")
    candidates = tuple(c for c in market.candidates if not c.country or c.country not in avoided)
    for key, is_open in ((CLOSED, False), (OPEN, True)):
        if key in overrides:
            candidates = tuple(
                c for c in candidates if c.is_open is not is_open or c.slug == overrides[key]
            )
    if BITS in overrides:
        bits = float(overrides[BITS])
        candidates = tuple(
            replace(c, bits=bits, is_requantised=True, published_gb=None, published_bits=c.bits)
            if c.is_open and bits != c.bits
            else c
            for c in candidates
        )
    if candidates == market.candidates:
        return market
    return replace(market, candidates=candidates)
