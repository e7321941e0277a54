"""Rows with answers as their editor fills them in: the questions themselves."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django import forms
from django.core.exceptions import ValidationError

from apps.common.today import today
from apps.decision.address import group
from apps.decision.rulebook import Question, QuestionKind, Rulebook
from apps.decision.vocabulary import TOKENS_IN, TOKENS_OUT, UNSURE
from apps.editing.forms import FieldForm
from apps.rules import compile
from apps.scenarios.answers import Stored, as_stored, published, validate_answers
from apps.scenarios.checks import contradiction

_PREFIX = "answer_"
_UNSURE = (UNSURE, "I’m not sure")


def rulebooks() -> tuple[Rulebook, ...]:
    """Return the published rules and those of the drafts, whose questions can be answered."""
    return tuple(rules for rules in (published(), *compile.drafts()) if rules is not None)


def answer_fields() -> dict[str, forms.Field]:
    """Return a field for each question of the published rules, then for those of drafts alone."""
    questions: dict[str, Question] = {}
    for rules in rulebooks():
        for question in rules.questions:
            questions.setdefault(question.key, question)
    found: dict[str, forms.Field] = {}
    for question in questions.values():
        found[f"{_PREFIX}{question.key}"] = _field(question)
        if question.kind is QuestionKind.SIZE:
            for key, label in ((TOKENS_IN, "Tokens in"), (TOKENS_OUT, "Tokens out")):
                found[f"{_PREFIX}{key}"] = forms.CharField(
                    required=False, label=label, help_text="Only beside numbers of your own."
                )
    return found


def _field(question: Question) -> forms.Field:
    labels = [(choice.key, choice.label) for choice in question.choices]
    about: dict[str, Any] = {"required": False, "label": question.short}
    about["help_text"] = question.title
    if question.kind is QuestionKind.NUMBER:
        return forms.CharField(**about)
    if question.kind is QuestionKind.SEVERAL:
        boxes = forms.CheckboxSelectMultiple()
        return forms.MultipleChoiceField(choices=[*labels, _UNSURE], widget=boxes, **about)
    return forms.ChoiceField(choices=[("", "Not answered"), *labels, _UNSURE], **about)


class AnswersForm(FieldForm):
    """A row whose answers are chosen, question by question."""

    link = forms.CharField(
        required=False,
        label="Answers of a link",
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text="Paste the address of a result: its answers take the place of those below.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show the answers that are stored."""
        super().__init__(*args, **kwargs)
        for key, value in (self.instance.answers or {}).items():
            name = f"{_PREFIX}{key}"
            if name in self.fields:
                self.initial.setdefault(name, value)

    def clean(self) -> dict[str, Any]:
        """Read the answers."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        given = self._given(data)
        try:
            answers = as_stored(given, rulebooks())
            validate_answers(answers)
        except ValidationError as error:
            self.add_error("link" if data.get("link") else None, error)
            return data
        self.instance.answers = answers
        return data

    def _given(self, data: dict[str, Any]) -> Stored:
        link = data.get("link", "").strip()
        if link:
            query = urlsplit(link).query or link.removeprefix("?")
            return {key: list(values) for key, values in group(parse_qsl(query)).items()}
        names = [name for name in self.fields if name.startswith(_PREFIX)]
        return {name.removeprefix(_PREFIX): data[name] for name in names if data.get(name)}


class ScenarioForm(AnswersForm):
    """A scenario whose winner is what its answers come out as."""

    def clean(self) -> dict[str, Any]:
        """Refuse a winner that the answers do not lead to."""
        data = super().clean()
        if "winner" in data and not self.errors:
            self._hold_winner(self.instance.answers, data["winner"])
        return data

    def _hold_winner(self, answers: Stored, winner: str) -> None:
        """Let a winner stand that some version, published or draft, comes to."""
        problems = [contradiction(rules, answers, winner, today()) for rules in rulebooks()]
        if problems and all(told for told, _ in problems):
            self.add_error("winner", f"This scenario {problems[0][0]}")


def outcomes(answers: Stored, winner: str) -> Iterator[str]:
    """Yield what each version makes of the answers of a scenario."""
    for rules in rulebooks():
        name = f"Version {rules.version}" if rules.published_on else f"Draft {rules.version}"
        told, group = contradiction(rules, answers, winner, today())
        yield f"{name}: {group}" if group else f"{name}: {told}"
