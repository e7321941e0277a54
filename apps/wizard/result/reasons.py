"""Why the winner leads: every line of the computation against the runner-up."""

from dataclasses import dataclass

from apps.common.format import points, shares_of_sum, signed_points
from apps.decision.decide import Comparison, Decision
from apps.engine import sentences
from apps.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One line of the computation; `points` may be negative and `width` is in percent of half."""

    criterion: str
    sentence: str
    points: float
    width: float


@dataclass(frozen=True, slots=True)
class ReasonsBlock:
    """The lines of the computation and what they sum to."""

    heading: str
    rows: tuple[ReasonRow, ...]
    sum: str


def reasons_block(engine: Engine, decision: Decision) -> ReasonsBlock | None:
    """Return the comparison of the two best options; None where there are not two."""
    why = decision.why
    if why is None:
        return None
    widest = max((abs(line.points) for line in why.lines), default=0.0) or 1.0
    first, second = (sentences.name(engine.rulebook, o) for o in (why.option, why.other))
    return ReasonsBlock(
        heading=f"{first} against {second}",
        rows=tuple(
            ReasonRow(
                criterion=engine.rulebook.criteria[line.criterion].name,
                sentence=sentences.reason(engine.rulebook, decision, why, line),
                points=shown,
                width=100 * abs(line.points) / widest,
            )
            for line, shown in zip(why.lines, printed(why), strict=True)
        ),
        sum=_sum(engine, decision, why),
    )


def printed(why: Comparison) -> tuple[float, ...]:
    """Return the points of each line as they are printed: they add up to the printed sum."""
    return shares_of_sum([line.points for line in why.lines], why.difference)


def _sum(engine: Engine, decision: Decision, why: Comparison) -> str:
    first, second = decision.result(why.option), decision.result(why.other)
    leader, other = (sentences.name(engine.rulebook, o) for o in (why.option, why.other))
    sum_of_lines = (
        f"The lines sum to {signed_points(why.difference)} points: {leader} "
        f"{points(first.score)}, {other} {points(second.score)}."
    )
    if why.difference >= 0:
        return sum_of_lines
    # With open answers the shares of the combinations decide, not the means.
    unless = f", because {other} is ruled out in some of them" if second.feasible is None else ""
    return f"{sum_of_lines} {leader} wins more of the combinations all the same{unless}."
