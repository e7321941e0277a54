"""What each page of the wizard may show: one frozen dataclass a page."""

from dataclasses import dataclass

from apps.engine.contexts import FieldError
from apps.wizard.answer_rows import AnswerRow


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
class StandingRow:
    """How an option stands: its share of what is still possible, or what rules it out."""

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
