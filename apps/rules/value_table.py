"""The base values of a draft as one table: criteria down, options across."""

from collections.abc import Iterator
from typing import Any

from django import forms

from apps.decision.checks import OF_ITS_PARTS
from apps.decision.rulebook import Rulebook as Rules
from apps.decision.vocabulary import CRITERIA, Criterion
from apps.editing.clash import enter
from apps.editing.fields import NumberField
from apps.money.options import OPTIONS, Option
from apps.rules import words
from apps.rules.models import BaseValue, Rulebook


def _name(criterion: str, option: str) -> str:
    return f"{criterion}.{option}"


def _follows(criterion: Criterion, option: Option) -> bool:
    """Tell whether a value follows from the parts of a hybrid and has no number."""
    return option is Option.HYBRID and criterion in OF_ITS_PARTS


class ValueTable(forms.Form):
    """A number for each criterion and option, with what it was when the table was opened."""

    def __init__(self, *args: Any, row: Rulebook, rules: Rules, **kwargs: Any) -> None:
        """Take the values of a version."""
        super().__init__(*args, **kwargs)
        self.row, self.rules = row, rules
        for criterion, option in self.places():
            value = rules.base.get((criterion, option))
            name, label = _name(criterion, option), self._label(criterion, option)
            self.fields[name] = NumberField(min_value=0, max_value=100, initial=value, label=label)
            was = "" if value is None else f"{value:.12g}"
            self.fields[f"was.{name}"] = forms.CharField(
                required=False, initial=was, widget=forms.HiddenInput
            )

    @property
    def criteria(self) -> list[Criterion]:
        """The criteria that have values; that of cost is computed."""
        return [criterion for criterion in CRITERIA if criterion is not Criterion.COST]

    def places(self) -> Iterator[tuple[Criterion, Option]]:
        """Yield each criterion and option that has a value of its own."""
        for criterion in self.criteria:
            for option in OPTIONS:
                if not _follows(criterion, option):
                    yield criterion, option

    def _label(self, criterion: Criterion, option: Option) -> str:
        return (
            f"{words.criterion_name(self.rules, criterion)}, "
            f"{words.option_name(self.rules, option)}"
        )

    def head(self) -> list[str]:
        """Return the names of the options."""
        return [words.option_name(self.rules, option) for option in OPTIONS]

    def lines(self) -> Iterator[tuple[str, list[tuple[Any, Any] | None]]]:
        """Yield each criterion with its cells; None where a value follows from others."""
        for criterion in self.criteria:
            cells = [self._cell(criterion, option) for option in OPTIONS]
            yield words.criterion_name(self.rules, criterion), cells

    def _cell(self, criterion: Criterion, option: Option) -> tuple[Any, Any] | None:
        if _follows(criterion, option):
            return None
        name = _name(criterion, option)
        return self[name], self[f"was.{name}"]

    def clean(self) -> dict[str, Any]:
        """Refuse a value that somebody else changed since the table was opened."""
        data: dict[str, Any] = self.cleaned_data
        for criterion, option in self.places():
            name = _name(criterion, option)
            value = self.rules.base.get((criterion, option))
            now = "" if value is None else f"{value:.12g}"
            if data.get(f"was.{name}") != now and data.get(name) != value:
                told = f"Somebody else made it {now or 'empty'} meanwhile."
                self.add_error(name, f"{told} Save again to keep yours.")
                enter(self, f"was.{name}", [now])
        return data

    def save(self) -> None:
        """Write the values that differ."""
        for criterion, option in self.places():
            new = self.cleaned_data[_name(criterion, option)]
            if new != self.rules.base.get((criterion, option)):
                BaseValue.objects.update_or_create(
                    rulebook=self.row,
                    criterion=criterion.value,
                    option=option.value,
                    defaults={"value": new},
                )
