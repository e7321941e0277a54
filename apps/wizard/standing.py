"""How the options stand while questions are open."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.common.format import count
from apps.decision import flow
from apps.decision.answers import Answers
from apps.decision.rulebook import Rulebook
from apps.decision.standing import Standing
from apps.engine import links, sentences
from apps.engine.engine import Engine
from apps.money.options import OPTIONS


@dataclass(frozen=True, slots=True)
class StandingRow:
    """How an option stands: its share of what is still possible, or what rules it out."""

    name: str
    group: str
    share: float | None  # None where it is not computed yet
    ruled_out_by: str  # empty while it is possible


@dataclass(frozen=True, slots=True)
class StandingBlock:
    """All options, and what their shares are shares of."""

    rows: tuple[StandingRow, ...]
    note: str
    url: str  # where the shares are; empty where they are here
    settled: str  # set when the open questions cannot change the recommendation any more


def outline(rulebook: Rulebook, answers: Answers) -> StandingBlock | None:
    """Return what is known without computing: what rules each option out; None before any answer.

    The shares take much longer than the rest of a step, and are fetched after it.
    """
    if not answers.choices:
        return None
    url = links.result_url(rulebook, answers, "wizard:standing")
    return StandingBlock(_rows(rulebook, answers, [None] * len(OPTIONS)), "", url, "")


def standing_block(engine: Engine, answers: Answers) -> StandingBlock:
    """Return in how many of the states that are left each option wins."""
    standing = engine.standing(answers)
    rows = _rows(engine.rulebook, answers, standing.shares)
    return StandingBlock(rows, _note(standing), "", settled(engine, answers))


def _rows(
    rulebook: Rulebook, answers: Answers, shares: Iterable[float | None]
) -> tuple[StandingRow, ...]:
    out = sentences.reasons_ruled_out(rulebook, answers)
    return tuple(
        StandingRow(
            name=sentences.name(rulebook, option),
            group=option.group.value,
            share=share,
            ruled_out_by=out.get(option, ""),
        )
        for option, share in zip(OPTIONS, shares, strict=True)
    )


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
