"""A scenario's answers are what the rules can read: the rules alone know questions and values."""

from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.decision.rulebook import Question, QuestionKind, Rulebook
from apps.rules import compile, publishing
from apps.rules.models import Question as QuestionRow
from apps.rules.models import Rulebook as RulebookRow
from apps.scenarios.answers import only_in_drafts, read, validate_answers
from tests.visiting import WHOLE
from tests.world import World

CUSTOM = {"size": "custom", "tokens_in": "1200", "tokens_out": "300"}


def some_answer(question: Question) -> str | list[str]:
    """Return an answer that a question takes, by its row alone."""
    match question.kind:
        case QuestionKind.SEVERAL:
            return [question.choices[2].key, question.choices[1].key]
        case QuestionKind.NUMBER:
            return str(question.high)
        case _:
            return question.choices[0].key


def whole(rulebook: Rulebook) -> dict[str, str | list[str]]:
    """Return an answer to each question that is asked, in an order that means nothing."""
    answers = {question.key: some_answer(question) for question in rulebook.questions}
    for question in rulebook.questions:
        if not question.is_asked(lambda key: str(answers[key])):
            del answers[question.key]
    keys = list(answers)
    Random(7).shuffle(keys)
    return {key: answers[key] for key in keys}


def test_the_rules_read_every_answer_in_the_order_of_their_questions(world: World) -> None:
    answers = whole(world.rulebook)
    expected = [
        (question.key, value)
        for question in world.rulebook.questions
        if question.key in answers
        for value in sorted(list_of(answers[question.key]))
    ]
    assert list(read(world.rulebook, answers).canonical(world.rulebook)) == expected


def list_of(given: str | list[str]) -> list[str]:
    return given if isinstance(given, list) else [given]


def test_what_the_rules_do_not_know_is_left_out(world: World) -> None:
    answers = read(world.rulebook, {"stage": "scaling", "latency": "low", "task": "none"})
    assert answers.pairs == (("stage", "scaling"),)


@pytest.mark.usefixtures("rules")
def test_an_answer_to_each_question_of_the_rules_is_accepted() -> None:
    rulebook = compile.current().rulebook
    validate_answers(whole(rulebook))
    for question in rulebook.questions:
        if not question.asked_if:
            unsure = ["unsure"] if question.kind is QuestionKind.SEVERAL else "unsure"
            validate_answers({question.key: some_answer(question)})
            validate_answers({question.key: unsure})
    validate_answers(WHOLE)
    validate_answers(CUSTOM)
    validate_answers({"boundary": "own-cloud", "scope": "all"})


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize(
    "answers",
    [
        {},
        [],
        "stage=scaling",
        {"colour": "blue"},
        {"stage": "First production"},
        {"stage": "unheard-of"},
        {"stage": ["scaling"]},
        {"stage": None},
        {"stage": "scaling", "colour": "blue"},
        {"rules": "gdpr"},
        {"rules": []},
        {"rules": [1]},
        {"rules": ["none", "gdpr"]},
        {"volume": 1000},
        {"volume": "1M"},
        {"volume": "-5"},
        {"volume": "0"},
        {"volume": "0100"},
        {"tokens_in": "1200"},
        {**CUSTOM, "size": "short"},
        {**CUSTOM, "tokens_in": "unsure"},
        {"boundary": "any-vendor", "scope": "all"},
        {"retry": "0.1"},
    ],
)
def test_what_the_rules_cannot_read_as_it_stands_is_refused(answers: object) -> None:
    with pytest.raises(ValidationError):
        validate_answers(answers)


@pytest.mark.django_db
def test_without_any_rules_there_are_no_questions() -> None:
    with pytest.raises(ValidationError, match="“stage” is not a question of the wizard"):
        validate_answers({"stage": "scaling"})


@pytest.fixture
def draft(rules: None) -> RulebookRow:
    """A draft that asks what the published rules do not ask, and knows one more stage."""
    draft = publishing.copy_to_draft(RulebookRow.objects.get())
    values = {"title": "How fast?", "why": "Why.", "missing": "Select", "short": "Latency"}
    latency = QuestionRow.objects.create(
        rulebook=draft, order=19, key="latency", kind="choice", **values
    )
    stage = QuestionRow.objects.get(rulebook=draft, key="stage")
    for question, key in ((latency, "low"), (latency, "any"), (stage, "retiring")):
        question.choices.create(key=key, label=key, order=10 + question.choices.count())
    return draft


@pytest.mark.usefixtures("draft")
def test_an_answer_that_only_a_draft_knows_is_accepted_and_marked() -> None:
    answers: dict[str, Any] = {"stage": "retiring", "task": "simple", "latency": "low"}
    validate_answers(answers)
    assert list(only_in_drafts(answers)) == ["stage (draft 2)", "latency (draft 2)"]
    assert read(compile.current().rulebook, answers).pairs == (("task", "simple"),)
    with pytest.raises(ValidationError, match="“latency” does not take “soon”"):
        validate_answers({"latency": "soon"})


def test_what_a_deleted_draft_asked_is_no_question_any_more(draft: RulebookRow) -> None:
    draft.delete()
    with pytest.raises(ValidationError, match="“latency” is not a question of the wizard"):
        validate_answers({"latency": "low"})
