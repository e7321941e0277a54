"""Dates of sources, as exact as they are known: a year, a month or a day."""

from datetime import date

from django.core.exceptions import ValidationError


def validate_source_date(value: str) -> None:
    """Refuse what is neither a year, a month nor a day of the calendar."""
    # The lengths keep out other ISO forms, like 20240430 and 2024-W18.
    full = {4: f"{value}-01-01", 7: f"{value}-01", 10: value}.get(len(value), "")
    try:
        date.fromisoformat(full)
    except ValueError:
        raise ValidationError(
            "Enter a date as 2024, 2024-04 or 2024-04-30, as exact as the source gives it."
        ) from None
