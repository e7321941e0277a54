"""The recommendation page: a block for each of its sections, in the order of the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.decision import flow
from apps.decision.address import Problem
from apps.decision.decide import Decision
from apps.decision.rulebook import Risk
from apps.engine import links
from apps.engine.engine import Engine
from apps.wizard.result import after
from apps.wizard.result.after import ChecklistBlock, StepsBlock
from apps.wizard.result.assumed import AssumedBlock, assumed_block
from apps.wizard.result.changes import ChangesBlock, changes_block
from apps.wizard.result.money import MoneyBlock, money_block
from apps.wizard.result.proof import ProofBlock, proof_block
from apps.wizard.result.reasons import ReasonsBlock, reasons_block
from apps.wizard.result.shortlist import ModelsBlock, models_block
from apps.wizard.result.verdict import VerdictBlock, verdict_block
from apps.wizard.result.why_not import WhyNotBlock, why_not_block


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """How many questions are open, and the page of the next."""

    open_questions: int
    url: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The recommendation."""

    verdict: VerdictBlock
    problems: tuple[str, ...]  # values that could not be read and count as unanswered
    to_answer: ToAnswer | None  # None when all questions are answered
    money: MoneyBlock
    reasons: ReasonsBlock | None
    changes: ChangesBlock
    models: ModelsBlock
    why_not: WhyNotBlock
    assumed: AssumedBlock
    checklists: tuple[ChecklistBlock, ...]
    risks: tuple[Risk, ...]
    steps: StepsBlock | None
    proof: ProofBlock


def result_page(engine: Engine, decision: Decision, problems: Sequence[Problem]) -> ResultPage:
    """Return everything that the recommendation page shows."""
    return ResultPage(
        verdict=verdict_block(engine, decision),
        problems=tuple(f"{p.message}. {_counts_as(engine, p)}" for p in problems),
        to_answer=_to_answer(engine, decision),
        money=money_block(engine, decision),
        reasons=reasons_block(engine, decision),
        changes=changes_block(engine, decision),
        models=models_block(engine, decision),
        why_not=why_not_block(engine, decision),
        assumed=assumed_block(engine, decision),
        checklists=after.checklists(engine, decision),
        risks=after.risks(engine, decision),
        steps=after.steps(engine, decision),
        proof=proof_block(engine, decision),
    )


def _counts_as(engine: Engine, problem: Problem) -> str:
    if problem.key in {assumption.key for assumption in engine.rulebook.assumptions}:
        return "The default is used."
    return "It counts as not answered."


def _to_answer(engine: Engine, decision: Decision) -> ToAnswer | None:
    still_open = flow.open_questions(engine.rulebook, decision.answers)
    if not still_open:
        return None
    url = links.question_url(engine.rulebook, still_open[0].key, decision.answers)
    return ToAnswer(len(still_open), url)
