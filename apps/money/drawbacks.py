"""What a model is recorded as worse at than others that were priced for the same work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.money.machines import NOISE
from apps.money.market import Candidate, Rights
from apps.money.priced import Priced


@dataclass(frozen=True, slots=True)
class LessCapable:
    """Another model stands clearly higher on the index of capability."""

    eci: float
    other_eci: float
    other: Candidate


@dataclass(frozen=True, slots=True)
class LessRoom:
    """Another model takes more tokens at once."""

    tokens: int
    other: Candidate


@dataclass(frozen=True, slots=True)
class ReadsLess:
    """Other models are recorded as reading more than this one."""

    modalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conditions:
    """Its licence has conditions, and that of another model has none."""


@dataclass(frozen=True, slots=True)
class Dearer:
    """The cheapest of the others costs less."""


type Drawback = LessCapable | LessRoom | ReadsLess | Conditions | Dearer


def drawbacks(priced: Priced, others: Sequence[Priced]) -> Iterator[Drawback]:
    """Yield what is worse: against the best of the others in each respect, unknowns apart."""
    own, models = priced.candidate, [other.candidate for other in others]
    if not models:
        return
    best = max(others, key=lambda other: other.eci)
    if best.eci >= priced.eci + NOISE:
        yield LessCapable(priced.eci, best.eci, best.candidate)
    roomy = max(models, key=lambda model: model.context_tokens or 0)
    if own.context_tokens and (roomy.context_tokens or 0) > own.context_tokens:
        yield LessRoom(own.context_tokens, roomy)
    extra = {modality for model in models for modality in model.modalities} - own.modalities
    if extra:
        yield ReadsLess(tuple(sorted(extra)))
    if own.rights is Rights.CONDITIONAL and any(model.rights is Rights.FREE for model in models):
        yield Conditions()
    if priced.monthly_usd > min(other.monthly_usd for other in others):
        yield Dearer()
