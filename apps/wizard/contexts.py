"""What each page of the wizard may show: one frozen dataclass a page."""

from dataclasses import dataclass
from datetime import date

from apps.common.errors import FieldError
from apps.wizard.answer_rows import AnswerRow
from apps.wizard.standing import StandingBlock


@dataclass(frozen=True, slots=True)
class ScenarioLink:
    """A scenario with its own page and its answers as a starting point."""

    title: str
    winner: str  # a Group
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
class AccessibilityPage:
    """The statement of accessibility."""

    contact: str  # empty where nobody takes reports


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
class QuestionBlock:
    """What is asked, and why."""

    key: str
    kind: str  # choice, several, number or size
    heading: str
    why: str
    hint: str
    place: str  # 'Question 3 of about 14'


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """The fields of one question, with what was typed unchanged."""

    action_url: str
    hidden_inputs: tuple[tuple[str, str], ...]  # everything else that the form hands on
    choices: tuple[ChoiceRow, ...]
    unsure_checked: bool
    number: str
    tokens_in: str
    tokens_out: str
    errors: tuple[FieldError, ...]

    def error_at(self, field_id: str) -> str:
        """Return the message at a field, empty where there is none."""
        return next((e.message for e in self.errors if e.field_id == field_id), "")

    @property
    def tokens_in_error(self) -> str:
        """The message at the first number of tokens."""
        return self.error_at("tokens_in")

    @property
    def tokens_out_error(self) -> str:
        """The message at the second number of tokens."""
        return self.error_at("tokens_out")


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question of the wizard."""

    question: QuestionBlock
    form: AnswerForm
    back_url: str
    answers: tuple[AnswerRow, ...]
    standing: StandingBlock | None
    result_url: str  # the recommendation so far; empty before the first answer

    @property
    def choice_error(self) -> str:
        """The message at the choices."""
        return self.form.error_at(self.question.key)


@dataclass(frozen=True, slots=True)
class StandingPage:
    """How the options stand after some answers: shown beside a question, or on its own."""

    standing: StandingBlock
    result_url: str
    back_url: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of the rules that was published; `impact` is empty where none was computed."""

    version: int
    published_on: date | None
    is_current: bool
    note: str
    impact: str
    url: str
    replay_url: str


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """All versions, the newest first."""

    rows: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One thing that a version changed."""

    where: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class VersionPage:
    """What a version changed against the one before it; `before` is None for the first."""

    row: VersionRow
    before: int | None
    changes: tuple[ChangeRow, ...]
