"""How often each option wins, over all answers that can be given."""

from dataclasses import dataclass

from apps.decision.answers import Answers
from apps.decision.rulebook import Rulebook
from apps.decision.uncertainty import Cell, mean
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
    cells = engine.standing(Answers())
    won = mean(cells, "acceptability")
    shares = {option: float(won[place]) for place, option in enumerate(OPTIONS)}
    groups: dict[str, float] = {}
    for option, part in shares.items():
        groups[option.group.value] = groups.get(option.group.value, 0.0) + part
    return WinsBlock(
        samples=sum(cell.batch.size for cell in cells),
        options=tuple(_option(engine.rulebook, option, shares[option]) for option in OPTIONS),
        groups=tuple(groups.items()),
        none_share=max(0.0, 1 - sum(shares.values())),
        conditions=tuple(_win(engine.rulebook, cell) for cell in cells),
    )


def _option(rulebook: Rulebook, option: Option, won: float) -> OptionRow:
    text = rulebook.options[option]
    return OptionRow(text.name, option.group.value, text.sentence, won)


def _win(rulebook: Rulebook, cell: Cell) -> WinRow:
    return WinRow(sentences.condition(rulebook, cell.condition), tuple(cell.acceptability.tolist()))
