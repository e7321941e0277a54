"""Numbers, days and links in the forms of the admin and in its files: never taken for others."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models

from apps.common.today import today
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


class WebField(forms.URLField):
    """The address of a page that every reader can open."""

    default_validators = [
        URLValidator(
            schemes=("http", "https"), message="Enter the whole address of a page: https://…"
        )
    ]

    def clean(self, value: Any) -> Any:
        """Refuse an address that carries a name and a password."""
        url = super().clean(value)
        if "@" in urlsplit(url or "").netloc:
            raise ValidationError("Leave out the name and the password before the @.")
        return url


class _NumberInput(forms.TextInput):
    """A number that is typed: no wheel changes it, and no browser drops its comma."""

    def __init__(self, mode: str = "decimal") -> None:
        # A column of numbers needs no more room than this class of Django's gives it.
        super().__init__({"inputmode": mode, "class": "vIntegerField", "autocomplete": "off"})

    def format_value(self, value: Any) -> str | None:
        """Leave out zeros that say nothing."""
        return (
            f"{value.normalize():f}" if isinstance(value, Decimal) else super().format_value(value)
        )


# A comma parts thousands to some and decimals to others; beside a dot or another it is clear.
_TWO_WAYS = re.compile(r"-?[1-9]\d{0,2},\d{3}", re.ASCII)
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+", re.ASCII)
_PARTED = re.compile(r"-?\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?:\.\d+)?", re.ASCII)


def plain_number(text: str) -> str:
    """Return a number as Django reads it; raises ValidationError where it can be read as two."""
    text = text.strip().replace("−", "-").removeprefix("$").replace("\u00a0", " ")
    if _TWO_WAYS.fullmatch(text):
        two = f"Write {text.replace(',', '')} or {text.replace(',', '.')}"
        raise ValidationError(f"“{text}” can be read in two ways. {two}.")
    if _DECIMAL_COMMA.fullmatch(text):
        return text.replace(",", ".")
    if _PARTED.fullmatch(text):
        return text.replace(",", "").replace(" ", "")
    # Python takes 1_000 for a number.
    return text.replace("_", "?")


class NumberField(forms.FloatField):
    """A number that may have a fraction, with a dot or a comma before it."""

    widget = _NumberInput

    def to_python(self, value: Any) -> Any:
        """Read what was typed."""
        return super().to_python(plain_number(value) if isinstance(value, str) else value)


class ExactNumberField(forms.DecimalField):
    """A number that is kept digit by digit, with a dot or a comma before its fraction."""

    widget = _NumberInput

    def to_python(self, value: Any) -> Any:
        """Read what was typed."""
        return super().to_python(plain_number(value) if isinstance(value, str) else value)


# What these fields say has happened.
_PAST = {"article_date", "as_of", "checked_on", "date", "measured_on", "read_on", "snapshot"}
_PAST_TEXTS = {"as_of", "measured_on", "source_date"}


def not_to_come(value: date | str) -> None:
    """Refuse a day, a month or a year that has not begun; what is no date is refused elsewhere."""
    text = str(value)
    if text[:1].isdigit() and text > today().isoformat():
        raise ValidationError("This day is still to come.")


def refuse_days_to_come(fields: dict[str, forms.Field]) -> None:
    """Have the fields of a form that say what has happened take no later day."""
    for name, field in fields.items():
        dated = name in _PAST and isinstance(field, forms.DateField)
        if dated or (name in _PAST_TEXTS and isinstance(field, forms.CharField)):
            field.validators.append(not_to_come)


_FORM_CLASSES: dict[Any, Any] = {
    models.IntegerField: WholeNumberField,
    models.BigIntegerField: WholeNumberField,
    models.FloatField: NumberField,
    models.DecimalField: ExactNumberField,
    models.DateField: DayField,
    models.URLField: WebField,
}
_WHOLE = {"widget": _NumberInput("numeric")}
FORMFIELD_OVERRIDES: dict[Any, Any] = {
    column: {"form_class": field} | (_WHOLE if field is WholeNumberField else {})
    for column, field in _FORM_CLASSES.items()
}


def formfield(field: Any, **kwargs: Any) -> Any:
    """Return the form field of a column, for forms that no admin makes."""
    kinds = [kind for kind in type(field).__mro__ if kind in _FORM_CLASSES]
    # A moment is no day, though its column is made from one.
    if kinds and not field.choices and not isinstance(field, models.DateTimeField):
        kwargs["form_class"] = _FORM_CLASSES[kinds[0]]
    return field.formfield(**kwargs)
