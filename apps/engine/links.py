"""The addresses of the wizard and of the cost page, each with its answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never
from urllib.parse import urlencode

from django.urls import get_script_prefix, reverse

from apps.decision.answers import Answers
from apps.decision.flow import Asking, Finished
from apps.decision.rulebook import Question, Rulebook
from apps.decision.scoring import Value, is_priced
from apps.engine.engine import Engine

# Where Continue leads after a change from the result: the questions left to ask, then the result.
THEN = "then"
_RESULT = "result"
# A change from the result with nothing else to ask.
BACK: tuple[str, ...] = ()


def question_url(
    rulebook: Rulebook, key: str, answers: Answers, then: Sequence[str] | None = None
) -> str:
    """Return the URL of a question page with its answers, as a whole page on its own.

    With `then`, even empty, the question is a change that returns to the result.
    """
    pairs = [*answers.canonical(rulebook)]
    if then is not None:
        pairs.append((THEN, then_text(then)))
    return _with_query(reverse("wizard:question", args=[key]), pairs)


def then_text(then: Sequence[str]) -> str:
    """Return the questions that are left to ask as the address holds them."""
    return ",".join((*then, _RESULT))


def outcome_url(rulebook: Rulebook, outcome: Asking | Finished) -> str:
    """Return the URL that answers lead to."""
    match outcome:
        case Asking(question, answers, then=then):
            return question_url(rulebook, question.key, answers, then)
        case Finished(answers):
            return result_url(rulebook, answers)
        case never:
            assert_never(never)


def result_url(rulebook: Rulebook, answers: Answers, name: str = "wizard:result") -> str:
    """Return the URL of the recommendation, or of its JSON."""
    return _with_query(reverse(name), answers.canonical(rulebook))


def lasting_url(rulebook: Rulebook, answers: Answers) -> str:
    """Return the URL of the recommendation that keeps the version of the rules."""
    url, prefix, kept = result_url(rulebook, answers), get_script_prefix(), _kept(rulebook)
    # A version that is replayed is in every address already.
    return url if prefix.endswith(kept) else f"{prefix}{kept}{url.removeprefix(prefix)}"


def _kept(rulebook: Rulebook) -> str:
    return f"rules/{rulebook.version}/"


def start_url(rulebook: Rulebook, answers: Answers) -> str:
    """Return the URL of the start page with the answers kept."""
    return _with_query(reverse("wizard:start"), answers.canonical(rulebook))


def _with_query(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(pairs))
    return f"{path}?{query}" if query else path


def with_state(
    answers: Answers, questions: Sequence[Question], found: Mapping[str, Value]
) -> Answers:
    """Return the answers with these questions answered as a state has them, where they are open."""
    for question in questions:
        if not answers.is_known(question.key):
            answers = answers.replace(question.key, found[question.key].key)
    return answers


def costs_url(engine: Engine, answers: Answers, priced: Mapping[str, Value]) -> str:
    """Return the cost page with the workload that a recommendation is priced for."""
    questions = [question for question in engine.tables.questions if is_priced(question)]
    return _with_query(
        reverse("calculator:costs"),
        with_state(answers, questions, priced).canonical(engine.rulebook),
    )
