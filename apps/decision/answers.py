"""The one parser of answers: from a URL's pairs to immutable answers, and back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from urllib.parse import urlencode

from apps.decision.address import (
    Problem,
    UnreadableError,
    problem,
    read_override,
    read_whole,
    read_within,
)
from apps.decision.rulebook import Kind, Question, Rulebook
from apps.decision.vocabulary import UNSURE
from apps.money.overrides import OVERRIDES

TOKENS_IN = "tokens_in"
TOKENS_OUT = "tokens_out"
CUSTOM = "custom"
_EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Answers:
    """Answers in canonical order; a missing key is a question that is not answered.

    `choices` maps a question's key to a choice's key or 'unsure'; numbers are canonical decimal
    texts; `several` holds the chosen keys of questions with several answers; `assumptions` and
    `picks` hold what the address sets of the cost formulas' inputs and of the market.
    """

    choices: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    several: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    tokens: tuple[int, int] | None = None
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
        """Return the same answers with some picks left to the computation."""
        return replace(self, overrides={k: v for k, v in self.overrides.items() if k not in keys})

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The answers as pairs, in no particular order; `canonical` sorts them."""
        pairs = list(self.choices.items())
        pairs += [(key, value) for key, values in self.several.items() for value in values]
        if self.tokens is not None and CUSTOM in self.choices.values():
            pairs += [(TOKENS_IN, str(self.tokens[0])), (TOKENS_OUT, str(self.tokens[1]))]
        pairs += [(key, f"{value:.12g}") for key, value in self.assumptions.items()]
        pairs += self.overrides.items()
        return tuple(pairs)

    def canonical(self, rulebook: Rulebook) -> tuple[tuple[str, str], ...]:
        """Return the pairs in the order of the rulebook: same answers, same pairs."""
        order = rulebook_keys(rulebook)
        return tuple(sorted(self.pairs, key=lambda pair: (order[pair[0]], pair[1])))

    def query(self, rulebook: Rulebook) -> str:
        """Return the canonical query string."""
        return urlencode(self.canonical(rulebook))


@dataclass(frozen=True)
class Parsed:
    """What a URL held: the answers that could be read, and what could not."""

    answers: Answers
    problems: tuple[Problem, ...] = ()

    def problems_of(self, key: str) -> tuple[Problem, ...]:
        """Return the problems of a question; the two token numbers belong to the size."""
        return tuple(p for p in self.problems if p.key == key)


def rulebook_keys(rulebook: Rulebook) -> dict[str, int]:
    """Return every key of the URL contract with its place in the canonical order."""
    keys: list[str] = []
    for question in rulebook.questions:
        keys.append(question.key)
        if question.kind is Kind.SIZE:
            keys += [TOKENS_IN, TOKENS_OUT]
    keys += [assumption.key for assumption in rulebook.assumptions]
    keys += OVERRIDES
    return {key: place for place, key in enumerate(keys)}


def parse(rulebook: Rulebook, pairs: Iterable[tuple[str, str]]) -> Parsed:
    """Read answers and assumptions from a URL's pairs; never raises.

    Unknown keys are dropped. A value that a known key does not take is reported and counts as
    unanswered. An empty value is no answer.
    """
    known = rulebook_keys(rulebook)
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        if key in known and value.strip():
            values = found.setdefault(key, [])
            if value.strip() not in values:
                values.append(value.strip())
    problems: list[Problem] = []
    choices: dict[str, str] = {}
    several: dict[str, tuple[str, ...]] = {}
    tokens: tuple[int, int] | None = None
    for question in rulebook.questions:
        values = found.get(question.key, [])
        try:
            if not values:
                continue
            if question.kind is Kind.SEVERAL:
                several[question.key] = _read_several(question, values)
                continue
            value = _read_single(question, values)
            if question.kind is Kind.SIZE and value == CUSTOM:
                tokens, wrong = _read_tokens(question, found)
                problems += wrong
                if tokens is None:
                    continue
            choices[question.key] = value
        except UnreadableError as error:
            problems.append(problem(question.key, values, error))
    assumptions: dict[str, float] = {}
    for assumption in rulebook.assumptions:
        values = found.get(assumption.key, [])
        try:
            if values:
                number = read_within(assumption.label, values, assumption.low, assumption.high)
                if number != assumption.default:
                    assumptions[assumption.key] = number
        except UnreadableError as error:
            problems.append(problem(assumption.key, values, error))
    overrides, wrong = _read_overrides(found)
    answers = Answers(
        MappingProxyType(choices),
        MappingProxyType(several),
        tokens,
        MappingProxyType(assumptions),
        MappingProxyType(overrides),
    )
    return Parsed(answers, (*problems, *wrong))


def _read_single(question: Question, values: list[str]) -> str:
    if len(values) > 1:
        if question.kind is Kind.NUMBER:
            raise UnreadableError(f"{question.short}: enter one number, or select “I’m not sure”")
        raise UnreadableError(f"{question.short}: select one answer, not {len(values)}")
    value = values[0]
    if value == UNSURE:
        return UNSURE
    if question.kind is Kind.NUMBER:
        return str(read_whole(question.short, values, question.low, question.high))
    if value not in question.by_key:
        raise UnreadableError(f"{question.short}: “{value[:60]}” is not one of the answers")
    return value


def _read_several(question: Question, values: list[str]) -> tuple[str, ...]:
    unknown = [value for value in values if value != UNSURE and value not in question.by_key]
    if unknown:
        raise UnreadableError(f"{question.short}: “{unknown[0][:60]}” is not one of the answers")
    alone = {UNSURE, "none"} & set(values)
    if alone and len(values) > 1:
        none = question.by_key["none"].label if "none" in question.by_key else "none"
        raise UnreadableError(
            f"{question.short}: select “{none}” or “I’m not sure” alone, or all that apply"
        )
    return tuple(sorted(values, key=[*question.by_key, UNSURE].index))


def _read_tokens(
    question: Question, found: Mapping[str, list[str]]
) -> tuple[tuple[int, int] | None, list[Problem]]:
    """Return both numbers of tokens of a custom size, or a problem at each that is wrong."""
    numbers, problems = [], []
    for key, name in ((TOKENS_IN, "Tokens in"), (TOKENS_OUT, "Tokens out")):
        values = found.get(key, [])
        try:
            numbers.append(read_whole(name, values, question.low, question.high))
        except UnreadableError as error:
            problems.append(problem(key, values, error))
    if numbers == [0, 0]:
        problems.append(Problem(TOKENS_IN, "0", "Tokens in and tokens out cannot both be 0"))
    return (None, problems) if problems else ((numbers[0], numbers[1]), [])


def _read_overrides(found: Mapping[str, list[str]]) -> tuple[dict[str, str], list[Problem]]:
    overrides, problems = {}, []
    for key in OVERRIDES:
        values = found.get(key, [])
        try:
            if values:
                overrides[key] = read_override(key, values)
        except UnreadableError as error:
            problems.append(problem(key, values, error))
    return overrides, problems
