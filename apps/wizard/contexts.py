"""What each page of the wizard may show: one frozen dataclass a page."""

from dataclasses import dataclass
from datetime import date

from apps.decision.rulebook import ChecklistItem, NextStep, Risk
from apps.engine.contexts import AssumedRow, FieldError, Panel


@dataclass(frozen=True, slots=True)
class ScenarioLink:
    """A scenario with its own page and its answers as a starting point."""

    title: str
    winner: str  # a Group
    why: str
    url: str
    load_url: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The front page."""

    questions: int
    models: int
    offers: int
    scenarios: tuple[ScenarioLink, ...]


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start of the wizard."""

    questions: int
    start_url: str
    scenarios: tuple[ScenarioLink, ...]


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One answer that can be picked."""

    key: str
    label: str
    consequence: str
    checked: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer that was given, with the way to change it."""

    question: str  # the key
    name: str
    answer: str
    change_url: str


@dataclass(frozen=True, slots=True)
class StandingRow:
    """How an option stands: its share of what is still possible, or what rules it out."""

    option: str  # the slug
    name: str
    group: str
    share: float
    ruled_out_by: str  # empty while it is possible


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question of the wizard."""

    key: str
    kind: str  # choice, several, number or size
    heading: str
    why: str
    hint: str
    place: str  # 'Question 3 of about 14'
    choices: tuple[ChoiceRow, ...]
    unsure_checked: bool
    # What was typed into the number fields, unchanged.
    number: str
    tokens_in: str
    tokens_out: str
    errors: tuple[FieldError, ...]
    # Everything else that the form hands on, as hidden inputs.
    kept: tuple[tuple[str, str], ...]
    action_url: str
    back_url: str
    start_again_url: str
    answers: tuple[AnswerRow, ...]
    standing: tuple[StandingRow, ...]
    standing_note: str
    # The recommendation so far; empty before the first answer.
    result_url: str
    # Set when the open questions cannot change the recommendation any more.
    settled: str

    def error_at(self, field_id: str) -> str:
        """Return the message at a field, empty where there is none."""
        return next((e.message for e in self.errors if e.field_id == field_id), "")

    @property
    def choice_error(self) -> str:
        """The message at the choices."""
        return self.error_at(self.key)

    @property
    def tokens_in_error(self) -> str:
        """The message at the first number of tokens."""
        return self.error_at("tokens_in")

    @property
    def tokens_out_error(self) -> str:
        """The message at the second number of tokens."""
        return self.error_at("tokens_out")


@dataclass(frozen=True, slots=True)
class VerdictBlock:
    """The verdict as one sentence, with its strength in words."""

    group: str  # empty where nothing is recommended
    sentence: str
    strength: str  # a slug, for tests and colours
    detail: str  # one or two sentences: how sure, how near the next one is


@dataclass(frozen=True, slots=True)
class SplitRow:
    """'If it must stay inside: X; otherwise: Y'."""

    condition: str
    group: str
    option_name: str
    detail: str
    settle_url: str  # the same answers with this condition answered


@dataclass(frozen=True, slots=True)
class DecidingRow:
    """An answer that decided it."""

    name: str
    answer: str
    detail: str
    change_url: str


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One line of the computation; `points` may be negative and `width` is in percent of half."""

    criterion: str
    sentence: str
    points: float
    width: float
    weight: float
    value: float
    other_value: float


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change that would lead to another group."""

    condition: str
    outcome: str
    url: str
    group: str  # empty where the change leaves no recommendation
    is_veto: bool


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model to try for the recommended option."""

    name: str
    url: str
    provider: str
    option_name: str
    role: str
    why: str
    worse: str
    lacks: str  # empty where it meets every need
    rights: str
    hardware: str  # empty for an API
    price: str
    price_source: str
    status: str
    tier: str  # tier, grade, reason, source and date in one sentence
    checked_on: date
    monthly_usd: float


@dataclass(frozen=True, slots=True)
class WhyNotRow:
    """Why an option is not the recommended one."""

    name: str
    group: str
    reason: str
    would_qualify: str
    score: float | None


@dataclass(frozen=True, slots=True)
class UnsureRow:
    """An answer that is not known, with how often it would change the lead."""

    name: str
    why: str
    detail: str
    url: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class ChecklistBlock:
    """What a rule asks to be checked."""

    name: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The recommendation, in the order of the page."""

    title: str
    verdict: VerdictBlock
    problems: tuple[str, ...]  # values that could not be read and count as unanswered
    split: tuple[SplitRow, ...]
    relax: tuple[DecidingRow, ...]
    deciding: tuple[DecidingRow, ...]
    money: Panel
    money_notes: tuple[str, ...]
    costs_url: str
    reasons_heading: str
    reasons: tuple[ReasonRow, ...]
    reasons_sum: str
    changes_intro: tuple[str, ...]
    changes: tuple[ChangeRow, ...]
    changes_notes: tuple[str, ...]
    models: tuple[ModelRow, ...]
    models_notes: tuple[str, ...]
    why_not: tuple[WhyNotRow, ...]
    no_model: str
    answers: tuple[AnswerRow, ...]
    unsure: tuple[UnsureRow, ...]
    not_asked: tuple[str, ...]
    assumed: tuple[AssumedRow, ...]
    assumed_url: str
    assumed_kept: tuple[tuple[str, str], ...]
    reset_url: str  # empty while every default is used
    checklists: tuple[ChecklistBlock, ...]
    risks: tuple[Risk, ...]
    trial: tuple[NextStep, ...]
    path_out: tuple[NextStep, ...]
    reverse: tuple[NextStep, ...]
    proof: tuple[str, ...]
    rules_version: int
    data_date: date
    open_questions: int
    continue_url: str  # the next open question; empty when all are answered
    method_url: str
    json_url: str
    start_again_url: str
