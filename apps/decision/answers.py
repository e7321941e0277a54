"""The one parser of answers: from a URL's pairs to immutable answers, and back."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from types import MappingProxyType
from urllib.parse import urlencode

from apps.decision.address import (
    Given,
    Problem,
    Reading,
    UnreadableError,
    read_mean,
    read_override,
    read_whole,
    read_within,
)
from apps.decision.numbers import written
from apps.decision.rulebook import AssumptionText, Question, QuestionKind, Rulebook
from apps.decision.vocabulary import CUSTOM, NONE, TOKENS_IN, TOKENS_OUT, UNSURE
from apps.money.overrides import AT, NEED, OVERRIDES

_EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Answers:
    """Answers in canonical order; a missing key is a question that is not answered.

    `choices` maps a question's key to a choice's key or 'unsure'; numbers are canonical decimal
    texts; `several` holds the chosen keys of questions with several answers; `assumptions` and
    `overrides` hold what the address sets of the cost formulas' inputs and of the market.
    """

    choices: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    several: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    tokens: tuple[float, float] | None = None
    assumptions: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    overrides: Mapping[str, str] = field(default_factory=lambda: _EMPTY)

    def __contains__(self, key: str) -> bool:
        """Tell whether the question is answered, be it with 'unsure'."""
        return key in self.choices or key in self.several

    def get(self, key: str) -> str:
        """Return the chosen key; an unanswered question counts as unsure."""
        return self.choices.get(key, UNSURE)

    def is_known(self, key: str) -> bool:
        """Tell whether the question has an answer other than 'unsure'."""
        return self.get(key) != UNSURE

    def replace(self, key: str, value: str | None) -> "Answers":
        """Return the same answers with one single-choice or number answer changed or removed."""
        choices = {k: v for k, v in self.choices.items() if k != key}
        if value is not None:
            choices[key] = value
        return replace(self, choices=choices)

    def without(self, key: str) -> "Answers":
        """Return the same answers with one question unanswered."""
        several = {k: v for k, v in self.several.items() if k != key}
        choices = {k: v for k, v in self.choices.items() if k != key}
        return replace(self, choices=choices, several=several)

    def without_overrides(self, keys: Collection[str]) -> "Answers":
        """Return the same answers with some overrides left to the computation."""
        return replace(self, overrides={k: v for k, v in self.overrides.items() if k not in keys})

    @cached_property
    def changes(self) -> tuple[tuple[str, float | str], ...]:
        """What the address sets of the cost formulas' inputs and of the market."""
        return (*sorted(self.assumptions.items()), *sorted(self.overrides.items()))

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The answers as pairs, in no particular order; `canonical` sorts them."""
        pairs = list(self.choices.items())
        pairs += [(key, value) for key, values in self.several.items() for value in values]
        if self.tokens is not None and CUSTOM in self.choices.values():
            pairs += zip((TOKENS_IN, TOKENS_OUT), map(written, self.tokens), strict=True)
        pairs += [(key, f"{value:.12g}") for key, value in self.assumptions.items()]
        pairs += self.overrides.items()
        return tuple(pairs)

    def canonical(self, rulebook: Rulebook) -> tuple[tuple[str, str], ...]:
        """Return the pairs in the order of the rulebook: same answers, same pairs."""
        order = rulebook.key_order
        return tuple(sorted(self.pairs, key=lambda pair: (order[pair[0]], pair[1])))

    def query(self, rulebook: Rulebook) -> str:
        """Return the canonical query string."""
        return urlencode(self.canonical(rulebook))


@dataclass(frozen=True)
class Parsed:
    """What a URL held: the answers that could be read, and what could not."""

    answers: Answers
    problems: tuple[Problem, ...] = ()

    @property
    def day(self) -> date | None:
        """The day whose prices the URL asks for; None where it names none that can be read."""
        text = self.answers.overrides.get(AT)
        return date.fromisoformat(text) if text else None

    def problems_of(self, question: Question) -> tuple[Problem, ...]:
        """Return the problems of a question; the two token numbers belong to the size."""
        keys = {question.key}
        if question.kind is QuestionKind.SIZE:
            keys |= {TOKENS_IN, TOKENS_OUT}
        return tuple(problem for problem in self.problems if problem.key in keys)


def applies(question: Question, answers: Answers) -> bool:
    """Tell whether the condition of a question is met; an unanswered parent counts as unsure."""
    return question.is_asked(answers.get)


# A volume that is a mean may be less than one request a day.
_LEAST_MEAN = 0.001


def parse(rulebook: Rulebook, given: Given, *, any_size: bool = False) -> Parsed:
    """Read answers and assumptions from what a URL gives; never raises.

    Unknown keys are dropped, and so are answers to questions whose condition is not met. A value
    that a known key does not take is reported and counts as unanswered. With `any_size` the two
    numbers of tokens count whatever size is given, all numbers may be means with fractions, and
    `need` stands in for the task.
    """
    reading = Reading(given)
    answers = Answers()
    for question in rulebook.questions:
        answers = _read_question(reading, question, answers, any_size)
    answers = replace(
        answers,
        assumptions=_read_assumptions(reading, rulebook),
        overrides=_read_overrides(reading, any_size),
    )
    for question in rulebook.questions:
        if question.key in answers and not applies(question, answers):
            answers = answers.without(question.key)
    return Parsed(answers, tuple(reading.problems))


def _read_question(
    reading: Reading, question: Question, answers: Answers, any_size: bool
) -> Answers:
    """Return the answers with that to one question, if it can be read."""
    key = question.key
    if question.kind is QuestionKind.SEVERAL:
        chosen = reading.read(key, partial(_read_several, question))
        return replace(answers, several={**answers.several, key: chosen}) if chosen else answers
    if (
        question.kind is QuestionKind.SIZE
        and any_size
        and {TOKENS_IN, TOKENS_OUT} & reading.given.keys()
    ):
        value: str | None = CUSTOM
    else:
        value = reading.read(key, partial(_read_single, question, means=any_size))
    if value is None:
        if question.kind is QuestionKind.SIZE and key not in reading.given:
            _name_tokens(reading, question)
        return answers
    if question.kind is QuestionKind.SIZE and value == CUSTOM:
        tokens = _read_tokens(reading, question, means=any_size)
        if tokens is None:
            return answers
        answers = replace(answers, tokens=tokens)
    return answers.replace(key, value)


def _read_single(question: Question, values: Sequence[str], *, means: bool) -> str:
    if len(values) > 1:
        if question.kind is QuestionKind.NUMBER:
            raise UnreadableError(f"{question.short}: enter one number, or select “I’m not sure”")
        raise UnreadableError(f"{question.short}: select one answer, not {len(values)}")
    value = values[0].lower()
    if value == UNSURE:
        return UNSURE
    if question.kind is QuestionKind.NUMBER:
        if means:
            return written(read_mean(question.short, values, _LEAST_MEAN, question.high))
        return str(read_whole(question.short, values, question.low, question.high))
    if value not in question.by_key:
        raise UnreadableError(f"{question.short}: “{values[0][:60]}” is not one of the answers")
    return value


def _read_several(question: Question, given: Sequence[str]) -> tuple[str, ...]:
    values = {value.lower(): value for value in given}
    unknown = [given for key, given in values.items() if key not in {UNSURE, *question.by_key}]
    if unknown:
        raise UnreadableError(f"{question.short}: “{unknown[0][:60]}” is not one of the answers")
    alone = {UNSURE, NONE} & values.keys()
    if alone and len(values) > 1:
        none = f"“{question.by_key[NONE].label}” or " if NONE in question.by_key else ""
        raise UnreadableError(
            f"{question.short}: select {none}“I’m not sure” alone, or all that apply"
        )
    return tuple(sorted(values, key=[*question.by_key, UNSURE].index))


def _read_tokens(
    reading: Reading, question: Question, *, means: bool
) -> tuple[float, float] | None:
    """Return both numbers of tokens of a custom size; a problem stands at each that is wrong."""
    reader = read_mean if means else read_whole
    inwards, outwards = (
        reading.read(
            key, partial(reader, name, low=question.low, high=question.high), required=True
        )
        for key, name in ((TOKENS_IN, "Tokens in"), (TOKENS_OUT, "Tokens out"))
    )
    if inwards is None or outwards is None:
        return None
    if inwards == outwards == 0:
        reading.refuse(TOKENS_IN, ("0",), "Tokens in and tokens out cannot both be 0")
        return None
    return inwards, outwards


def _name_tokens(reading: Reading, question: Question) -> None:
    """Say that numbers of tokens were given without the size that they belong to."""
    label = question.by_key[CUSTOM].label if CUSTOM in question.by_key else CUSTOM
    for key in (TOKENS_IN, TOKENS_OUT):
        if key in reading.given:
            message = f"{question.short}: numbers of tokens count only with “{label}” selected"
            reading.refuse(key, reading.given[key], message)


def _read_assumptions(reading: Reading, rulebook: Rulebook) -> dict[str, float]:
    """Return the assumptions that differ from their defaults."""
    found: dict[str, float] = {}
    for row in rulebook.assumptions:
        value = reading.read(row.key, partial(_read_assumption, row))
        if value is not None and value != row.default:
            found[row.key] = value
    return found


def _read_assumption(row: AssumptionText, values: Sequence[str]) -> float:
    if row.is_whole:
        return float(read_whole(row.label, values, math.ceil(row.low), math.floor(row.high)))
    return read_within(row.label, values, row.low, row.high)


def _read_overrides(reading: Reading, any_need: bool) -> dict[str, str]:
    keys = [key for key in OVERRIDES if any_need or key != NEED]
    found = {key: reading.read(key, partial(read_override, key)) for key in keys}
    return {key: value for key, value in found.items() if value is not None}
