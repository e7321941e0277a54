"""The way through the questions, replayed from the URL each time."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.decision import flow
from apps.decision.address import Problem
from apps.decision.answers import TOKENS_IN, TOKENS_OUT, Answers, Parsed
from apps.decision.rulebook import Kind, Question, Rulebook
from apps.engine.engine import Engine
from apps.engine.links import THEN, question_url, result_url

# Set by the button of a question page: tells a choice that was not made from a fresh page.
SUBMITTED = "next"
# The answer before the change, to see which questions it made newly relevant.
WAS = "was"
RESULT = "result"


@dataclass(frozen=True, slots=True)
class Step:
    """One question page: what to ask, what is known, and where the answers lead instead."""

    question: Question
    answers: Answers
    problems: tuple[Problem, ...]
    then: tuple[str, ...] | None
    was: str  # the answer before the change
    leads_to: str  # the URL that the answers lead to; empty where it is this question

    @property
    def from_result(self) -> bool:
        """Tell whether the question is a change from the result."""
        return self.then is not None


def step(engine: Engine, question: Question, pairs: Sequence[tuple[str, str]]) -> Step:
    """Replay the answers up to a question and say what its page does."""
    rulebook, parsed = engine.rulebook, engine.read(pairs)
    answers = parsed.answers
    given = dict(pairs)
    submitted = SUBMITTED in given
    then = _then(rulebook, given.get(THEN))
    problems = _problems(question, parsed)
    answered = question.key in answers
    if submitted and not problems and not answered and _is_asked(rulebook, question, answers):
        problems = (_missing(question, given),)
    # After a problem the answers hold no longer what the question was answered with before.
    was = given.get(WAS, "") if submitted else answers.get(question.key)
    leads_to = ""
    if not problems and (submitted or not _reachable(rulebook, question, answers, then)):
        leads_to = _after(rulebook, question, answers, then, was)
    return Step(question, answers, problems, then, was, leads_to)


def _problems(question: Question, parsed: Parsed) -> tuple[Problem, ...]:
    problems = parsed.problems_of(question.key)
    if question.kind is Kind.SIZE:
        problems += parsed.problems_of(TOKENS_IN) + parsed.problems_of(TOKENS_OUT)
    return problems


def _missing(question: Question, given: dict[str, str]) -> Problem:
    return Problem(question.key, given.get(question.key, ""), question.missing)


def _is_asked(rulebook: Rulebook, question: Question, answers: Answers) -> bool:
    return question in flow.asked(rulebook, answers)


def _reachable(
    rulebook: Rulebook, question: Question, answers: Answers, then: tuple[str, ...] | None
) -> bool:
    """Tell whether the answers lead to a question: answered, next, or to be changed."""
    if not _is_asked(rulebook, question, answers):
        return False
    following = flow.next_question(rulebook, answers)
    return question.key in answers or question == following or then is not None


def _then(rulebook: Rulebook, text: str | None) -> tuple[str, ...] | None:
    """Read the stops after this one; the last is always the result."""
    if text is None:
        return None
    return (*(key for key in text.split(",") if key in rulebook.by_key), RESULT)


def _after(
    rulebook: Rulebook,
    question: Question,
    answers: Answers,
    then: tuple[str, ...] | None,
    was: str,
) -> str:
    """Return the URL that comes after a question is answered."""
    if then is None:
        following = flow.next_question(rulebook, answers)
        if following is None:
            return result_url(rulebook, answers)
        return question_url(rulebook, following.key, answers)
    now_open = [q.key for q in flow.open_questions(rulebook, answers)]
    known = was if was in question.by_key else None
    before = (
        answers.without(question.key) if known is None else answers.replace(question.key, known)
    )
    were_open = {q.key for q in flow.open_questions(rulebook, before)}
    queue = [key for key in now_open if key in then or key not in were_open]
    if not queue:
        return result_url(rulebook, answers)
    return question_url(rulebook, queue[0], answers, (*queue[1:], RESULT))
