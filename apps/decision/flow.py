"""Which questions the answers so far lead to."""

from dataclasses import dataclass

from apps.decision.address import Problem
from apps.decision.answers import Answers, Parsed, applies
from apps.decision.rulebook import Parameter, Question, QuestionKind, Rulebook, Veto
from apps.decision.vocabulary import HARDWARE, MODALITY
from apps.money.options import OPTIONS, Option

# What is bought from a host, whole or in part.
_BOUGHT = {Option.CLOSED_API, Option.HOSTED_OPEN, Option.HYBRID}
# What moves nothing but a hybrid, which is never the only option that is left.
_OF_A_HYBRID = {Parameter.SENSITIVE}


@dataclass(frozen=True, slots=True)
class Way:
    """How the page of a question was come to.

    `submitted` tells an answer that was sent from a page that was opened; `then` are the questions
    to ask before a change returns to the result, None on the way through all questions; `was` is
    the answer before the change.
    """

    submitted: bool = False
    then: tuple[str, ...] | None = None
    was: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """The question to ask, with what is known and with what was wrong with its answer."""

    question: Question
    answers: Answers
    problems: tuple[Problem, ...] = ()
    then: tuple[str, ...] | None = None
    was: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """Nothing is left to ask."""

    answers: Answers


def vetoes(rulebook: Rulebook, answers: Answers) -> tuple[tuple[Question, str, Veto], ...]:
    """Return what the known answers rule out for certain: question, choice and veto."""
    found = []
    for question in rulebook.questions:
        choice = question.by_key.get(answers.get(question.key))
        if choice is None or not applies(question, answers):
            continue
        for veto in choice.vetoes:
            if veto.only_if is None or answers.get(veto.only_if[0]) == veto.only_if[1]:
                found.append((question, choice.key, veto))
    return tuple(found)


def possible(rulebook: Rulebook, answers: Answers) -> tuple[Option, ...]:
    """Return the options that no known answer rules out."""
    out = {veto.option for _, _, veto in vetoes(rulebook, answers)}
    return tuple(option for option in OPTIONS if option not in out)


def asked(rulebook: Rulebook, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that these answers lead to, in order.

    Once a single option is left, a question that only weighs options against each other can
    change nothing and is not asked; nor is one that only asks something of hosts where nothing
    can be bought from one. What changes costs, models or a checklist still is.
    """
    return tuple(
        question
        for question in rulebook.questions
        if applies(question, answers) and not _changes_nothing(rulebook, answers, question)
    )


def _changes_nothing(rulebook: Rulebook, answers: Answers, question: Question) -> bool:
    if _only_picks_hosts(question):
        return _BOUGHT.isdisjoint(possible(rulebook, answers))
    return _only_weighs(question) and _decided_without(rulebook, answers, question)


def _decided_without(rulebook: Rulebook, answers: Answers, question: Question) -> bool:
    """Tell whether one option is left whatever this question is answered with.

    Its own answer is left out, so that one that completes a must-have can still be changed.
    """
    return len(possible(rulebook, answers.without(question.key))) <= 1


def next_question(rulebook: Rulebook, answers: Answers) -> Question | None:
    """Return the first question that is asked and not answered; None when finished."""
    return next((q for q in asked(rulebook, answers) if q.key not in answers), None)


def open_questions(rulebook: Rulebook, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that are asked and not answered."""
    return tuple(q for q in asked(rulebook, answers) if q.key not in answers)


def previous_question(rulebook: Rulebook, answers: Answers, key: str) -> Question | None:
    """Return the question before this one on the way that the answers take."""
    before = None
    for question in asked(rulebook, answers):
        if question.key == key:
            return before
        before = question
    return None


def resolve(rulebook: Rulebook, question: Question, parsed: Parsed, way: Way) -> Asking | Finished:
    """Return what the page of a question does: ask it, ask another, or say that all is answered.

    A question that the answers do not ask leads on, whatever it is answered with.
    """
    answers = parsed.answers
    is_asked = question in asked(rulebook, answers)
    problems = parsed.problems_of(question) if is_asked else ()
    if is_asked and way.submitted and not problems and question.key not in answers:
        problems = (Problem(question.key, "", question.missing),)
    # After a problem the answers hold no longer what the question was answered with before.
    was = way.was if way.submitted else answers.get(question.key)
    if problems or (is_asked and not way.submitted and _may_open(rulebook, question, answers, way)):
        return Asking(question, answers, problems, way.then, was)
    if way.then is None:
        return onward(rulebook, answers)
    return _back(rulebook, question, answers, way.then, was)


def onward(rulebook: Rulebook, answers: Answers) -> Asking | Finished:
    """Return the first question that is asked and not answered."""
    following = next_question(rulebook, answers)
    return Finished(answers) if following is None else Asking(following, answers)


def _may_open(rulebook: Rulebook, question: Question, answers: Answers, way: Way) -> bool:
    """Tell whether a question that is asked may be opened: answered, next, or on the way back."""
    is_next = question == next_question(rulebook, answers)
    return question.key in answers or is_next or way.then is not None


def _back(
    rulebook: Rulebook, question: Question, answers: Answers, then: tuple[str, ...], was: str
) -> Asking | Finished:
    """Return what is left to ask before the result: what is due, and what a change newly asks."""
    known = was if was in question.by_key else None
    before = (
        answers.without(question.key) if known is None else answers.replace(question.key, known)
    )
    were_open = open_questions(rulebook, before)
    queue = [q for q in open_questions(rulebook, answers) if q.key in then or q not in were_open]
    if not queue:
        return Finished(answers)
    first, *rest = queue
    return Asking(first, answers, then=tuple(question.key for question in rest))


def _only_weighs(question: Question) -> bool:
    """Tell whether a question neither rules out nor changes costs, models or a checklist."""
    if question.kind is not QuestionKind.CHOICE or question.key in {MODALITY, HARDWARE}:
        return False
    return not any(
        choice.vetoes or choice.requires or choice.parameters.keys() - _OF_A_HYBRID
        for choice in question.choices
    )


def _only_picks_hosts(question: Question) -> bool:
    """Tell whether a question does nothing but ask something of the hosts."""
    return question.kind is QuestionKind.SEVERAL and not any(
        choice.checklist for choice in question.choices
    )
