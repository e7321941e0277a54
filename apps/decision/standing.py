"""What leads while questions are still open: shares and counts, without the scores behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.decision.answers import Answers
from apps.decision.scoring import Prices, Tables, Value
from apps.decision.uncertainty import Cell, Condition, Lead, each_cell, won
from apps.decision.verdict import Verdict, verdict
from apps.money.arrays import Floats


@dataclass(frozen=True, slots=True)
class Part:
    """What wins under one condition: the share of states of each option, and the lead."""

    condition: Condition
    weight: float
    acceptability: Floats
    lead: Lead
    states: int
    complete: bool

    @classmethod
    def of(cls, cell: Cell) -> "Part":
        """Return what is told of a cell; its scores may then be forgotten."""
        return cls(
            cell.condition,
            cell.weight,
            cell.acceptability,
            cell.lead,
            cell.batch.size,
            cell.complete,
        )


@dataclass(frozen=True)
class Standing:
    """In which share of the states that are left each option wins, each must-have by its share.

    `shares` are in the order of OPTIONS; `complete` tells that no state was left out; `only_state`
    is there where all answers that matter are known.
    """

    parts: tuple[Part, ...]
    shares: tuple[float, ...]
    verdict: Verdict
    states: int
    complete: bool
    only_state: Mapping[str, Value] | None


def standing(tables: Tables, answers: Answers, prices: Prices) -> Standing:
    """Score the states that the answers leave, one condition after the other."""
    parts, state = [], None
    for cell in each_cell(tables, answers, prices):
        parts.append(Part.of(cell))
        state = cell.batch.state(0)
    states = sum(part.states for part in parts)
    return Standing(
        parts=tuple(parts),
        shares=tuple(won(parts).tolist()),
        verdict=verdict(parts, tables.rulebook.thresholds),
        states=states,
        complete=all(part.complete for part in parts),
        only_state=state if states == 1 else None,
    )
