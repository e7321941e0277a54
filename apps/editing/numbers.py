"""Whole numbers in the forms of the admin and in its files, read as everywhere else."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from apps.decision.numbers import AmbiguousNumberError, read_number


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


FORMFIELD_OVERRIDES: dict[Any, Any] = {models.IntegerField: {"form_class": WholeNumberField}}


def formfield(field: Any, **kwargs: Any) -> Any:
    """Return the form field of a column, for forms that no admin makes."""
    if isinstance(field, models.IntegerField) and not field.choices:
        kwargs["form_class"] = WholeNumberField
    return field.formfield(**kwargs)
