"""Which questions the answers so far lead to."""

from apps.decision.answers import Answers
from apps.decision.rulebook import Kind, Question, Rulebook, Veto
from apps.money.options import OPTIONS, Option

MODALITY = "modality"


def applies(question: Question, answers: Answers) -> bool:
    """Tell whether the condition of a question is met; an unanswered parent counts as unsure."""
    if question.asked_if is None:
        return True
    parent, values = question.asked_if
    return answers.get(parent) in values


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
    change nothing and is not asked; what changes costs, models or a checklist still is.
    """
    return tuple(
        question
        for question in rulebook.questions
        if applies(question, answers)
        and not (_only_weighs(question) and _decided_without(rulebook, answers, question))
    )


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


def effective(rulebook: Rulebook, answers: Answers) -> Answers:
    """Return the answers without those to questions whose condition is not met."""
    for question in rulebook.questions:
        if question.key in answers and not applies(question, answers):
            answers = answers.without(question.key)
    return answers


def _only_weighs(question: Question) -> bool:
    """Tell whether a question neither rules out nor changes costs, models or a checklist."""
    if question.kind is not Kind.CHOICE or question.key == MODALITY:
        return False
    return not any(choice.vetoes or choice.parameters for choice in question.choices)
