"""Which models suit, and what is given up where none does."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from apps.money.market import MODALITY_NEEDS, Candidate, Offer, Rights

_CURRENT = "current"
_PLAIN = "text"


class LackKind(StrEnum):
    """What the nearest model can lack."""

    TIER = "tier"
    MODALITY = "modality"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Lack:
    """A need that a model does not meet: what was wanted and what it has (None: unknown).

    Tiers and tokens of context are numbers, modalities keys of `MODALITY_NEEDS`.
    """

    kind: LackKind
    wanted: float | str
    found: float | str | None


@dataclass(frozen=True, slots=True)
class Requirements:
    """What is asked of a model at one stage of relaxing; a context of None is not asked for."""

    tier: int
    modality: str
    context: float | None

    def are_met_by(self, candidate: Candidate) -> bool:
        """Tell whether a model meets what is asked; an unknown context meets nothing."""
        if candidate.tier < self.tier or not MODALITY_NEEDS[self.modality] <= candidate.modalities:
            return False
        known = candidate.context_tokens
        return self.context is None or (known is not None and known >= self.context)


def relaxed(wanted: Requirements) -> Iterator[Requirements]:
    """Yield what to ask for, in order: all; a lower tier; no modality; at last any context.

    Wherever something is given up, the search begins again at the wanted tier.
    """
    tiers = range(wanted.tier, 0, -1)
    modalities = dict.fromkeys((wanted.modality, _PLAIN))
    for context in (wanted.context, None):
        for modality in modalities:
            for tier in tiers:
                yield Requirements(tier, modality, context)


def lacks(
    candidate: Candidate, wanted: Requirements, offer: Offer | None = None
) -> tuple[Lack, ...]:
    """Return what a model, or its offer, lacks of what was wanted at first."""
    found = []
    if candidate.tier < wanted.tier:
        found.append(Lack(LackKind.TIER, wanted.tier, candidate.tier))
    if not MODALITY_NEEDS[wanted.modality] <= candidate.modalities:
        meets = [key for key, needs in MODALITY_NEEDS.items() if needs <= candidate.modalities]
        found.append(Lack(LackKind.MODALITY, wanted.modality, meets[-1] if meets else None))
    context = candidate.context_tokens
    if wanted.context is not None:
        if context is None or context < wanted.context:
            found.append(Lack(LackKind.CONTEXT, wanted.context, context))
        elif offer is not None and not offer.holds(wanted.context):
            found.append(Lack(LackKind.CONTEXT, wanted.context, offer.context_tokens))
    return tuple(found)


def may_be_picked(candidate: Candidate) -> bool:
    """Tell whether a model is current and, if open, a business may use it on named terms."""
    if candidate.status != _CURRENT:
        return False
    if not candidate.is_open or candidate.rights is Rights.FREE:
        return True
    return candidate.rights is Rights.CONDITIONAL and bool(candidate.clause.strip())


def is_priced(offer: Offer) -> bool:
    """Tell whether an offer states a price: 0 stands for unknown or for a free tier."""
    price = offer.price
    listed = [(price.input, price.output)] + [(step.input, step.output) for step in price.steps]
    return all(input_usd > 0 and output_usd > 0 for input_usd, output_usd in listed)
