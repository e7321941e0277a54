"""Which models suit, and what is given up where none does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from apps.money.market import MODALITY_NEEDS, Candidate, Market, Offer, Rights
from apps.money.needs import Ask
from apps.money.workload import DAYS_PER_MONTH

_CURRENT = "current"
_PLAIN = "text"


class LackKind(StrEnum):
    """What the nearest model, or whoever serves it, can lack; in the order of giving up."""

    HOST = "host"
    CAPABILITY = "capability"
    MODALITY = "modality"
    CONTEXT = "context"
    # What no search gives up: a load that takes more than one device, and weights of one's own.
    LOAD = "load"
    TUNING = "tuning"


@dataclass(frozen=True, slots=True)
class Lack:
    """A need that is not met: what was wanted and what was found (None: unknown).

    Points of the index, tokens of context and requests a day are numbers, modalities keys of
    `MODALITY_NEEDS`, facts of a host words.
    """

    kind: LackKind
    wanted: float | str
    found: float | str | None


@dataclass(frozen=True, slots=True)
class Requirements:
    """What is asked at one stage of relaxing.

    `any_host` takes the hosts that come nearest to what is asked of them; a context of None is not
    asked for.
    """

    modality: str
    context: float | None
    any_host: bool

    def are_met_by(self, candidate: Candidate) -> bool:
        """Tell whether a model meets what is asked; an unknown context meets nothing."""
        if not MODALITY_NEEDS[self.modality] <= candidate.modalities:
            return False
        known = candidate.context_tokens
        return self.context is None or (known is not None and known >= self.context)


def relaxed(ask: Ask) -> Iterator[Requirements]:
    """Yield what to ask for, in order: all; any host; no modality; at last any context."""
    wanted = Requirements(ask.modality, ask.size.context, any_host=False)
    yield wanted
    modalities = dict.fromkeys((ask.modality, _PLAIN))
    for context in (wanted.context, None):
        for modality in modalities:
            yield Requirements(modality, context, any_host=True)


def model_lacks(candidate: Candidate, ask: Ask) -> Iterator[Lack]:
    """Yield what a model lacks of what is asked."""
    if not MODALITY_NEEDS[ask.modality] <= candidate.modalities:
        meets = [key for key, needs in MODALITY_NEEDS.items() if needs <= candidate.modalities]
        yield Lack(LackKind.MODALITY, ask.modality, meets[-1] if meets else None)
    context, wanted = candidate.context_tokens, ask.size.context
    if context is None or context < wanted:
        yield Lack(LackKind.CONTEXT, wanted, context)


def may_be_picked(candidate: Candidate) -> bool:
    """Tell whether a model is current and measured and, if open, a business may use it."""
    if candidate.status != _CURRENT or candidate.capability is None:
        return False
    if not candidate.is_open or candidate.rights is Rights.FREE:
        return True
    return candidate.rights is Rights.CONDITIONAL and bool(candidate.clause.strip())


def is_there(candidate: Candidate, market: Market, starts_in: float) -> bool:
    """Tell whether a model can still be had some months after the market's day."""
    start = market.as_of + timedelta(days=starts_in * DAYS_PER_MONTH)
    return candidate.ends_on is None or candidate.ends_on > start


def is_priced(offer: Offer) -> bool:
    """Tell whether an offer states a price: 0 stands for unknown or for a free tier."""
    price = offer.price
    listed = [(price.input, price.output)] + [(step.input, step.output) for step in price.steps]
    return all(input_usd > 0 and output_usd > 0 for input_usd, output_usd in listed)


def tie_order(candidate: Candidate) -> tuple[float, int, str]:
    """Return the order among equals: the more capable, then the roomier, then by slug."""
    return -index(candidate), -(candidate.context_tokens or 0), candidate.slug


# What weights at four bits lose of a model's index, in points: judgement (section 4).
_REQUANTISED_POINTS, _FEW_BITS = 2.0, 4.0


def index(candidate: Candidate, bits: float | None = None) -> float:
    """Return the points of the index that count for a model, at another precision if one is given.

    Weights at four bits or fewer lose two points where more were published.
    """
    if candidate.capability is None:
        raise ValueError(f"{candidate.slug} is not measured")
    counted = candidate.capability.counted
    served = candidate.bits if bits is None else bits
    published = candidate.published_bits or candidate.bits
    return counted - _REQUANTISED_POINTS if served <= _FEW_BITS < published else counted
