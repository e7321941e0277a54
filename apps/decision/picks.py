"""What a person picks of the market instead of what is cheapest: models, GPU, precision, day.

Each pick is a key of the URL contract; an empty one leaves the choice to the computation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from apps.decision.market import Market
from apps.decision.reading import Problem, UnreadableError, read_day, read_slug, read_within
from apps.decision.suitable import may_be_picked

CLOSED, OPEN, GPU, BITS, AT = "closed", "open", "gpu", "bits", "at"
# The keys in canonical order, with the names that the pages and the errors use.
PICKS = {
    CLOSED: "Closed model",
    OPEN: "Open model",
    GPU: "GPU",
    BITS: "Precision",
    AT: "Day of the prices",
}
# The catalog knows no price from before, and nobody announces one for later.
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2035, 12, 31)
# Bits a weight, from the coarsest quantisation in use to full precision.
FEWEST_BITS, MOST_BITS = 1.0, 32.0


def read_pick(key: str, values: Sequence[str]) -> str:
    """Return the canonical text of a pick; whether the market has it is asked by `problems`."""
    name = PICKS[key]
    if key == AT:
        return read_day(name, values, FIRST_DAY, LAST_DAY).isoformat()
    if key == BITS:
        return f"{read_within(name, values, FEWEST_BITS, MOST_BITS):.12g}"
    return read_slug(name, values)


def day_asked(pairs: Iterable[tuple[str, str]]) -> date | None:
    """Return the day whose prices a URL asks for; None where it names none that can be read."""
    values = [value.strip() for key, value in pairs if key == AT and value.strip()]
    try:
        return date.fromisoformat(read_pick(AT, list(dict.fromkeys(values)))) if values else None
    except UnreadableError:
        return None


def problems(market: Market, picks: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return the picks that the market does not have, each with a sentence."""
    known = {
        CLOSED: {c.slug for c in market.candidates if not c.is_open and may_be_picked(c)},
        OPEN: {c.slug for c in market.candidates if c.is_open and may_be_picked(c)},
        GPU: {gpu.slug for gpu in market.gpus},
    }
    return tuple(
        Problem(key, value, f"{PICKS[key]}: “{value}” is not one that can be priced")
        for key, value in picks.items()
        if key in known and value not in known[key]
    )


def narrowed(market: Market, picks: Mapping[str, str]) -> Market:
    """Return the market with only the picked models, the open ones at the picked precision."""
    candidates = market.candidates
    for key, is_open in ((CLOSED, False), (OPEN, True)):
        if key in picks:
            candidates = tuple(
                c for c in candidates if c.is_open is not is_open or c.slug == picks[key]
            )
    if BITS in picks:
        bits = float(picks[BITS])
        candidates = tuple(
            replace(c, bits=bits, is_requantised=bits != c.bits) if c.is_open else c
            for c in candidates
        )
    if candidates == market.candidates:
        return market
    return replace(market, candidates=candidates)
