"""What a recommendation rests on: answers, open questions and assumptions, each to be changed."""

from dataclasses import dataclass

from apps.common.format import share
from apps.decision import flow
from apps.decision.decide import Decision
from apps.engine import assumption_rows, links
from apps.engine.contexts import AssumedRow
from apps.engine.engine import Engine
from apps.wizard.answer_rows import AnswerRow, answer_rows


@dataclass(frozen=True, slots=True)
class UnsureRow:
    """An answer that is not known, with how often it would change the lead."""

    name: str
    detail: str
    url: str
    is_first: bool  # the one that is most worth finding out


@dataclass(frozen=True, slots=True)
class AssumedBlock:
    """Everything that was answered, left open or taken without asking."""

    unsure: tuple[UnsureRow, ...]
    answers: tuple[AnswerRow, ...]
    not_asked: tuple[str, ...]
    rows: tuple[AssumedRow, ...]
    hidden_inputs: tuple[tuple[str, str], ...]  # what the form of the assumptions hands on
    reset_url: str  # empty while every default is used

    @property
    def find_out_first(self) -> UnsureRow | None:
        """The open answer that is most worth finding out."""
        return next((row for row in self.unsure if row.is_first), None)


def assumed_block(engine: Engine, decision: Decision) -> AssumedBlock:
    """Return what the recommendation rests on."""
    rulebook, answers = engine.rulebook, decision.answers
    return AssumedBlock(
        unsure=_unsure(engine, decision),
        answers=answer_rows(rulebook, answers, then=links.BACK),
        not_asked=_not_asked(engine, decision),
        rows=assumption_rows.rows(
            engine, answers, lambda changed: links.result_url(rulebook, changed)
        ),
        hidden_inputs=tuple(
            pair for pair in answers.canonical(rulebook) if pair[0] not in answers.assumptions
        ),
        reset_url=links.result_url(rulebook, assumption_rows.without_any(answers))
        if answers.assumptions or answers.overrides
        else "",
    )


def _unsure(engine: Engine, decision: Decision) -> tuple[UnsureRow, ...]:
    return tuple(
        UnsureRow(
            name=engine.rulebook.by_key[found.question].short,
            detail=(
                f"The lead changes under {share(found.share)} of its answers."
                if found.share
                else "No answer to it alone changes the lead."
            ),
            url=links.question_url(engine.rulebook, found.question, decision.answers, links.BACK),
            is_first=place == 0 and found.share > 0,
        )
        for place, found in enumerate(decision.ask_first)
    )


def _not_asked(engine: Engine, decision: Decision) -> tuple[str, ...]:
    asked = flow.asked(engine.rulebook, decision.answers)
    return tuple(
        f"{question.short}: not asked, because it can change nothing for these answers."
        for question in engine.rulebook.questions
        if question not in asked and question.key not in decision.answers
    )
