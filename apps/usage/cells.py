"""Numbers and dates as exports and spreadsheets write them, by the habits of their column."""

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

MAX_NUMBER = 10**15
NOTHING = {"", "-", "–", "—", "--", "n/a", "na", "n.a.", "null", "none", "nan", "#n/a"}
_FREE = {"included", "free"}
_SPACES = " \u00a0\u2009\u202f"
_WHOLE = re.compile(
    rf"([0-9]+|[0-9]{{1,3}}([,'’{_SPACES}])[0-9]{{3}}(?:\2[0-9]{{3}})*)(?:[.,]0{{1,2}})?"
)
_DOTTED = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+)(?:,0{1,2})?")
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
_UNIX = re.compile(r"([0-9]{10}|[0-9]{13})(?:\.[0-9]+)?")
_PARTED = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})(?:[ T,].*)?")
_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{2})")
_MONTH_LAST = re.compile(r"([0-9]{2})[-/.]([0-9]{4})")
_MILLISECONDS_FROM = 10**11
_MONTHS = {name.casefold(): at for at, name in enumerate(calendar.month_name) if at}
_MONTHS |= {name[:3]: at for name, at in _MONTHS.items()}


class CellError(ValueError):
    """A cell that is not what its column holds; the text ends a sentence about it."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a file writes its numbers: whether a dot parts the thousands."""

    dot_groups: bool = False

    def whole(self, text: str) -> int:
        """Return the whole number in a cell; exports leave empty what is 0."""
        if text.isascii() and text.isdigit() and len(text) < len(str(MAX_NUMBER)):
            return int(text)
        if text.casefold() in NOTHING:
            return 0
        if is_rounded(text):
            return _fitting(int(Decimal(text.replace(",", "."))))
        if match := _WHOLE.fullmatch(text):
            return _digits(match[1])
        if match := _DOTTED.fullmatch(text):
            if not self.dot_groups and text.count(".") == 1 and "," not in text:
                raise CellError("may be a thousand times more or less; write it without a dot")
            return _digits(match[1])
        negative = text[0] in "-−" and _WHOLE.fullmatch(text[1:].lstrip())
        raise CellError("is below 0" if negative else "is not a whole number")

    def amount(self, text: str) -> Decimal:
        """Return the number in a cell of money or of quantities, with its fraction."""
        if text.casefold() in NOTHING | _FREE:
            return Decimal(0)
        plain = re.sub(rf"[$€£'’{_SPACES}]", "", text).replace("−", "-")
        comma, dot = plain.rfind(","), plain.rfind(".")
        if comma > dot and (dot >= 0 or self.dot_groups or not re.fullmatch(r".*,[0-9]{3}", plain)):
            plain = plain.replace(".", "").replace(",", ".")
        plain = plain.replace(",", "")
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise CellError("is not a number") from None
        if not number.is_finite() or abs(number) > MAX_NUMBER:
            raise CellError("is too large; numbers up to 10¹⁵ are read")
        return number


def _digits(text: str) -> int:
    digits = re.sub("[^0-9]", "", text).lstrip("0") or "0"
    if len(digits) > len(str(MAX_NUMBER)):
        raise CellError("is too large; numbers up to 10¹⁵ are read")
    return _fitting(int(digits))


def _fitting(number: int) -> int:
    if number > MAX_NUMBER:
        raise CellError("is too large; numbers up to 10¹⁵ are read")
    return number


def is_rounded(text: str) -> bool:
    """Tell whether a spreadsheet has rounded a number to what its column could show."""
    return bool(_ROUNDED.fullmatch(text))


def groups_by_dots(texts: Iterable[str], *, is_european: bool) -> bool:
    """Tell whether dots part the thousands: where one number has two, or the file is from there."""
    seen = list(texts)
    if any(_DOTTED.fullmatch(text) and (text.count(".") > 1 or "," in text) for text in seen):
        return True
    dotted = [text for text in seen if "." in text]
    return is_european and all(map(_DOTTED.fullmatch, dotted))


type Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Dates:
    """How a column writes its dates: with the month first or not, by day or by month."""

    month_first: bool = False
    by_month: bool = False

    def moment(self, text: str) -> date | datetime:
        """Return the day in a cell, with its time where it has one, as the file writes it."""
        try:
            return self._moment(text)
        except (ValueError, OverflowError):
            raise CellError("is not a date; dates are read as 2026-10-31") from None

    def _moment(self, text: str) -> date | datetime:
        if match := _UNIX.fullmatch(text):
            seconds = int(match[1])
            seconds = seconds // 1000 if seconds >= _MILLISECONDS_FROM else seconds
            return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
        if match := _PARTED.fullmatch(text):
            first, mark, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
            if self.month_first and mark != ".":
                first, second = second, first
            return date(year, second, first)
        if span := month_of(text):
            return span[0]
        if len(text) <= len("2026-10-31"):
            return date.fromisoformat(text.replace("/", "-"))
        return datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=None)

    def span(self, text: str) -> Span:
        """Return the first and the last day that a cell stands for."""
        return _span(self, text)


# The same day stands in many rows.
@lru_cache(4096)
def _span(dates: Dates, text: str) -> Span:
    if span := month_of(text):
        return span
    found = dates.moment(text)
    day = date(found.year, found.month, found.day)
    return whole_month(day) if dates.by_month else (day, day)


def whole_month(day: date) -> Span:
    """Return the first and the last day of the month that a day is in."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_of(text: str) -> Span | None:
    """Return the days of a month, where that is what a cell holds: 2026-08, 08/2026, Aug 2026."""
    numbers: tuple[str, str] | None = None
    if match := _MONTH.fullmatch(text):
        numbers = match[1], match[2]
    elif match := _MONTH_LAST.fullmatch(text):
        numbers = match[2], match[1]
    elif len(parts := text.casefold().replace(",", " ").split()) == 2 and parts[0] in _MONTHS:
        numbers = parts[1], str(_MONTHS[parts[0]])
    try:
        return whole_month(date(int(numbers[0]), int(numbers[1]), 1)) if numbers else None
    except ValueError:
        return None


def dates_of(texts: Sequence[str], *, says_month: bool = False) -> Dates | None:
    """Return how a column writes its dates, None where it holds something else."""
    for month_first in _orders(texts):
        found = Dates(month_first=month_first)
        try:
            spans = {found.span(text) for text in texts}
        except CellError:
            continue
        firsts = {first for first, last in spans if first == last and first.day == 1}
        by_month = len(firsts) == len(spans) and (says_month or len(firsts) > 2)
        return Dates(month_first=month_first, by_month=by_month)
    return None


def _orders(texts: Sequence[str]) -> tuple[bool, ...]:
    """Return the orders of day and month to try: first that which leaves the shorter period."""
    spans: list[tuple[timedelta, bool]] = []
    for month_first in (True, False):
        found = Dates(month_first=month_first)
        try:
            days = [found.span(text) for text in texts if _PARTED.fullmatch(text)]
        except CellError:
            continue
        if not days:
            return (False,)
        spans.append((max(last for _, last in days) - min(first for first, _ in days), month_first))
    return tuple(order for _, order in sorted(spans, key=lambda found: (found[0], not found[1])))


def is_ambiguous(texts: Iterable[str]) -> bool:
    """Tell whether day and month could be exchanged in every date of a column."""
    found = [match for text in texts if (match := _PARTED.fullmatch(text)) and match[2] != "."]
    return bool(found) and all(int(m[1]) <= 12 and int(m[3]) <= 12 for m in found)
