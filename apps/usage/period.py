"""The days that a usage file is about, told by the values of its columns of dates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.money.workload import DAYS_PER_MONTH
from apps.usage.cells import CellError, Dates, Span, dates_of, is_ambiguous, month_of
from apps.usage.columns import role_of, words
from apps.usage.errors import UnreadableUsageError
from apps.usage.table import Line

MAX_DAYS = 366
_END = {"end", "until", "ended", "bis", "ende"}
_LATE = {*_END, "updated", "modified", "expires", "completed", "bill", "billing", "invoice"}
_SAYS_DATE = {
    *("date", "day", "datetime", "timestamp", "time", "datum", "tag", "fecha", "jour", "data"),
    *("created", "start", "bucket", "hour", "month", "monat"),
}
_DIGITS = re.compile(r"[0-9.]+")
_ISO = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


@dataclass(frozen=True, slots=True)
class DateColumn:
    """A column of dates, and how it writes them."""

    place: int
    dates: Dates
    is_unsure: bool = False
    # The first day that no longer counts.
    is_after: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """The columns that tell when each row was."""

    start: DateColumn | None
    end: DateColumn | None

    def span(self, line: Line) -> Span | None:
        """Return the first and the last day that a row is about, None without a date."""
        if self.start is None or not (text := cell(line, self.start.place)):
            return None
        first, last = self.start.dates.span(text)
        if self.end is None or not (text := cell(line, self.end.place)):
            return first, last
        end = self.end.dates.moment(text)
        # A span ends where the next one begins: midnight belongs to the day before.
        if isinstance(end, datetime) and end > datetime(first.year, first.month, first.day):
            end -= timedelta(microseconds=1)
        day = date(end.year, end.month, end.day)
        if self.end.is_after and not isinstance(end, datetime) and day > first:
            day -= timedelta(days=1)
        if day < first:
            raise CellError("is before the start of its row")
        return first, day


def cell(line: Line, place: int | None) -> str:
    """Return a cell, empty where the file or the line has none."""
    return "" if place is None or place >= len(line[1]) else line[1][place]


def find_calendar(names: Sequence[str], lines: Sequence[Line]) -> Calendar:
    """Find the columns of dates: the start is the one that tells most days apart."""
    starts: list[tuple[bool, int, DateColumn]] = []
    end: DateColumn | None = None
    for place, name in enumerate(names):
        if role_of(name) is not None:
            continue
        texts = [text for line in lines if (text := cell(line, place))]
        found = _column(place, name, texts)
        if found is None:
            continue
        if _END & set(words(name)):
            end = end or found
        else:
            starts.append((not _LATE & set(words(name)), len({*texts}), found))
    if not starts:
        return Calendar(_named(names, lines), end)
    best = max(starts, key=lambda start: start[:2])[2]
    return Calendar(best, end)


def _column(place: int, name: str, texts: Sequence[str]) -> DateColumn | None:
    found = set(words(name))
    # A label, as of a sum, may stand among the dates.
    dated = [text for text in texts if text[:1].isdigit() or month_of(text)]
    if 2 * len(dated) < len(texts):
        return None
    # The same day stands in many rows.
    texts = [*dict.fromkeys(dated)]
    # A number that could be a time may as well be an id.
    if not texts or (not found & (_SAYS_DATE | _END) and _DIGITS.fullmatch(texts[0])):
        return None
    dates = dates_of(texts[:1]) and dates_of(texts, says_month="month" in found)
    # FOCUS counts the end of a period out.
    is_after = found >= {"charge", "period", "end"}
    return DateColumn(place, dates, is_ambiguous(texts), is_after) if dates else None


def _named(names: Sequence[str], lines: Sequence[Line]) -> DateColumn | None:
    """Return the column that is named like a date though not all its values are one."""
    for place, name in enumerate(names):
        found = words(name)
        is_named = set(found) & {"date", "day", "timestamp", "datum"} and role_of(name) is None
        if is_named and any(cell(line, place) for line in lines):
            return DateColumn(place, Dates())
    return None


def days_between(first: date | None, last: date | None) -> float:
    """Return the length of the period in days, both ends included."""
    if first is None or last is None:
        return DAYS_PER_MONTH
    if last.year < 2000:
        raise UnreadableUsageError(
            f"The last day in the file is {last.isoformat()}; no such usage is from before 2000."
        )
    days = (last - first).days + 1
    if days > MAX_DAYS:
        raise UnreadableUsageError(
            f"The file covers {days:,} days, from {first.isoformat()} to {last.isoformat()}; "
            f"at most {MAX_DAYS} are read."
        )
    return float(days)


def stated(preamble: Sequence[str], first: date, last: date) -> Span | None:
    """Return the period that the lines above the table name, where it holds all rows."""
    for text in preamble:
        try:
            days = [date.fromisoformat(day) for day in _ISO.findall(text[:500])]
        except ValueError:
            continue
        if len(days) == 2 and days[0] <= first <= last <= days[1]:
            return days[0], days[1]
    return None
