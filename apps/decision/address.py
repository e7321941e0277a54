"""Values of a URL as people write them; whatever cannot be read is refused with a sentence."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.decision.numbers import AmbiguousNumberError, read_number
from apps.money.market import Market
from apps.money.overrides import (
    AT,
    AVOID,
    BITS,
    CLOSED,
    FEWEST_BITS,
    FIRST_DAY,
    GPU,
    LAST_DAY,
    LEAST_ECI,
    MOST_BITS,
    MOST_ECI,
    NEED,
    OPEN,
    OVERRIDES,
    known_models,
)

_SLUG = re.compile(r"[a-z0-9]+(?:[-.@_][a-z0-9]+)*")
_LONGEST_SLUG = 80
_COUNTRY = re.compile(r"[A-Z]{2}")
_MOST_COUNTRIES = 50
_NUMBER = re.compile(r"[\d.,\s]+")


# What each key of an address holds, in the order in which it was given.
type Given = Mapping[str, tuple[str, ...]]


class UnreadableError(Exception):
    """A value that a key does not take; the message is shown at the field."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that could not be read: its key, the value and a sentence that says why."""

    key: str
    value: str
    message: str


def cleaned(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values that say something, each once."""
    # A NUL is a letter of no word, and a database refuses it.
    texts = (value.replace("\0", "").strip() for value in values)
    return tuple(dict.fromkeys(text for text in texts if text))


def group(pairs: Iterable[tuple[str, str]]) -> Given:
    """Return the values of each key of an address; a key with empty values alone is left out."""
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: said for key, values in found.items() if (said := cleaned(values))}


class Reading:
    """One reading of an address: what cannot be read is noted, and never raised."""

    def __init__(self, given: Given) -> None:
        """Take what was given; nothing is read yet."""
        self.given = given
        self.problems: list[Problem] = []

    def read[T](
        self, key: str, reader: Callable[[Sequence[str]], T], *, required: bool = False
    ) -> T | None:
        """Return what a key holds, None where it holds nothing or what `reader` refuses.

        Where it is `required`, the reader says what is wrong with no value, too.
        """
        values = self.given.get(key, ())
        if not values and not required:
            return None
        try:
            return reader(values)
        except UnreadableError as error:
            self.refuse(key, values, str(error))
            return None

    def refuse(self, key: str, values: Sequence[str], message: str) -> None:
        """Note what is wrong at a key, with the start of what was given."""
        self.problems.append(Problem(key, ", ".join(values)[:200], message))


def read_whole(name: str, values: Sequence[str], low: int, high: int) -> int:
    """Return the one whole number that was given, which lies between `low` and `high`."""
    number = _read_count(name, values, "a whole number")
    if number != number.to_integral_value():
        raise UnreadableError(f"{name} must be a whole number; “{values[0][:60]}” is not")
    if not low <= number <= high:
        raise UnreadableError(f"{name} must be between {low:,} and {high:,}")
    return int(number)


def read_mean(name: str, values: Sequence[str], low: float, high: float) -> float:
    """Return the one number that was given: a count as it is on average, with its fraction."""
    number = _read_count(name, values, "a number")
    if "%" in values[0]:
        raise UnreadableError(f"{name} must be a number; “{values[0][:60]}” is a share")
    if not low <= number <= high:
        raise UnreadableError(f"{name} must be between {low:,.10g} and {high:,.10g}")
    return float(number)


def _read_count(name: str, values: Sequence[str], what: str) -> Decimal:
    if len(values) != 1:
        raise UnreadableError(f"Enter {name[0].lower()}{name[1:]} as one number")
    text = values[0]
    try:
        return read_number(text, whole=True)
    except AmbiguousNumberError as error:
        raise UnreadableError(f"{name}: “{text[:60]}” can be read in two ways. {error}") from None
    except ValueError:
        raise UnreadableError(
            f"{name} must be {what}, like 20,000, 250k or 1.5M; “{text[:60]}” is not"
        ) from None


def read_within(
    name: str, values: Sequence[str], low: float, high: float, *, unit: int = 1
) -> float:
    """Return the one number that was given, in units of `unit`, between `low` and `high`."""
    if len(values) != 1:
        raise UnreadableError(f"{name}: enter one number, not {len(values)}")
    try:
        number = float(read_number(values[0], unit=unit))
    except AmbiguousNumberError as error:
        raise UnreadableError(f"{name}: {error}") from None
    except ValueError:
        raise UnreadableError(
            f"{name} must be a number between {low:,.10g} and {high:,.10g}, like 0.5, 5 % or 250k"
        ) from None
    if not low <= number <= high:
        raise UnreadableError(f"{name} must be between {low:,.10g} and {high:,.10g}")
    return number


def read_slug(name: str, values: Sequence[str]) -> str:
    """Return the one short name that was given, in lower case as it stands in addresses."""
    if len(values) != 1:
        raise UnreadableError(f"{name}: select one, not {len(values)}")
    slug = values[0].lower()
    if len(slug) > _LONGEST_SLUG or not _SLUG.fullmatch(slug):
        raise UnreadableError(f"{name}: “{values[0][:60]}” is not one of the choices")
    return slug


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


def read_countries(name: str, values: Sequence[str]) -> str:
    """Return the countries that were given, apart or with commas, each once and in order."""
    found = {part.strip().upper() for value in values for part in value.split(",")} - {""}
    unknown = sorted(country for country in found if not _COUNTRY.fullmatch(country))
    if unknown or not found:
        wrong = (unknown or values)[0][:60]
        raise UnreadableError(f"{name}: write two letters for each, like CN,US; “{wrong}” is not")
    if len(found) > _MOST_COUNTRIES:
        raise UnreadableError(f"{name}: no more than {_MOST_COUNTRIES} at once")
    return ",".join(sorted(found))


def read_need(name: str, values: Sequence[str]) -> str:
    """Return the capability that was given: its index, or the slug of a model that has it."""
    if len(values) == 1 and _NUMBER.fullmatch(values[0]):
        return f"{read_within(name, values, LEAST_ECI, MOST_ECI):.12g}"
    return read_slug(name, values)


def read_override(key: str, values: Sequence[str]) -> str:
    """Return the canonical text of an override; whether the market has it is asked later."""
    name = OVERRIDES[key]
    if key == AT:
        return read_day(name, values, FIRST_DAY, LAST_DAY).isoformat()
    if key == BITS:
        return f"{read_within(name, values, FEWEST_BITS, MOST_BITS):.12g}"
    if key == AVOID:
        return read_countries(name, values)
    return read_need(name, values) if key == NEED else read_slug(name, values)


def unknown_overrides(market: Market, overrides: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return the overrides that the market does not have, each with a sentence."""
    known = {
        CLOSED: known_models(market, is_open=False),
        OPEN: known_models(market, is_open=True),
        GPU: {gpu.slug for gpu in market.gpus},
    }
    if not _NUMBER.fullmatch(overrides.get(NEED, "0")):
        known[NEED] = {c.slug for c in market.candidates if c.capability is not None}
    return tuple(
        Problem(key, value, f"{OVERRIDES[key]}: “{value}” is not one that can be priced")
        for key, value in overrides.items()
        if key in known and value not in known[key]
    )
