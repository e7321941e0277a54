"""The answers that were given, each with the way to change it."""

from dataclasses import dataclass

from apps.common.format import count
from apps.decision.answers import Answers
from apps.decision.rulebook import Question, QuestionKind, Rulebook
from apps.decision.vocabulary import CUSTOM, UNSURE
from apps.engine import links, sentences


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer that was given, with the way to change it."""

    name: str
    answer: str
    change_url: str


def answer_rows(
    rulebook: Rulebook,
    answers: Answers,
    leave_out: str = "",
    then: tuple[str, ...] | None = None,
) -> tuple[AnswerRow, ...]:
    """Return the answers that were given in the order of the questions."""
    return tuple(
        AnswerRow(
            name=question.short,
            answer=answer_text(rulebook, question, answers),
            change_url=links.question_url(rulebook, question.key, answers, then),
        )
        for question in rulebook.questions
        if question.key in answers and question.key != leave_out
    )


def answer_text(rulebook: Rulebook, question: Question, answers: Answers) -> str:
    """Return how an answer reads in a list."""
    if question.kind is QuestionKind.SEVERAL:
        keys = answers.several.get(question.key, (UNSURE,))
        return ", ".join(sentences.label(rulebook, question.key, key) for key in keys)
    key = answers.get(question.key)
    if key == CUSTOM and question.kind is QuestionKind.SIZE and answers.tokens:
        first, second = answers.tokens
        return f"{count(first)} tokens in, {count(second)} out"
    return sentences.label(rulebook, question.key, key)
