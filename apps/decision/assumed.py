"""What is taken where nobody said otherwise: the rulebook's defaults and a starting point."""

from apps.decision.answers import Answers
from apps.decision.rulebook import Question, QuestionKind, Rulebook
from apps.decision.scoring import Tables, Value, value_of
from apps.money import overrides
from apps.money.assumptions import Assumptions

# The share from which on an answer is that of most teams.
_MOST = 0.5


def assumptions(rulebook: Rulebook, answers: Answers) -> Assumptions:
    """Return the rulebook's assumptions with what the answers change."""
    values = {a.field: answers.assumptions.get(a.key, a.default) for a in rulebook.assumptions}
    # Rows without a default are those that Assumptions takes as None; publishing checks it.
    return Assumptions(**values, gpu=answers.overrides.get(overrides.GPU))  # type: ignore[arg-type]


def starting_point(question: Question) -> str:
    """Return the answer to begin with where one workload is priced before anything is asked.

    What stands for 'not sure', else what most teams answer; else the middle of a question's numbers
    or of its choices; of choices that hand nothing to the costs, the first that rules nothing out.
    """
    if question.when_unsure:
        return question.when_unsure
    common = [c.key for c in question.choices if c.share is not None and c.share > _MOST]
    if common:
        return common[0]
    if question.kind is QuestionKind.NUMBER:
        return str(question.states[len(question.states) // 2])
    priced = [choice.key for choice in question.choices if choice.parameters]
    if priced:
        return priced[(len(priced) - 1) // 2]
    return next((c.key for c in question.choices if not c.vetoes), question.choices[0].key)


def assumed_state(tables: Tables, answers: Answers) -> dict[str, Value]:
    """Return one value for each question: the answer where it is known, else its starting point."""
    return {
        question.key: value_of(question, assumed_answer(question, answers), answers.tokens)
        for question in tables.questions
    }


def assumed_answer(question: Question, answers: Answers) -> str:
    """Return the answer where it is known, else the starting point."""
    return answers.get(question.key) if answers.is_known(question.key) else starting_point(question)
