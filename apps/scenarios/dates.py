"""Dates of sources, as exact as they are known: a year, a month or a day."""

from calendar import monthrange
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


def validate_period(value: str) -> None:
    """Refuse what is neither a date, as exact as it is known, nor two with a slash between."""
    first, slash, last = value.partition("/")
    validate_source_date(first)
    if slash:
        validate_source_date(last)
        if _first_day(first) > _last_day(last):
            raise ValidationError("A period ends after it begins.")


def middle_of(period: str) -> date:
    """Return the day in the middle of a date or of a period: of 2024, 1 July 2024."""
    first, _, last = period.partition("/")
    start = _first_day(first)
    return start + (_last_day(last or first) - start) / 2


def _first_day(value: str) -> date:
    return date.fromisoformat(f"{value}-01-01"[:10] if len(value) < 10 else value)


def _last_day(value: str) -> date:
    match [int(part) for part in value.split("-")]:
        case [year]:
            return date(year, 12, 31)
        case [year, month]:
            return date(year, month, monthrange(year, month)[1])
        case _:
            return date.fromisoformat(value)
