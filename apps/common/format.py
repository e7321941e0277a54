"""The one place where numbers and dates become text."""

import math
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

UNKNOWN = "–"
MINUS = "−"

# Amounts from here on are told in words: nobody counts the zeros of $783,000,000,000,000.
_LARGE = ((10**12, "trillion"), (10**9, "billion"))

type Number = int | float | Decimal
type Maybe = Number | None

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def usd(value: Maybe, per: str = "") -> str:
    """Write US dollars with three significant digits: $12,700, $2.92, $0.0037, $1.5 billion."""
    number = _known(value)
    if number is None:
        return UNKNOWN
    sign = MINUS if number < 0 else ""
    text = f"{sign}${_dollars(abs(number))}"
    return f"{text} a {per}" if per else text


def usd_between(first: float, second: float) -> float:
    """Return the difference of two amounts as they are printed."""
    return _three_digits(first) - _three_digits(second)


def usd_tick(value: Maybe) -> str:
    """Write US dollars on an axis, where room is short: $500, $1k, $1.5M, $2B."""
    number = _known(value)
    if number is None:
        return UNKNOWN
    for scale, letter in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        if _three_digits(abs(number)) >= scale:
            sign = MINUS if number < 0 else ""
            return f"{sign}${_plain(_three_digits(abs(number)) / scale)}{letter}"
    return usd(number)


def usd_band(low: Maybe, high: Maybe) -> str:
    """Write a range of US dollars: $1,200–$4,800."""
    first, last = usd(low), usd(high)
    if UNKNOWN in (first, last):
        return UNKNOWN
    return first if first == last else f"{first}–{last}"


def count(value: Maybe) -> str:
    """Write a whole number with separators: 1,500,000."""
    number = _known(value)
    return UNKNOWN if number is None else _signed(number, f"{abs(round(number)):,}")


def about(value: Maybe) -> str:
    """Write a number that is no exact count with three significant digits: 183,000."""
    number = _known(value)
    return UNKNOWN if number is None else count(_three_digits(number))


def short_count(value: Maybe) -> str:
    """Write a large number in words from a million on: 1.5 million."""
    number = _known(value)
    if number is None:
        return UNKNOWN
    size = abs(round(number))
    for scale, word in ((10**9, "billion"), (10**6, "million")):
        # 999,999,999 rounds to 1,000 million, which nobody writes.
        if _three_digits(size) >= scale:
            return _signed(number, f"{_plain(_three_digits(size) / scale)} {word}")
    return _signed(number, f"{size:,}")


def share(value: Maybe) -> str:
    """Write a share of 0 to 1 in per cent; never 0% or 100% for what is merely close to it."""
    number = _known(value)
    if number is None:
        return UNKNOWN
    if 0 < number < 0.005:
        return "<1%"
    if 0.995 <= number < 1:
        return ">99%"
    # Half a per cent goes up, as people round.
    return _signed(number, f"{math.floor(abs(number) * 100 + 0.5 + 1e-9)}%")


def points(value: Maybe) -> str:
    """Write a score with one decimal: 62.4."""
    number = _known(value)
    return UNKNOWN if number is None else _signed(round(number, 1), f"{abs(number):,.1f}")


def signed_points(value: Maybe) -> str:
    """Write a difference with its sign: +3.1, −2.0, 0.0."""
    number = _known(value)
    if number is None:
        return UNKNOWN
    return f"+{points(number)}" if round(number, 1) > 0 else points(number)


def shares_of_sum(values: Sequence[float], total: float, decimals: int = 1) -> tuple[float, ...]:
    """Round numbers so that what is printed adds up to their printed sum: largest remainders.

    Each is rounded up or down, whichever lets the sum come out; those that lose least give way.
    """
    unit = 10**decimals
    exact = [value * unit for value in values]
    kept = [math.floor(value) for value in exact]
    more = round(total * unit) - sum(kept)
    by_remainder = sorted(range(len(kept)), key=lambda place: kept[place] - exact[place])
    for place in by_remainder[: max(0, more)]:
        kept[place] += 1
    return tuple(value / unit for value in kept)


def number(value: Maybe) -> str:
    """Write a plain number with up to three significant digits: 0.5, 4.2, 11.5, 180,000."""
    known = _known(value)
    return UNKNOWN if known is None else _signed(known, _plain(_three_digits(abs(known))))


def mean(value: Maybe) -> str:
    """Write a count that is a mean: 0.329, 1.4, 99,900."""
    known = _known(value)
    if known is None:
        return UNKNOWN
    return number(known) if known < 10 else count(known)


def requests(value: Maybe) -> str:
    """Write a number of requests, parts of one too: 1 request, 0.1 requests, 99,900 requests."""
    if _known(value) is None:
        return UNKNOWN
    text = mean(value)
    return f"{text} request" if text == "1" else f"{text} requests"


def signed_number(value: Maybe) -> str:
    """Write a change with its sign: +30, −8, 0."""
    text = number(value)
    return f"+{text}" if value is not None and value > 0 else text


def tokens(value: Maybe) -> str:
    """Write a number of tokens as model cards do: 8,192, 131k, 1.05M."""
    number = _known(value)
    if number is None:
        return UNKNOWN
    if number < 10_000:
        return f"{round(number):,}"
    if _three_digits(number) < 1_000_000:
        return f"{_plain(_three_digits(number) / 1_000)}k"
    return f"{_plain(_three_digits(number) / 1_000_000)}M"


def gigabytes(value: Maybe) -> str:
    """Write decimal gigabytes with three significant digits: 86.5 GB."""
    number = _known(value)
    return UNKNOWN if number is None else f"{_plain(_three_digits(number))} GB"


def params(value: Maybe) -> str:
    """Write billions of parameters: 117B, 0.6B."""
    number = _known(value)
    return UNKNOWN if number is None else f"{_plain(_three_digits(number))}B"


def day(value: date | None) -> str:
    """Write a date: 23 November 2026."""
    return UNKNOWN if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def iso(value: date | None) -> str:
    """Write a date for machines: 2026-11-23, and nothing where it is unknown."""
    return "" if value is None else date(value.year, value.month, value.day).isoformat()


def _known(value: Maybe) -> float | None:
    """Return the number, or None where there is none to show."""
    if value is None or not math.isfinite(value):
        return None
    return float(value)


def _three_digits(number: float) -> float:
    """Round to three significant digits, halves up as people do."""
    exact = Decimal(repr(number))
    place = Decimal(1).scaleb(exact.adjusted() - 2)
    return float(exact.quantize(place, ROUND_HALF_UP)) if exact else 0.0


def _dollars(size: float) -> str:
    size = _three_digits(size)
    for scale, word in _LARGE:
        if size >= scale:
            return f"{_plain(size / scale)} {word}"
    if size >= 100 or size == int(size):
        return f"{size:,.0f}"
    if size >= 1:
        return f"{size:.2f}"
    digits = f"{Decimal(str(size)):f}"
    return digits.ljust(len("0.00"), "0")


def _plain(number: float) -> str:
    """Write up to three significant digits without trailing zeros."""
    return f"{Decimal(f'{number:.3g}'):,f}" if number else "0"


def _signed(number: float, text: str) -> str:
    # A negative number that rounds to nothing has no sign.
    return MINUS + text if number < 0 and any(digit in text for digit in "123456789") else text
