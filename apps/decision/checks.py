"""What would be wrong with a rulebook: it is published only if nothing is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from math import isclose

from apps.decision.rulebook import Choice, Parameter, Question, QuestionKind, Rulebook, StepKind
from apps.decision.vocabulary import (
    CRITERIA,
    CUSTOM,
    DEVICES,
    HARDWARE,
    HOST_FACTS,
    MODALITY,
    TOKENS_IN,
    TOKENS_OUT,
    UNSURE,
    Criterion,
)
from apps.money.assumptions import LIMITS, Assumptions
from apps.money.market import MODALITY_NEEDS
from apps.money.options import OPTIONS, Option
from apps.money.overrides import LEAST_ECI, MOST_ECI, OVERRIDES

# What every choice of one question has to hand to the costs, with what it may be.
_NEEDED: Mapping[Parameter, Callable[[float], bool]] = {
    Parameter.DIFFICULTY: lambda value: LEAST_ECI <= value <= MOST_ECI,
    Parameter.SLOPE: lambda value: 0 < value <= 1,
    Parameter.REST_DIFFICULTY: lambda value: LEAST_ECI <= value <= MOST_ECI,
    Parameter.REST_SLOPE: lambda value: 0 < value <= 1,
    Parameter.HARD_SHARE: lambda value: 0 <= value <= 1,
    Parameter.REASONING: lambda value: 1 <= value <= 100,
    Parameter.PEAK: lambda value: value >= 1,
    Parameter.STARTS_IN: lambda value: 0 <= value <= 36,
    Parameter.TUNED: lambda value: value in {0, 1},
    Parameter.STAFFING: lambda value: 0 < value <= 10,
}
# Several questions may hand it: the numbers are multiplied.
_MULTIPLIED = {Parameter.STAFFING}
# What a hybrid is worth there follows from its parts.
OF_ITS_PARTS = {
    Criterion.OPERATIONS,
    Criterion.SPEED,
    Criterion.ELASTICITY,
    Criterion.CUSTOMISATION,
}
_SIZES = (Parameter.TOKENS_IN, Parameter.TOKENS_OUT)
_RESERVED = {TOKENS_IN, TOKENS_OUT, *OVERRIDES, "next", "then", "was", "result"}
# Assumptions that may be set in the address but have no row of their own.
_WITHOUT_ROW = {"gpu"}
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
    if question.when_unsure and question.when_unsure not in question.by_key:
        yield f"{name}: “{question.when_unsure}” stands for “not sure” and is no choice of it."
    yield from _conditions(rulebook, question)
    yield from _shares(question)
    yield from _twins(question)
    for choice in question.choices:
        yield from _vetoes(rulebook, question, choice)
        yield from _requirements(rulebook, question, choice)


def _conditions(rulebook: Rulebook, question: Question) -> Iterator[str]:
    earlier = {q.key: q for q in rulebook.questions[: rulebook.questions.index(question)]}
    for parent, answers in question.asked_if:
        if parent not in earlier:
            yield f"Question “{question.key}” depends on “{parent}”, which is not asked before it."
            continue
        for answer in sorted(answers - {UNSURE} - set(earlier[parent].by_key)):
            yield f"Question “{question.key}” depends on “{answer}”, no answer of “{parent}”."


def _shares(question: Question) -> Iterator[str]:
    """Shares weigh what is not sure, so together they must be everything."""
    name = f"Question “{question.key}”"
    of_choices = [choice.share for choice in question.choices if choice.share is not None]
    given = [*of_choices, *question.state_shares]
    if not given:
        return
    if question.kind is QuestionKind.SEVERAL or question.when_unsure:
        yield f"{name}: its shares weigh nothing, as it is never split by its answers."
    if question.shares_basis is None:
        yield f"{name} has shares without a reason, a source and a date."
    if question.state_shares and len(question.state_shares) != len(question.states):
        yield f"{name} must have one share for each of its numbers, or none."
    yield from _sum(name, given, whole=len(of_choices) == len(question.choices))


def _sum(name: str, given: Sequence[float], *, whole: bool) -> Iterator[str]:
    total = sum(given)
    if min(given) < 0 or total > 1 + 1e-9:
        yield f"{name}: shares lie within 0 and 1 and add up to no more than 1, not {total:g}."
    elif whole and not isclose(total, 1):
        yield f"{name}: its shares add up to {total:g} instead of 1."


def _twins(question: Question) -> Iterator[str]:
    """A choice that does the same as another is a question that changes nothing."""
    if question.kind is QuestionKind.SEVERAL or question.key in {MODALITY, HARDWARE}:
        return
    seen: dict[object, str] = {}
    for choice in question.choices:
        does = (
            frozenset(choice.deltas.items()),
            frozenset((k, v) for k, v in choice.points.items() if v),
            frozenset(choice.vetoes),
            frozenset(choice.requires),
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


def _requirements(rulebook: Rulebook, question: Question, choice: Choice) -> Iterator[str]:
    name = f"Question “{question.key}”: “{choice.key}” asks of hosts"
    for clause in choice.requires:
        for fact in sorted(clause.any_of - set(HOST_FACTS)):
            yield f"{name} “{fact}”, which no host is known by."
        other = rulebook.by_key.get(clause.unless)
        if clause.unless and (other is None or other.kind is not QuestionKind.SEVERAL):
            yield (
                f"{name} something only while “{clause.unless}” names nothing, and no question "
                "with several answers has that key."
            )


def _kinds(rulebook: Rulebook) -> Iterator[str]:
    for kind, what in (
        (QuestionKind.NUMBER, "number of requests"),
        (QuestionKind.SIZE, "size of a request"),
    ):
        count = sum(question.kind is kind for question in rulebook.questions)
        if count != 1:
            yield f"Exactly one question must ask for the {what}, not {count}."
    yield from _hardware(rulebook)
    modality = rulebook.by_key.get(MODALITY)
    if modality is None:
        yield f"There is no question “{MODALITY}”, which the models are chosen by."
        return
    for key in modality.by_key:
        if key not in MODALITY_NEEDS:
            yield f"Question “{MODALITY}”: the catalog does not know what “{key}” needs."


def _hardware(rulebook: Rulebook) -> Iterator[str]:
    hardware = rulebook.by_key.get(HARDWARE)
    if hardware is None:
        yield f"There is no question “{HARDWARE}”, which hardware of one’s own is chosen by."
        return
    if not hardware.when_unsure:
        yield f"Question “{HARDWARE}” must name the choice that “not sure” stands for."
    for key in hardware.by_key:
        if key not in DEVICES:
            yield f"Question “{HARDWARE}”: the costs do not know what “{key}” is."


def _parameters(rulebook: Rulebook) -> Iterator[str]:
    for parameter in _NEEDED:
        yield from _parameter(rulebook, parameter)
    yield from _sensitive(rulebook)
    for question in rulebook.questions:
        if question.kind is QuestionKind.SIZE and question.high > _MOST_TOKENS:
            yield f"Question “{question.key}” must not take more than {_MOST_TOKENS:,} tokens."
        for choice in question.choices if question.kind is QuestionKind.SIZE else ():
            tokens = [choice.parameters.get(parameter, 0.0) for parameter in _SIZES]
            if choice.key != CUSTOM and sum(tokens) <= 0:
                yield f"Question “{question.key}”: “{choice.key}” has no tokens in or out."


def _parameter(rulebook: Rulebook, parameter: Parameter) -> Iterator[str]:
    giving = [q for q in rulebook.questions if any(parameter in c.parameters for c in q.choices)]
    many = parameter in _MULTIPLIED
    if not giving or (len(giving) > 1 and not many) or any(q.asked_if for q in giving):
        count = "At least" if many else "Exactly"
        yield f"{count} one question, always asked, must hand “{parameter}” to the costs."
        return
    for question in giving:
        for choice in question.choices:
            value = choice.parameters.get(parameter)
            if value is None:
                yield f"Question “{question.key}”: “{choice.key}” has no “{parameter}”."
            elif not _NEEDED[parameter](value):
                yield (
                    f"Question “{question.key}”: {value:g} is no possible “{parameter}” for "
                    f"“{choice.key}”."
                )


def _sensitive(rulebook: Rulebook) -> Iterator[str]:
    """Only a choice that keeps a part of the requests inside says so; the others say nothing."""
    key = Parameter.SENSITIVE
    found = [
        c.parameters[key] for q in rulebook.questions for c in q.choices if key in c.parameters
    ]
    if found != [1.0]:
        yield f"Exactly one answer must say by “{key}” and 1 that a part must stay inside."


def _values(rulebook: Rulebook) -> Iterator[str]:
    for criterion in CRITERIA:
        for option in OPTIONS:
            if criterion is Criterion.COST:
                continue
            value = rulebook.base.get((criterion, option))
            if option is Option.HYBRID and criterion in OF_ITS_PARTS:
                yield from _follows(rulebook, criterion)
                continue
            if value is None:
                yield f"There is no value for {criterion} and {option}."
            elif not 0 <= value <= 100:
                yield f"The value for {criterion} and {option} is not within 0 and 100."


def _follows(rulebook: Rulebook, criterion: Criterion) -> Iterator[str]:
    moved = (criterion, Option.HYBRID)
    choices = (choice for question in rulebook.questions for choice in question.choices)
    if moved in rulebook.base or any(moved in choice.deltas for choice in choices):
        yield f"The value for {criterion} and hybrid follows from its parts and has no number."


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
    # What is computed where nobody states it.
    optional = {field.name for field in fields(Assumptions) if field.default is None}
    given = {assumption.field: assumption.key for assumption in rulebook.assumptions}
    for field in sorted(needed - given.keys()):
        yield f"The assumption “{field}” is missing."
    for field in sorted(given.keys() - needed):
        yield f"No formula uses the assumption “{given[field]}”."
    for assumption in rulebook.assumptions:
        if assumption.default is None and assumption.field not in optional:
            yield f"The assumption “{assumption.key}” has no default."
        low, high = LIMITS.get(assumption.field, (assumption.low, assumption.high))
        if assumption.low < low or assumption.high > high:
            yield (
                f"The assumption “{assumption.key}” allows more than the formulas take: "
                f"{low:,.10g} to {high:,.10g}."
            )
