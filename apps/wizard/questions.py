"""The question page and the ways into the wizard."""

from collections.abc import Iterable

from django.urls import reverse

from apps.common.errors import FieldError
from apps.common.format import count
from apps.decision import flow
from apps.decision.address import Given
from apps.decision.answers import Answers
from apps.decision.flow import Asking
from apps.decision.rulebook import Question, QuestionKind, Rulebook
from apps.decision.vocabulary import TOKENS_IN, TOKENS_OUT, UNSURE
from apps.engine import links
from apps.engine.engine import Engine
from apps.scenarios.models import Scenario
from apps.wizard import contexts, routing
from apps.wizard.answer_rows import answer_rows
from apps.wizard.standing import outline, standing_block


def scenario_links(
    rulebook: Rulebook, scenarios: Iterable[Scenario]
) -> tuple[contexts.ScenarioLink, ...]:
    """Return the scenarios with their answers as a starting point."""
    return tuple(
        contexts.ScenarioLink(
            title=scenario.title,
            winner=scenario.winner,
            url=reverse("scenarios:detail", args=[scenario.slug]),
            load_url=links.result_url(rulebook, scenario.answers_under(rulebook)),
        )
        for scenario in scenarios
    )


def start_page(
    rulebook: Rulebook, answers: Answers, scenarios: tuple[contexts.ScenarioLink, ...]
) -> contexts.StartPage:
    """Return the start; with answers in the URL the wizard goes on where they end."""
    url = links.outcome_url(rulebook, flow.onward(rulebook, answers))
    return contexts.StartPage(len(rulebook.questions), url, scenarios)


def question_page(engine: Engine, asking: Asking, given: Given) -> contexts.QuestionPage:
    """Return the page of one question; `given` holds what was typed, shown again if it is wrong."""
    rulebook, question, answers = engine.rulebook, asking.question, asking.answers
    asked = flow.asked(rulebook, answers)
    return contexts.QuestionPage(
        question=contexts.QuestionBlock(
            key=question.key,
            kind=question.kind.value,
            heading=question.title,
            why=question.why,
            hint=question.hint,
            place=f"Question {asked.index(question) + 1} of about {len(asked)}",
        ),
        form=_form(rulebook, asking, given),
        back_url=_back_url(rulebook, asking),
        answers=answer_rows(rulebook, answers, leave_out=question.key),
        standing=outline(rulebook, answers),
        result_url=links.result_url(rulebook, answers) if answers.choices else "",
    )


def standing_page(engine: Engine, answers: Answers) -> contexts.StandingPage:
    """Return how the options stand; back leads to where the answers end."""
    rulebook = engine.rulebook
    return contexts.StandingPage(
        standing=standing_block(engine, answers),
        result_url=links.result_url(rulebook, answers),
        back_url=links.outcome_url(rulebook, flow.onward(rulebook, answers)),
    )


def _form(rulebook: Rulebook, asking: Asking, given: Given) -> contexts.AnswerForm:
    question, answers = asking.question, asking.answers
    typed = given if asking.problems else None
    chosen = _chosen(question, answers, typed)
    return contexts.AnswerForm(
        action_url=reverse("wizard:question", args=[question.key]),
        hidden_inputs=routing.hidden_inputs(rulebook, asking),
        choices=tuple(
            contexts.ChoiceRow(choice.key, choice.label, choice.consequence, choice.key in chosen)
            for choice in question.choices
        ),
        unsure_checked=UNSURE in chosen,
        number=_number(question, answers, typed),
        tokens_in=_tokens(TOKENS_IN, answers, typed),
        tokens_out=_tokens(TOKENS_OUT, answers, typed),
        errors=tuple(FieldError(problem.key, problem.message) for problem in asking.problems),
    )


def _chosen(question: Question, answers: Answers, typed: Given | None) -> set[str]:
    if typed is not None:
        return set(typed.get(question.key, ()))
    if question.kind is QuestionKind.SEVERAL:
        return set(answers.several.get(question.key, ()))
    return {answers.choices[question.key]} if question.key in answers.choices else set()


def _number(question: Question, answers: Answers, typed: Given | None) -> str:
    if question.kind is not QuestionKind.NUMBER:
        return ""
    if typed is not None:
        return next((value for value in typed.get(question.key, ()) if value != UNSURE), "")
    known = answers.is_known(question.key)
    return count(int(answers.get(question.key))) if known else ""


def _tokens(key: str, answers: Answers, typed: Given | None) -> str:
    if typed is not None:
        return typed.get(key, ("",))[-1]
    if answers.tokens is None:
        return ""
    return count(answers.tokens[0 if key == TOKENS_IN else 1])


def _back_url(rulebook: Rulebook, asking: Asking) -> str:
    if asking.then is not None:
        return links.result_url(rulebook, asking.answers)
    before = flow.previous_question(rulebook, asking.answers, asking.question.key)
    if before is None:
        return links.start_url(rulebook, asking.answers)
    return links.question_url(rulebook, before.key, asking.answers)
