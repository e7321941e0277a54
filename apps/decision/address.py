"""Values of a URL as people write them; whatever cannot be read is refused with a sentence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from apps.decision.numbers import read_number
from apps.money.market import Market
from apps.money.overrides import (
    AT,
    BITS,
    CLOSED,
    FEWEST_BITS,
    FIRST_DAY,
    GPU,
    LAST_DAY,
    MOST_BITS,
    OPEN,
    OVERRIDES,
    known_models,
)

_SLUG = re.compile(r"[a-z0-9]+(?:[-.@_][a-z0-9]+)*")
_LONGEST_SLUG = 80


class UnreadableError(Exception):
    """A value that a key does not take; the message is shown at the field."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that could not be read: its key, the value and a sentence that says why."""

    key: str
    value: str
    message: str


def problem(key: str, values: Sequence[str], error: UnreadableError) -> Problem:
    """Return what went wrong at a key, with the start of what was given."""
    return Problem(key, ", ".join(values)[:200], str(error))


def read_whole(name: str, values: Sequence[str], low: int, high: int) -> int:
    """Return the one whole number that was given, which lies between `low` and `high`."""
    if len(values) != 1:
        raise UnreadableError(f"Enter {name[0].lower()}{name[1:]} as one number")
    text = values[0]
    try:
        number = read_number(text)
    except ValueError:
        raise UnreadableError(
            f"{name} must be a whole number, like 20,000, 250k or 1.5M; “{text[:60]}” is not"
        ) from None
    if number != number.to_integral_value():
        raise UnreadableError(f"{name} must be a whole number; “{text[:60]}” is not")
    if not low <= number <= high:
        raise UnreadableError(f"{name} must be between {low:,} and {high:,}")
    return int(number)


def read_within(name: str, values: Sequence[str], low: float, high: float) -> float:
    """Return the one number that was given, which lies between `low` and `high`."""
    if len(values) != 1:
        raise UnreadableError(f"{name}: enter one number, not {len(values)}")
    try:
        number = float(read_number(values[0]))
    except ValueError:
        raise UnreadableError(
            f"{name} must be a number between {low:,.10g} and {high:,.10g}, like 0.5, 5 % or 250k"
        ) from None
    if not low <= number <= high:
        raise UnreadableError(f"{name} must be between {low:,.10g} and {high:,.10g}")
    return number


def read_slug(name: str, values: Sequence[str]) -> str:
    """Return the one short name that was given, as it stands in addresses."""
    if len(values) != 1:
        raise UnreadableError(f"{name}: select one, not {len(values)}")
    if len(values[0]) > _LONGEST_SLUG or not _SLUG.fullmatch(values[0].lower()):
        raise UnreadableError(f"{name}: “{values[0][:60]}” is not one of the choices")
    return values[0]


def read_day(name: str, values: Sequence[str], first: date, last: date) -> date:
    """Return the one day that was given as 2026-12-01, from `first` to `last`."""
    try:
        (text,) = values
        day = date.fromisoformat(text)
    except ValueError:
        raise UnreadableError(f"{name} must be one day, written like 2026-12-01") from None
    if not first <= day <= last:
        raise UnreadableError(f"{name} must be between {first} and {last}")
    return day


def read_override(key: str, values: Sequence[str]) -> str:
    """Return the canonical text of a pick; whether the market has it is asked by `problems`."""
    name = OVERRIDES[key]
    if key == AT:
        return read_day(name, values, FIRST_DAY, LAST_DAY).isoformat()
    if key == BITS:
        return f"{read_within(name, values, FEWEST_BITS, MOST_BITS):.12g}"
    return read_slug(name, values)


def day_asked(pairs: Iterable[tuple[str, str]]) -> date | None:
    """Return the day whose prices a URL asks for; None where it names none that can be read."""
    values = [value.strip() for key, value in pairs if key == AT and value.strip()]
    try:
        return (
            date.fromisoformat(read_override(AT, list(dict.fromkeys(values)))) if values else None
        )
    except UnreadableError:
        return None


def unknown_overrides(market: Market, overrides: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return the overrides that the market does not have, each with a sentence."""
    known = {
        CLOSED: known_models(market, is_open=False),
        OPEN: known_models(market, is_open=True),
        GPU: {gpu.slug for gpu in market.gpus},
    }
    return tuple(
        Problem(key, value, f"{OVERRIDES[key]}: “{value}” is not one that can be priced")
        for key, value in overrides.items()
        if key in known and value not in known[key]
    )
