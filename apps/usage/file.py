"""A provider's usage export, read in memory into the totals that the cost form asks for."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import islice

from apps.usage.cells import MAX_NUMBER, CellError, Numbers, groups_by_dots, is_rounded
from apps.usage.columns import Role, recognised, words
from apps.usage.errors import UnreadableUsageError, short
from apps.usage.long import read_long
from apps.usage.meters import find_meters
from apps.usage.period import MAX_DAYS, Calendar, cell, days_between, find_calendar, stated
from apps.usage.refusals import refusal
from apps.usage.sums import is_labelled, sums_among
from apps.usage.table import MAX_BYTES, MAX_ROWS, Line, Table, read_table
from apps.usage.values import Bill, Entry, LeftOut, Usage, by_model
from apps.usage.wide import (
    Header,
    Reader,
    cell_error,
    has_tokens,
    lacking,
    read_wide,
    requests_lacking,
)

__all__ = ["MAX_BYTES", "MAX_DAYS", "MAX_ROWS", "UnreadableUsageError", "Usage", "read_bill"]

_LABELLED = "is labelled as a sum"
_FAILED = ("error", "fail")
_NOT_CHARGED = ("no charge", "not charged", "free of charge")
_FIRST_FAILING_STATUS = 400


@dataclass(slots=True)
class _Found:
    """What is known of a file while it is read."""

    entries: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    labelled: set[int] = field(default_factory=set)


def read_bill(data: bytes, requests: int | None = None) -> Bill:
    """Read the bytes of a usage file; nothing is kept, and errors repeat only short cuts of it.

    `requests` is the number typed in beside the file, for files without a column of requests.
    Raises UnreadableUsageError, whatever the bytes are.
    """
    table = read_table(data)
    header = Header(table.names)
    _check_header(header)
    found = _Found(notes=list(table.notes))
    lines = _rows(table, header, found)
    calendar = find_calendar(table.names, lines)
    reader = Reader(header, _numbers(table, header, lines, calendar), calendar)
    counts_requests = _read(reader, lines, found)
    typed = None if counts_requests else _checked(requests, header)
    _drop(found, _sums(found, lines, calendar))
    _drop(found, _uncharged(found.entries, lines, header))
    found.entries = _dated(reader, found.entries, lines)
    _note(reader, lines, found)
    # Where requests have rows of their own, nothing says of which of them the batches were.
    by_tokens = typed is not None or not has_tokens(header)
    usage = partial(_usage, found.entries, typed, by_tokens=by_tokens)
    return _bill(found, usage, table.preamble, _currency(header, lines))


def _check_header(header: Header) -> None:
    """Refuse a file whose columns count no tokens, before its rows are looked at."""
    values = [name for name in header.names if name[:1].isdigit()]
    if values and not recognised(header.names):
        raise UnreadableUsageError(
            "The first line holds values instead of column names; export the file with its header."
        )
    if not has_tokens(header) and find_meters(header.names) is None:
        sentence = refusal(header.names)
        raise UnreadableUsageError(sentence) if sentence else lacking(header)


def _rows(table: Table, header: Header, found: _Found) -> list[Line]:
    """Return the lines of the table, without labelled sums and lines of text around it."""
    lines: list[Line] = []
    for line in table.lines:
        reason = _reason(line, header)
        if reason == _LABELLED and _is_countable(line, header):
            found.labelled.add(line[0])
        elif reason:
            found.left_out.append(LeftOut(line[0], _label(line), reason))
            continue
        _check_width(line, header)
        lines.append(line)
        if len(lines) > MAX_ROWS:
            raise UnreadableUsageError(
                f"The file has more than {MAX_ROWS:,} rows; export a shorter period or one row a "
                "day."
            )
    if not lines:
        raise UnreadableUsageError("The file has column names but no rows.")
    return lines


def _label(line: Line) -> str:
    return short(next(filter(None, line[1])))


def _reason(line: Line, header: Header) -> str:
    """Return why a line is no row of the table, empty where it is one."""
    filled = [text for text in line[1] if text]
    labels = {filled[0], cell(line, header.model)}
    labels.update(text for text in line[1][:3] if text)
    if any(map(is_labelled, labels)):
        return _LABELLED
    if tuple(line[1]) == header.names:
        return "repeats the header"
    if len(filled) == 1 and len(header.names) > 2 and filled[0][:1].isalpha():
        return "is a line of text"
    return ""


def _is_countable(line: Line, header: Header) -> bool:
    """Tell whether a labelled sum holds numbers, which then prove what it is the sum of."""
    try:
        return any(Numbers(dot_groups=True).whole(cell(line, at)) for at in header.counted)
    except CellError:
        return False


def _check_width(line: Line, header: Header) -> None:
    """Refuse a line whose cells have shifted against the header, or that ends too early."""
    number, cells = line
    width = len(header.names)
    if any(cells[width:]):
        raise UnreadableUsageError(
            f"Line {number:,} has {len(cells):,} cells where the header has {width}; "
            "a number with separators inside must stand in quotation marks."
        )
    # Spreadsheets drop empty cells at the end of a line, which take nothing away.
    if len(cells) <= header.last_needed:
        raise UnreadableUsageError(
            f"Line {number:,} stops before the column “{short(header.names[header.last_needed])}”; "
            "the file may have been cut off."
        )


def _numbers(table: Table, header: Header, lines: Sequence[Line], calendar: Calendar) -> Numbers:
    texts = [text for line in lines for at in header.counted if "." in (text := cell(line, at))]
    start = calendar.start
    is_european = table.has_semicolons or bool(
        start and any(cell(line, start.place).count(".") == 2 for line in islice(lines, 20))
    )
    return Numbers(dot_groups=groups_by_dots(texts, is_european=is_european))


def _read(reader: Reader, lines: Sequence[Line], found: _Found) -> bool:
    """Read the rows in the shape that the file has; return whether it counts requests."""
    header = reader.header
    if has_tokens(header):
        one_each = not header.has(Role.REQUESTS) and _is_one_each(header, lines)
        found.entries, notes = read_wide(reader, lines, one_each=one_each)
        found.notes += notes
        return one_each or header.has(Role.REQUESTS)
    meters = find_meters(header.names)
    found.entries, left_out = read_long(reader, meters, lines) if meters else ([], [])
    found.left_out += left_out
    if not any(entry.tokens for entry in found.entries):
        sentence = refusal(header.names)
        raise UnreadableUsageError(sentence) if sentence else lacking(header)
    return any(entry.requests for entry in found.entries)


def _is_one_each(header: Header, lines: Sequence[Line]) -> bool:
    """Tell whether each row is one request: rows have ids of their own, or are Cursor's events."""
    for place in header.places(Role.ID):
        ids = {cell(line, place) for line in lines}
        if len(ids) == len(lines) and "" not in ids:
            return True
    return {"kind", "maxmode"} <= {"".join(words(name)) for name in header.names}


def _checked(requests: int | None, header: Header) -> int:
    """Return the number of requests that was typed in beside the file."""
    if requests is None:
        raise requests_lacking(header)
    if not 1 <= requests <= MAX_NUMBER:
        raise UnreadableUsageError(
            "The number of requests typed in beside the file must be between 1 and 10¹⁵."
        )
    return requests


def _sums(found: _Found, lines: Sequence[Line], calendar: Calendar) -> list[LeftOut]:
    """Return the rows that repeat the sum of others; a row with a day of its own is no sum."""
    by_number = {line[0]: line for line in lines}
    rows = found.entries
    vectors = [(row.requests, row.tokens_in, row.tokens_out, row.cached) for row in rows]
    equal = {rows[place].number for place in sums_among(vectors)}
    return [
        LeftOut(number, _label(by_number[number]), "equals the sum of other rows")
        if number in equal
        else LeftOut(number, _label(by_number[number]), _LABELLED)
        for number in sorted(equal | found.labelled)
        if number in found.labelled or not _has_day(by_number[number], calendar)
    ]


def _has_day(line: Line, calendar: Calendar) -> bool:
    try:
        return calendar.span(line) is not None
    except CellError:
        return False


def _uncharged(entries: Sequence[Entry], lines: Sequence[Line], header: Header) -> list[LeftOut]:
    """Return the rows of requests that failed and were not charged."""
    places = header.places(Role.STATUS)
    if not places:
        return []
    by_number = {line[0]: line for line in lines}
    return [
        LeftOut(entry.number, _label(line), "failed and was not charged")
        for entry in entries
        for line in [by_number[entry.number]]
        if any(_is_uncharged(entry, cell(line, place)) for place in places)
    ]


def _is_uncharged(entry: Entry, status: str) -> bool:
    text = status.casefold()
    if any(mark in text for mark in _NOT_CHARGED):
        return True
    is_code = text.isascii() and text.isdigit() and len(text) == 3
    failed = text.startswith(_FAILED) or (is_code and int(text) >= _FIRST_FAILING_STATUS)
    return failed and not (entry.tokens if entry.amount is None else entry.amount)


def _drop(found: _Found, left_out: Iterable[LeftOut]) -> None:
    left = list(left_out)
    numbers = {line.number for line in left}
    found.left_out += left
    found.entries = [entry for entry in found.entries if entry.number not in numbers]


def _dated(reader: Reader, entries: Sequence[Entry], lines: Sequence[Line]) -> list[Entry]:
    """Return the rows with the days that they are about; where any has a day, all must."""
    calendar = reader.calendar
    if calendar.start is None:
        return list(entries)
    by_number = {line[0]: line for line in lines}
    return [_with_day(reader, entry, by_number[entry.number]) for entry in entries]


def _with_day(reader: Reader, entry: Entry, line: Line) -> Entry:
    start, end = reader.calendar.start, reader.calendar.end
    try:
        span = reader.calendar.span(line)
    except CellError as error:
        is_end = end is not None and _starts(reader, line)
        place = end.place if is_end and end else start.place if start else 0
        raise cell_error(line, reader.header.names[place], cell(line, place), str(error)) from None
    if span is None and start is not None:
        name = reader.header.names[start.place]
        raise cell_error(line, name, "", "is not a date; dates are read as 2026-10-31")
    return replace(entry, span=span)


def _starts(reader: Reader, line: Line) -> bool:
    return _has_day(line, Calendar(reader.calendar.start, None))


def _currency(header: Header, lines: Sequence[Line]) -> str:
    """Return the code of the currency that the file names, empty where it names none."""
    for place in header.places(Role.CURRENCY):
        codes = {cell(line, place).upper() for line in lines} - {""}
        if len(codes) == 1:
            return short(codes.pop(), 3)
    money = {word for place in header.places(Role.AMOUNT) for word in words(header.names[place])}
    return "EUR" if "eur" in money else "USD" if "usd" in money else ""


def _note(reader: Reader, lines: Sequence[Line], found: _Found) -> None:
    """Say what a reader of the totals should know."""
    if any(is_rounded(cell(line, at)) for line in lines for at in reader.header.counted):
        found.notes.append(
            "Numbers like 1.5E+11 were rounded by a spreadsheet: the totals are as inexact as they."
        )
    if reader.numbers.dot_groups:
        found.notes.append("Dots in numbers were read as thousands separators.")
    start = reader.calendar.start
    if start and start.is_unsure:
        order = "month before day" if start.dates.month_first else "day before month"
        found.notes.append(f"Day and month of the dates can be exchanged; read as {order}.")
    if start and start.dates.by_month:
        found.notes.append("All dates are the first of a month: each row was read as a month.")
    if any(reader.is_dearer(line) for line in lines):
        found.notes.append("Some rows are of a faster tier, which costs more than the list prices.")


def _bill(
    found: _Found,
    add_up: Callable[[date | None, date | None], Usage],
    preamble: Sequence[str],
    currency: str,
) -> Bill:
    entries = found.entries
    if not entries:
        raise UnreadableUsageError("The file has column names but no rows.")
    spans = [entry.span for entry in entries if entry.span]
    first = min((span[0] for span in spans), default=None)
    last = max((span[1] for span in spans), default=None)
    if first and last and (said := stated(preamble, first, last)):
        first, last = said
        found.notes.append("The period is the one that stands above the table.")
    return Bill(
        usage=add_up(first, last),
        days_with_rows=_days_with_rows(entries),
        by_model=by_model(entries),
        left_out=tuple(sorted(found.left_out, key=lambda line: line.number)),
        notes=tuple(found.notes),
        currency=currency,
    )


def _days_with_rows(entries: Sequence[Entry]) -> int:
    days: set[int] = set()
    for first, last in {entry.span for entry in entries if entry.span}:
        # The length of the period is refused elsewhere where it is absurd.
        days.update(range(first.toordinal(), min(last.toordinal(), first.toordinal() + 400) + 1))
    return len(days)


def _usage(
    entries: Sequence[Entry],
    typed: int | None,
    first: date | None,
    last: date | None,
    *,
    by_tokens: bool,
) -> Usage:
    requests = typed or sum(entry.requests for entry in entries)
    tokens_in = sum(entry.tokens_in for entry in entries)
    tokens_out = sum(entry.tokens_out for entry in entries)
    cached = sum(entry.cached for entry in entries)
    _check_totals(requests, tokens_in, tokens_out, cached)
    half = [entry for entry in entries if entry.is_half]
    batch = sum(entry.requests for entry in half)
    if by_tokens:
        share = sum(entry.tokens for entry in half) / (tokens_in + tokens_out)
        batch = round(requests * share)
    return Usage(
        requests=requests,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        tokens_cached=cached,
        first=first,
        last=last,
        days=days_between(first, last),
        rows=len(entries),
        batch=batch,
        models=tuple(sorted({e.model for e in entries if e.model and (e.requests or e.tokens)})),
    )


def _check_totals(requests: int, tokens_in: int, tokens_out: int, cached: int) -> None:
    """Refuse totals that no workload can be made of."""
    if not requests:
        raise UnreadableUsageError("The requests in the file add up to 0.")
    if not tokens_in and not tokens_out:
        raise UnreadableUsageError("The input and output tokens in the file add up to 0.")
    if cached > tokens_in:
        raise UnreadableUsageError(
            f"The file counts more cached tokens ({cached:,}) than input tokens ({tokens_in:,}); "
            "its input tokens seem to leave out the cached ones."
        )
