"""How the options stand while questions are open."""

from dataclasses import dataclass

from apps.common.format import count
from apps.decision import flow
from apps.decision.answers import Answers
from apps.decision.standing import Standing
from apps.engine import sentences
from apps.engine.engine import Engine
from apps.money.options import OPTIONS


@dataclass(frozen=True, slots=True)
class StandingRow:
    """How an option stands: its share of what is still possible, or what rules it out."""

    name: str
    group: str
    share: float
    ruled_out_by: str  # empty while it is possible


@dataclass(frozen=True, slots=True)
class StandingBlock:
    """All options, and what their shares are shares of."""

    rows: tuple[StandingRow, ...]
    note: str


def standing_block(engine: Engine, answers: Answers) -> StandingBlock | None:
    """Return in how many of the states that are left each option wins; None before any answer."""
    if not answers.choices:
        return None
    standing = engine.standing(answers)
    out = sentences.reasons_ruled_out(engine.rulebook, answers)
    rows = tuple(
        StandingRow(
            name=sentences.name(engine.rulebook, option),
            group=option.group.value,
            share=share,
            ruled_out_by=out.get(option, ""),
        )
        for option, share in zip(OPTIONS, standing.shares, strict=True)
    )
    return StandingBlock(rows, _note(standing))


def _note(standing: Standing) -> str:
    if standing.states == 1:
        return "All answers that matter are known."
    states = count(standing.states)
    if standing.complete:
        return f"Share of the {states} combinations of answers still open that each wins."
    return f"Share of {states} sampled combinations of the answers still open that each wins."


def settled(engine: Engine, answers: Answers) -> str:
    """Return that nothing can change the lead any more; empty while something can."""
    if not answers.choices or not engine.is_settled(answers):
        return ""
    found = engine.standing(answers).verdict
    if found.leading is None:
        return ""
    name = sentences.name(engine.rulebook, found.leading)
    if not flow.open_questions(engine.rulebook, answers):
        return f"Every question is answered: {name} leads."
    what = "the recommendation" if found.option else "what leads"
    return f"The questions that are still open cannot change {what}: {name}."
