"""Whole numbers and days in the forms of the admin and in its files: never taken for others."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from apps.decision.numbers import AmbiguousNumberError, read_number

_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", re.ASCII)
_MONTHS = 12


class WholeNumberField(forms.IntegerField):
    """A whole number as people and spreadsheets write it: 131,072, 128k, 131072.0.

    Django alone reads 128.000 as 128.
    """

    def to_python(self, value: Any) -> int | None:
        """Read what was typed; Django itself refuses what is no whole number."""
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            number = read_number(value, whole=True)
        except AmbiguousNumberError as error:
            raise ValidationError(f"“{value}” can be read in two ways. {error}.") from None
        except ValueError:
            return super().to_python(value)
        return super().to_python(f"{number:f}")


class DayField(forms.DateField):
    """A day; 05/06/2024 is refused, which is May to some and June to others."""

    def to_python(self, value: Any) -> date | None:
        """Refuse what can be read as two days; Django reads the rest."""
        match = _SLASHED.fullmatch(value.strip()) if isinstance(value, str) else None
        if match:
            first, second, year = map(int, match.groups())
            year += 2000 if year < 100 else 0
            if first != second and max(first, second) <= _MONTHS:
                days = (f"{year}-{first:02}-{second:02}", f"{year}-{second:02}-{first:02}")
                message = f"“{value}” can be {' or '.join(days)}. Write one of them."
                raise ValidationError(message)
        return super().to_python(value)


FORMFIELD_OVERRIDES: dict[Any, Any] = {
    models.IntegerField: {"form_class": WholeNumberField},
    models.DateField: {"form_class": DayField},
}


def formfield(field: Any, **kwargs: Any) -> Any:
    """Return the form field of a column, for forms that no admin makes."""
    if isinstance(field, models.IntegerField) and not field.choices:
        kwargs["form_class"] = WholeNumberField
    elif type(field) is models.DateField:
        kwargs["form_class"] = DayField
    return field.formfield(**kwargs)
