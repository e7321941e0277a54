"""A version of the rules as plain values: questions, choices and everything that they do."""

from collections.abc import Callable, Mapping
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


class Combine(StrEnum):
    """How the named answers to a question of kind SEVERAL ask something of the hosts."""

    ALL = "all"
    ANY = "any"


class Parameter(StrEnum):
    """A number that a choice hands to the costs or the shortlist."""

    DIFFICULTY = "difficulty"
    SLOPE = "slope"
    REST_DIFFICULTY = "rest-difficulty"
    REST_SLOPE = "rest-slope"
    REASONING = "reasoning"
    STAFFING = "staffing"
    STARTS_IN = "starts-in"
    TUNED = "tuned"
    SENSITIVE = "sensitive"
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
class HostClause:
    """A host counts only if it has one of these facts.

    Where `unless` names a question, the clause holds only while that question names nothing.
    """

    any_of: frozenset[str]
    unless: str = ""


@dataclass(frozen=True, slots=True)
class ShareBasis:
    """Why the answers to a question are taken to be as common as they are."""

    reason: str
    source: str
    source_url: str
    as_of: date


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
    requires: tuple[HostClause, ...] = ()
    # How common the answer is among teams; None: it divides what is left with the others.
    share: float | None = None


@dataclass(frozen=True)
class Question:
    """One question; its key is part of the URL contract.

    Each of `asked_if` names another question and its answers (or 'unsure') that lead here; one of
    them is enough. `states` are the numbers that stand for an unsure answer to a question of kind
    NUMBER, `state_shares` how common each is; `low` and `high` are the whole numbers that it
    takes. `when_unsure` is the one choice that stands for an unsure answer; where it is empty, all
    of them do.
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
    asked_if: tuple[tuple[str, frozenset[str]], ...] = ()
    combine: Combine = Combine.ALL
    when_unsure: str = ""
    shares_basis: ShareBasis | None = None
    states: tuple[int, ...] = ()
    state_shares: tuple[float, ...] = ()
    low: int = 0
    high: int = 0

    @cached_property
    def by_key(self) -> dict[str, Choice]:
        """The choices by their key."""
        return {choice.key: choice for choice in self.choices}

    def is_asked(self, answer_to: Callable[[str], str]) -> bool:
        """Tell whether one of its conditions is met by what is answered to other questions."""
        return not self.asked_if or any(answer_to(key) in found for key, found in self.asked_if)


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
    def field(self) -> str:
        """The name that the formulas have for it: a key may hold a hyphen."""
        return self.key.replace("-", "_")

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
    # The parts of the best model's chance from which a model may set the scale of cost, and from
    # which an open one may take a hybrid's easier work.
    capability_floor: float = 0.5
    rest_floor: float = 0.9
    # What a hybrid keeps of its closed model's capability, and loses against its parts elsewhere.
    hybrid_capability: float = 0.97
    hybrid_penalty: float = 5.0
    # A criterion of this weight on which the recommended option has no more than this value.
    hard_consequence_weight: float = 0.08
    hard_consequence_value: float = 30.0

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
