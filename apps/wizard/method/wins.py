"""How often each option wins, over all answers that can be given."""

from dataclasses import dataclass

from apps.decision.answers import Answers
from apps.decision.rulebook import Rulebook
from apps.decision.standing import Part
from apps.engine import sentences
from apps.engine.engine import Engine
from apps.money.options import OPTIONS, Option


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option: what it is, and in how many combinations of answers it wins."""

    name: str
    group: str
    sentence: str
    share: float


@dataclass(frozen=True, slots=True)
class WinRow:
    """The shares of the options under one answer to the must-haves."""

    condition: str
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class WinsBlock:
    """The shares of the options, of their groups, and under each answer to the must-haves."""

    samples: int
    options: tuple[OptionRow, ...]
    groups: tuple[tuple[str, float], ...]
    none_share: float
    conditions: tuple[WinRow, ...]


def wins_block(engine: Engine) -> WinsBlock:
    """Return how often each option wins with no question answered."""
    standing = engine.standing(Answers())
    shares = dict(zip(OPTIONS, standing.shares, strict=True))
    groups: dict[str, float] = {}
    for option, part in shares.items():
        groups[option.group.value] = groups.get(option.group.value, 0.0) + part
    return WinsBlock(
        samples=standing.states,
        options=tuple(_option(engine.rulebook, option, shares[option]) for option in OPTIONS),
        groups=tuple(groups.items()),
        none_share=max(0.0, 1 - sum(shares.values())),
        conditions=tuple(_win(engine.rulebook, part) for part in standing.parts),
    )


def _option(rulebook: Rulebook, option: Option, won: float) -> OptionRow:
    text = rulebook.options[option]
    return OptionRow(text.name, option.group.value, text.sentence, won)


def _win(rulebook: Rulebook, part: Part) -> WinRow:
    return WinRow(sentences.condition(rulebook, part.condition), tuple(part.acceptability.tolist()))
