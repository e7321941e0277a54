"""What would be wrong with a rulebook: it is published only if nothing is."""

from collections.abc import Iterator
from dataclasses import fields

from apps.decision.flow import MODALITY
from apps.decision.rulebook import Choice, Parameter, Question, QuestionKind, Rulebook, StepKind
from apps.decision.vocabulary import (
    CRITERIA,
    CUSTOM,
    TOKENS_IN,
    TOKENS_OUT,
    UNSURE,
    Criterion,
)
from apps.money.assumptions import LIMITS, Assumptions
from apps.money.market import MODALITY_NEEDS
from apps.money.options import OPTIONS
from apps.money.overrides import OVERRIDES

# What every choice of one question has to hand to the costs.
_NEEDED = (Parameter.TIER, Parameter.REST_TIER, Parameter.HARD_SHARE, Parameter.PEAK)
_SIZES = (Parameter.TOKENS_IN, Parameter.TOKENS_OUT)
_RESERVED = {TOKENS_IN, TOKENS_OUT, *OVERRIDES, "tier", "next", "then", "was", "result"}
# Assumptions that may be set in the address but have no row of their own.
_WITHOUT_ROW = {"gpu"}
_TIERS = range(1, 5)
# What the formulas are meant for: requests a day, and tokens of one request.
_MOST_REQUESTS, _MOST_TOKENS = 10**9, 10**7


def problems(rulebook: Rulebook) -> tuple[str, ...]:
    """Return a sentence for everything that would break a page or a computation."""
    return (
        *_keys(rulebook),
        *(found for question in rulebook.questions for found in _question(rulebook, question)),
        *_kinds(rulebook),
        *_parameters(rulebook),
        *_values(rulebook),
        *_texts(rulebook),
        *_assumptions(rulebook),
    )


def _keys(rulebook: Rulebook) -> Iterator[str]:
    keys = [question.key for question in rulebook.questions]
    keys += [assumption.key for assumption in rulebook.assumptions]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"“{key}” is the key of two rows."
    for key in sorted(_RESERVED & set(keys)):
        yield f"“{key}” has another meaning in addresses and cannot be a key."


def _question(rulebook: Rulebook, question: Question) -> Iterator[str]:
    name = f"Question “{question.key}”"
    for text in ("title", "why", "missing", "short"):
        if not getattr(question, text).strip():
            yield f"{name} has no text for “{text}”."
    if question.kind is QuestionKind.NUMBER:
        if not question.states:
            yield f"{name} has no numbers that stand for “not sure”."
        if any(not question.low <= state <= question.high for state in question.states):
            yield f"{name} has a number outside its own range."
        if not 1 <= question.low <= question.high:
            yield f"{name} must take numbers from 1 on."
        if question.high > _MOST_REQUESTS:
            yield f"{name} must not take more than {_MOST_REQUESTS:,}."
    elif len(question.choices) < 2:
        yield f"{name} needs at least two choices."
    if UNSURE in question.by_key:
        yield f"{name}: “unsure” is an answer to every question already."
    if question.kind is QuestionKind.SEVERAL and any(
        c.vetoes or c.deltas for c in question.choices
    ):
        yield f"{name} takes several answers and so cannot weigh or rule out anything."
    yield from _condition(rulebook, question)
    yield from _twins(question)
    for choice in question.choices:
        yield from _vetoes(rulebook, question, choice)


def _condition(rulebook: Rulebook, question: Question) -> Iterator[str]:
    if question.asked_if is None:
        return
    parent, answers = question.asked_if
    earlier = rulebook.questions[: rulebook.questions.index(question)]
    if parent not in {other.key for other in earlier}:
        yield f"Question “{question.key}” depends on “{parent}”, which is not asked before it."
        return
    unknown = answers - {UNSURE} - set(rulebook.by_key[parent].by_key)
    for answer in sorted(unknown):
        yield f"Question “{question.key}” depends on “{answer}”, no answer of “{parent}”."


def _twins(question: Question) -> Iterator[str]:
    """A choice that does the same as another is a question that changes nothing."""
    if question.kind is QuestionKind.SEVERAL or question.key == MODALITY:
        return
    seen: dict[object, str] = {}
    for choice in question.choices:
        does = (
            frozenset(choice.deltas.items()),
            frozenset((k, v) for k, v in choice.points.items() if v),
            frozenset(choice.vetoes),
            frozenset(choice.parameters.items()),
            # Other vetoes may wait for this choice.
            choice.key if question.asked_if else "",
        )
        if does in seen:
            yield (
                f"Question “{question.key}”: “{choice.key}” does the same as “{seen[does]}”, "
                "so that choosing between them changes nothing."
            )
        seen.setdefault(does, choice.key)


def _vetoes(rulebook: Rulebook, question: Question, choice: Choice) -> Iterator[str]:
    for veto in choice.vetoes:
        if veto.only_if is None:
            continue
        other = rulebook.by_key.get(veto.only_if[0])
        if other is None or veto.only_if[1] not in other.by_key or other is question:
            yield (
                f"Question “{question.key}”: the veto of “{choice.key}” waits for an answer that "
                "does not exist."
            )


def _kinds(rulebook: Rulebook) -> Iterator[str]:
    for kind, what in (
        (QuestionKind.NUMBER, "number of requests"),
        (QuestionKind.SIZE, "size of a request"),
    ):
        count = sum(question.kind is kind for question in rulebook.questions)
        if count != 1:
            yield f"Exactly one question must ask for the {what}, not {count}."
    modality = rulebook.by_key.get(MODALITY)
    if modality is None:
        yield f"There is no question “{MODALITY}”, which the models are chosen by."
        return
    for key in modality.by_key:
        if key not in MODALITY_NEEDS:
            yield f"Question “{MODALITY}”: the catalog does not know what “{key}” needs."


def _parameters(rulebook: Rulebook) -> Iterator[str]:
    for parameter in _NEEDED:
        giving = [
            q for q in rulebook.questions if any(parameter in c.parameters for c in q.choices)
        ]
        if len(giving) != 1 or giving[0].asked_if is not None:
            yield f"Exactly one question, always asked, must hand “{parameter}” to the costs."
            continue
        for choice in giving[0].choices:
            if parameter not in choice.parameters:
                yield f"Question “{giving[0].key}”: “{choice.key}” has no “{parameter}”."
            else:
                yield from _in_range(giving[0], choice, parameter)
    for question in rulebook.questions:
        if question.kind is QuestionKind.SIZE and question.high > _MOST_TOKENS:
            yield f"Question “{question.key}” must not take more than {_MOST_TOKENS:,} tokens."
        for choice in question.choices if question.kind is QuestionKind.SIZE else ():
            tokens = [choice.parameters.get(parameter, 0.0) for parameter in _SIZES]
            if choice.key != CUSTOM and sum(tokens) <= 0:
                yield f"Question “{question.key}”: “{choice.key}” has no tokens in or out."


def _in_range(question: Question, choice: Choice, parameter: Parameter) -> Iterator[str]:
    value = choice.parameters[parameter]
    fits = {
        Parameter.TIER: value in _TIERS,
        Parameter.REST_TIER: value in _TIERS,
        Parameter.HARD_SHARE: 0 <= value <= 1,
        Parameter.PEAK: value >= 1,
    }
    if not fits[parameter]:
        yield (
            f"Question “{question.key}”: {value:g} is no possible “{parameter}” for “{choice.key}”."
        )


def _values(rulebook: Rulebook) -> Iterator[str]:
    for criterion in CRITERIA:
        for option in OPTIONS:
            if criterion is Criterion.COST:
                continue
            value = rulebook.base.get((criterion, option))
            if value is None:
                yield f"There is no value for {criterion} and {option}."
            elif not 0 <= value <= 100:
                yield f"The value for {criterion} and {option} is not within 0 and 100."


def _texts(rulebook: Rulebook) -> Iterator[str]:
    for option in OPTIONS:
        text = rulebook.options.get(option)
        if text is None:
            yield f"There is no text for the option {option}."
            continue
        if not text.risks:
            yield f"The option {option} has no risk with a trip-wire."
        for kind in StepKind:
            if kind not in {step.kind for step in text.steps}:
                yield f"The option {option} has no next step of the kind “{kind}”."
    for criterion in CRITERIA:
        if criterion not in rulebook.criteria:
            yield f"There is no text for the criterion {criterion}."


def _assumptions(rulebook: Rulebook) -> Iterator[str]:
    needed = {field.name for field in fields(Assumptions)} - _WITHOUT_ROW
    given = {assumption.key for assumption in rulebook.assumptions}
    for key in sorted(needed - given):
        yield f"The assumption “{key}” is missing."
    for key in sorted(given - needed):
        yield f"No formula uses the assumption “{key}”."
    optional = {"gpu_hourly", "gpu_hourly_own", "peak", "hard_share"}
    for assumption in rulebook.assumptions:
        if assumption.default is None and assumption.key not in optional:
            yield f"The assumption “{assumption.key}” has no default."
        low, high = LIMITS.get(assumption.key, (assumption.low, assumption.high))
        if assumption.low < low or assumption.high > high:
            yield (
                f"The assumption “{assumption.key}” allows more than the formulas take: "
                f"{low:,.10g} to {high:,.10g}."
            )
