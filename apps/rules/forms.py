"""What editors may enter of the rules, refused at its field where no page could take it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.common.format import count
from apps.decision.rulebook import Parameter, QuestionKind
from apps.editing.fields import WholeNumberField
from apps.editing.forms import FieldForm
from apps.money.overrides import LEAST_ECI, MOST_ECI

MOST_REQUESTS, MOST_TOKENS = 10**9, 10**7
# The heaviest answer of the first version gives 4 points.
MOST_POINTS = 10
_LIMITS: dict[str, tuple[float, float]] = {
    Parameter.DIFFICULTY: (LEAST_ECI, MOST_ECI),
    Parameter.REST_DIFFICULTY: (LEAST_ECI, MOST_ECI),
    Parameter.SLOPE: (0, 1),
    Parameter.REST_SLOPE: (0, 1),
    Parameter.REASONING: (1, 100),
    Parameter.STAFFING: (0, 10),
    Parameter.STARTS_IN: (0, 36),
    Parameter.TUNED: (0, 1),
    Parameter.SENSITIVE: (0, 1),
    Parameter.HARD_SHARE: (0, 1),
    Parameter.PEAK: (1, 1000),
    Parameter.TOKENS_IN: (0, MOST_TOKENS),
    Parameter.TOKENS_OUT: (0, MOST_TOKENS),
}
# A comma, a semicolon or a space ends a number; a comma before three digits parts thousands.
_BETWEEN = re.compile(r"[,;]?\s+|;|,(?!\d{3}(?!\d))")


class StatesField(forms.CharField):
    """Whole numbers as people write them, kept as digits with spaces between."""

    def to_python(self, value: Any) -> str:
        """Read each number."""
        texts = filter(None, _BETWEEN.split(super().to_python(value) or ""))
        return " ".join(str(WholeNumberField().clean(text)) for text in texts)


class QuestionForm(FieldForm):
    """A question whose numbers every page can take."""

    states = StatesField(
        required=False,
        max_length=200,
        help_text="For a number: those that stand for “not sure”, such as 1,000 10,000 100,000.",
    )

    def clean(self) -> dict[str, Any]:
        """Hold the numbers within the range of the question, and the range within the formulas."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = data.get("low"), data.get("high")
        if low is None or high is None:
            return data
        most = MOST_TOKENS if data.get("kind") == QuestionKind.SIZE else MOST_REQUESTS
        if high > most:
            self.add_error("high", f"The formulas take at most {count(most)}.")
        for state in map(int, data.get("states", "").split()):
            if not low <= state <= high:
                told = f"{count(state)} is not between {count(low)} and {count(high)}"
                self.add_error("states", f"{told}, the numbers that the question takes.")
        return data


class ParameterForm(FieldForm):
    """A number that the formulas can take."""

    def clean(self) -> dict[str, Any]:
        """Refuse a number out of the range of its kind."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        value, limits = data.get("value"), _LIMITS.get(data.get("parameter", ""))
        if value is not None and limits and not limits[0] <= value <= limits[1]:
            self.add_error("value", f"Write a number from {limits[0]:,g} to {limits[1]:,.10g}.")
        return data


class PointForm(FieldForm):
    """How much more important a criterion becomes."""

    def clean_points(self) -> float:
        """Refuse points that drown all others."""
        points: float = self.cleaned_data["points"]
        if not 0 <= points <= MOST_POINTS:
            raise ValidationError(f"Write a number from 0 to {MOST_POINTS}.")
        return points
