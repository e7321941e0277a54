"""The question page and the ways into the wizard."""

from collections.abc import Iterable

from django.urls import reverse

from apps.common.format import count
from apps.decision import flow
from apps.decision.address import Given
from apps.decision.answers import Answers
from apps.decision.flow import Asking
from apps.decision.rulebook import Question, QuestionKind, Rulebook
from apps.decision.uncertainty import mean
from apps.decision.verdict import verdict
from apps.decision.vocabulary import TOKENS_IN, TOKENS_OUT, UNSURE
from apps.engine import links, sentences
from apps.engine.contexts import FieldError
from apps.engine.engine import Engine
from apps.money.options import OPTIONS
from apps.rules.scenario_answers import scenario_answers
from apps.scenarios.models import Scenario
from apps.wizard import contexts, routing
from apps.wizard.answer_rows import answer_rows


def scenario_links(
    rulebook: Rulebook, scenarios: Iterable[Scenario]
) -> tuple[contexts.ScenarioLink, ...]:
    """Return the scenarios with their answers as a starting point."""
    return tuple(
        contexts.ScenarioLink(
            title=scenario.title,
            winner=scenario.winner,
            url=reverse("scenarios:detail", args=[scenario.slug]),
            load_url=links.result_url(rulebook, scenario_answers(rulebook, scenario)),
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
    typed = given if asking.problems else None
    chosen = _chosen(question, answers, typed)
    settled = bool(answers.choices) and engine.is_settled(answers)
    return contexts.QuestionPage(
        key=question.key,
        kind=question.kind.value,
        heading=question.title,
        why=question.why,
        hint=question.hint,
        place=f"Question {asked.index(question) + 1} of about {len(asked)}",
        choices=tuple(
            contexts.ChoiceRow(choice.key, choice.label, choice.consequence, choice.key in chosen)
            for choice in question.choices
        ),
        unsure_checked=UNSURE in chosen,
        number=_number(question, answers, typed),
        tokens_in=_tokens(TOKENS_IN, answers, typed),
        tokens_out=_tokens(TOKENS_OUT, answers, typed),
        errors=tuple(FieldError(problem.key, problem.message) for problem in asking.problems),
        kept=routing.hidden_inputs(rulebook, asking),
        action_url=reverse("wizard:question", args=[question.key]),
        back_url=_back_url(rulebook, asking),
        start_again_url=reverse("wizard:start"),
        answers=answer_rows(rulebook, answers, leave_out=question.key),
        standing=_standing(engine, answers) if answers.choices else (),
        standing_note=_standing_note(engine, answers),
        result_url=links.result_url(rulebook, answers) if answers.choices else "",
        settled=_settled_sentence(engine, answers) if settled else "",
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


def _standing(engine: Engine, answers: Answers) -> tuple[contexts.StandingRow, ...]:
    """Return in how many of the states that are left each option wins, or what rules it out."""
    cells = engine.standing(answers)
    won = mean(cells, "acceptability")
    out = sentences.reasons_ruled_out(engine.rulebook, answers)
    return tuple(
        contexts.StandingRow(
            name=engine.rulebook.options[option].name,
            group=option.group.value,
            share=float(won[place]),
            ruled_out_by=out.get(option, ""),
        )
        for place, option in enumerate(OPTIONS)
    )


def _standing_note(engine: Engine, answers: Answers) -> str:
    if not answers.choices:
        return ""
    cells = engine.standing(answers)
    states = sum(cell.batch.size for cell in cells)
    if states == 1:
        return "All answers that matter are known."
    if all(cell.complete for cell in cells):
        return f"Share of the {count(states)} combinations of answers still open that each wins."
    return (
        f"Share of {count(states)} sampled combinations of the answers still open that each wins."
    )


def _settled_sentence(engine: Engine, answers: Answers) -> str:
    found = verdict(engine.standing(answers), engine.rulebook.thresholds)
    if found.leading is None:
        return ""
    name = engine.rulebook.options[found.leading].name
    if not flow.open_questions(engine.rulebook, answers):
        return f"Every question is answered: {name} leads."
    what = "the recommendation" if found.option else "what leads"
    return f"The questions that are still open cannot change {what}: {name}."
