"""The form of the cost page: every input, with what was typed where it was wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.urls import reverse

from apps.calculator import contexts
from apps.calculator.query import OPTION, CostQuery, needs
from apps.common.format import count
from apps.decision.address import Problem
from apps.decision.answers import Answers
from apps.decision.assumed import assumed_answer
from apps.decision.numbers import written
from apps.decision.rulebook import Question, QuestionKind
from apps.decision.vocabulary import TOKENS_IN, TOKENS_OUT
from apps.engine import assumption_rows, sentences
from apps.engine.contexts import AssumedRow
from apps.engine.engine import Engine
from apps.engine.labels import override_text
from apps.money import overrides
from apps.money.needs import Needs
from apps.money.options import OPTIONS
from apps.money.suitability import index, may_be_picked, tie_order

_BITS = (16, 8, 4)
_NUMBERS = (QuestionKind.NUMBER, QuestionKind.SIZE)
_NEED_UNIT = "ECI, or as good as a model: gpt-4o"
_OPTION_LABEL = "What moves the cost of"


def form(
    engine: Engine, query: CostQuery, problems: Sequence[Problem], typed: Mapping[str, str]
) -> contexts.Form:
    """Return the form; `typed` holds what the address gave, as it was written."""
    answers, wanted = query.answers, needs(engine, query)
    wrong = {problem.key: problem.message for problem in problems}
    assumed = assumption_rows.rows(
        engine,
        answers,
        lambda changed: replace(query, answers=changed).url(engine.rulebook),
        problems,
        typed,
    )
    any_default = replace(query, answers=assumption_rows.without_any(answers))
    return contexts.Form(
        action_url=reverse("calculator:costs"),
        hidden_inputs=_hidden_inputs(engine, answers, assumed),
        numbers=tuple(_numbers(engine, wanted, wrong, typed)),
        selects=tuple(_question(question, answers, wrong) for question in _questions(engine)),
        need=_need(answers, wanted, wrong, typed),
        overrides=(
            *_model_selects(engine, answers, wrong),
            *_hardware(engine, answers, wrong),
            _option(engine, query, wrong),
        ),
        day=_day(answers, wrong, typed),
        assumed=assumed,
        changes=tuple(_changes(engine, query, assumed)),
        reset_url=any_default.url(engine.rulebook)
        if answers.assumptions or answers.overrides
        else "",
    )


def _hidden_inputs(
    engine: Engine, answers: Answers, assumed: Sequence[AssumedRow]
) -> tuple[tuple[str, str], ...]:
    """Return the answers that have no field of their own here."""
    number, size = (engine.rulebook.of_kind(kind).key for kind in _NUMBERS)
    own = {number, size, TOKENS_IN, TOKENS_OUT, OPTION, *overrides.OVERRIDES}
    own |= {question.key for question in _questions(engine)} | {row.key for row in assumed}
    return tuple(pair for pair in answers.canonical(engine.rulebook) if pair[0] not in own)


def _numbers(
    engine: Engine, wanted: Needs, wrong: Mapping[str, str], typed: Mapping[str, str]
) -> Iterable[contexts.Field]:
    volume = engine.rulebook.of_kind(QuestionKind.NUMBER).key
    for key, label, unit, value in (
        (volume, "Requests", "a day", wanted.volume),
        (TOKENS_IN, "Tokens in", "a request", wanted.size.tokens_in),
        (TOKENS_OUT, "Tokens out", "a request", wanted.size.tokens_out),
    ):
        text = typed[key] if key in wrong and key in typed else _written(value)
        yield contexts.Field(key, label, unit, text, wrong.get(key, ""))


def _written(value: float) -> str:
    """Write a number of the workload in full: with separators, or with its fraction."""
    return count(value) if value == round(value) else written(value)


def _day(answers: Answers, wrong: Mapping[str, str], typed: Mapping[str, str]) -> contexts.Field:
    key = overrides.AT
    text = typed.get(key, "") if key in wrong else answers.overrides.get(key, "")
    return contexts.Field(key, "Prices of the day", "like 2026-12-01", text, wrong.get(key, ""))


def _questions(engine: Engine) -> list[Question]:
    """Return the questions that have a select here."""
    return [
        question
        for question in engine.tables.questions
        if question.kind is QuestionKind.CHOICE and _asks_costs(question)
    ]


def _changes(
    engine: Engine, query: CostQuery, rows: Sequence[AssumedRow]
) -> Iterable[tuple[str, str]]:
    """Yield what is picked or changed, each with the address without it."""
    for key, value in query.answers.overrides.items():
        rest = replace(query, answers=query.answers.without_overrides([key]))
        yield override_text(engine.market, key, value), rest.url(engine.rulebook)
    if query.option is not None:
        name = sentences.name(engine.rulebook, query.option)
        yield f"{_OPTION_LABEL} {name}", replace(query, option=None).url(engine.rulebook)
    for row in rows:
        if row.reset_url:
            yield f"{row.name}: {row.value}, not {row.default}", row.reset_url


def _asks_costs(question: Question) -> bool:
    """Tell whether a question chooses traffic or modality: capability has a control of its own."""
    parameters = {p for choice in question.choices for p in choice.parameters}
    return question.key == "modality" or "peak" in parameters


def _question(question: Question, answers: Answers, wrong: Mapping[str, str]) -> contexts.Select:
    options = [(choice.key, choice.label) for choice in question.choices]
    return _select(
        question.key, question.short, "", options, assumed_answer(question, answers), wrong
    )


def _need(
    answers: Answers, wanted: Needs, wrong: Mapping[str, str], typed: Mapping[str, str]
) -> contexts.Field:
    """Return the capability that all options are compared at, as it was asked for."""
    key = overrides.NEED
    stated = answers.overrides.get(key) or f"{wanted.least_eci:g}"
    text = typed.get(key, "") if key in wrong else stated
    return contexts.Field(key, overrides.OVERRIDES[key], _NEED_UNIT, text, wrong.get(key, ""))


def _model_selects(
    engine: Engine, answers: Answers, wrong: Mapping[str, str]
) -> Iterable[contexts.Select]:
    for key, is_open in ((overrides.CLOSED, False), (overrides.OPEN, True)):
        candidates = sorted(
            (c for c in engine.market.candidates if c.is_open is is_open and may_be_picked(c)),
            key=tie_order,
        )
        options = [("", "The cheapest suitable one")]
        options += [(c.slug, f"{c.name} (ECI {index(c):.0f})") for c in candidates]
        yield _select(
            key, overrides.OVERRIDES[key], "", options, answers.overrides.get(key, ""), wrong
        )


def _hardware(
    engine: Engine, answers: Answers, wrong: Mapping[str, str]
) -> Iterable[contexts.Select]:
    gpus = [("", "The cheapest that fits")]
    gpus += [(gpu.slug, f"{gpu.name}, {gpu.vram_gb:g} GB") for gpu in engine.market.gpus]
    chosen = answers.overrides.get(overrides.GPU, "")
    yield _select(overrides.GPU, overrides.OVERRIDES[overrides.GPU], "", gpus, chosen, wrong)
    bits = answers.overrides.get(overrides.BITS, "")
    common = [str(each) for each in _BITS]
    listed = common if bits in ("", *common) else [bits, *common]
    options = [("", "As each model is served"), *((each, f"{each} bits") for each in listed)]
    yield _select(overrides.BITS, overrides.OVERRIDES[overrides.BITS], "", options, bits, wrong)


def _option(engine: Engine, query: CostQuery, wrong: Mapping[str, str]) -> contexts.Select:
    options = [("", "The cheapest")]
    options += [(option.value, sentences.name(engine.rulebook, option)) for option in OPTIONS]
    chosen = query.option.value if query.option else ""
    return _select(OPTION, _OPTION_LABEL, "", options, chosen, wrong)


def _select(
    key: str,
    label: str,
    hint: str,
    options: Sequence[tuple[str, str]],
    chosen: str,
    wrong: Mapping[str, str],
) -> contexts.Select:
    rows = tuple(contexts.SelectOption(value, text, value == chosen) for value, text in options)
    return contexts.Select(key, label, hint, rows, wrong.get(key, ""))
