"""A version of the rules as plain values: questions, choices and everything that they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from apps.decision.vocabulary import TOKENS_IN, TOKENS_OUT, Criterion
from apps.money.options import Option
from apps.money.overrides import OVERRIDES


class QuestionKind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    SIZE = "size"


class Parameter(StrEnum):
    """A number that a choice hands to the costs or the shortlist."""

    TIER = "tier"
    REST_TIER = "rest-tier"
    HARD_SHARE = "hard-share"
    PEAK = "peak"
    TOKENS_IN = "tokens-in"
    TOKENS_OUT = "tokens-out"


@dataclass(frozen=True, slots=True)
class Veto:
    """A choice rules an option out; where `only_if` is set, only beside that other answer."""

    option: Option
    only_if: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """Something that a rule asks to be checked, with its source."""

    text: str
    source: str
    source_url: str
    as_of: date


@dataclass(frozen=True)
class Choice:
    """One answer to a question, with all its effects."""

    key: str
    label: str
    consequence: str = ""
    # How the answer reads after 'because': 'your data must stay on your own premises'.
    phrase: str = ""
    deltas: Mapping[tuple[Criterion, Option], float] = field(default_factory=dict)
    points: Mapping[Criterion, float] = field(default_factory=dict)
    vetoes: tuple[Veto, ...] = ()
    parameters: Mapping[Parameter, float] = field(default_factory=dict)
    checklist: tuple[ChecklistItem, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question; its key is part of the URL contract.

    `asked_if` names another question and its answers (or 'unsure') that lead here. `states` are
    the numbers that stand for an unsure answer to a question of kind NUMBER; `low` and `high` are
    the whole numbers that it takes.
    """

    key: str
    kind: QuestionKind
    title: str
    why: str
    # What the error says when nothing is chosen: 'Select how far your data may travel'.
    missing: str
    short: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    asked_if: tuple[str, frozenset[str]] | None = None
    states: tuple[int, ...] = ()
    low: int = 0
    high: int = 0

    @cached_property
    def by_key(self) -> dict[str, Choice]:
        """The choices by their key."""
        return {choice.key: choice for choice in self.choices}


@dataclass(frozen=True, slots=True)
class Risk:
    """What can go wrong with an option, and the sign to look again."""

    text: str
    trip_wire: str


class StepKind(StrEnum):
    """What a next step is for."""

    TRIAL = "trial"
    PATH_OUT = "path-out"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do after choosing an option."""

    kind: StepKind
    text: str


@dataclass(frozen=True)
class OptionText:
    """What the pages say of an option."""

    option: Option
    name: str
    # Completes the group in the verdict: 'Open: hosted for you'.
    headline: str
    # What it is, in one sentence.
    sentence: str
    risks: tuple[Risk, ...] = ()
    steps: tuple[NextStep, ...] = ()


@dataclass(frozen=True)
class CriterionText:
    """What the pages say of a criterion, and on what its values rest."""

    criterion: Criterion
    name: str
    # What it means, in one sentence.
    about: str
    # 'does better on …': completes a sentence that names an option first.
    better: str
    basis: str
    basis_url: str
    as_of: date


# Ranges that reach this far are those of amounts.
_AMOUNTS_FROM = 100_000


@dataclass(frozen=True)
class AssumptionText:
    """An assumption with its default, range, unit, source and date."""

    key: str
    label: str
    # None where the value comes from another row: the GPU's price, the traffic's peak.
    default: float | None
    low: float
    high: float
    unit: str
    source: str
    source_url: str
    as_of: date

    @property
    def is_whole(self) -> bool:
        """Tell whether it is an amount, such as a salary, of which nobody states a fraction."""
        return self.high >= _AMOUNTS_FROM


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Editorial limits: points for a close call, shares for each strength of a lead."""

    close_call: float = 3.0
    clear: float = 10.0
    robust: float = 0.90
    likely: float = 0.70
    leaning: float = 0.50


@dataclass(frozen=True)
class Rulebook:
    """One version of the rules, compiled from its rows."""

    version: int
    published_on: date | None
    questions: tuple[Question, ...]
    base: Mapping[tuple[Criterion, Option], float]
    options: Mapping[Option, OptionText] = field(default_factory=dict)
    criteria: Mapping[Criterion, CriterionText] = field(default_factory=dict)
    assumptions: tuple[AssumptionText, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    # When no language model is needed at all.
    no_model: str = ""
    # Dollars a month between the cheapest and the dearest option at which cost starts to count.
    cost_floor_usd: float = 300.0
    cost_points: float = 3.0

    @cached_property
    def by_key(self) -> dict[str, Question]:
        """The questions by their key."""
        return {question.key: question for question in self.questions}

    @cached_property
    def key_order(self) -> dict[str, int]:
        """Every key of the URL contract with its place in the canonical order."""
        keys: list[str] = []
        for question in self.questions:
            keys.append(question.key)
            if question.kind is QuestionKind.SIZE:
                keys += [TOKENS_IN, TOKENS_OUT]
        keys += [assumption.key for assumption in self.assumptions]
        keys += OVERRIDES
        return {key: place for place, key in enumerate(keys)}

    def of_kind(self, kind: QuestionKind) -> Question:
        """Return the first question of a kind; publishing checks that there is one to count on."""
        return next(question for question in self.questions if question.kind is kind)
