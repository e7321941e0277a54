"""A provider's usage export, read in memory into the totals that the cost form asks for."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from apps.money.workload import DAYS_PER_MONTH
from apps.usage.columns import KNOWN, Columns, find_columns, requests_lacking
from apps.usage.table import MAX_BYTES, UnreadableUsageError, fold, read_table, short

__all__ = ["MAX_BYTES", "MAX_DAYS", "MAX_ROWS", "UnreadableUsageError", "Usage", "read_usage"]

MAX_ROWS = 200_000
MAX_DAYS = 366
_MAX_NUMBER = 10**15
_MODEL_LENGTH = 80
_TOTALS = {"total", "totals", "grandtotal", "sum"}
_YES = {"true", "1", "1.0", "yes", "batch"}
# 1234; 1,234 with one kind of separator; and 1234.0, which tools make of a column with gaps.
# 1.234 stays out: it is a thousand in some countries and one and a bit in others.
_WHOLE = re.compile(r"([0-9]+|[0-9]{1,3}([,'’ \u00a0\u202f])[0-9]{3}(?:\2[0-9]{3})*)(?:\.0{1,2})?")
_UNIX = re.compile(r"([0-9]{9,13})(?:\.[0-9]+)?")
_MILLISECONDS_FROM = 10**11


@dataclass(frozen=True, slots=True)
class Usage:
    """The totals of a usage file: requests, tokens, and the days they were used in.

    `tokens_in` includes cached tokens, `tokens_out` includes reasoning tokens. `first` and `last`
    are None where the file has no dates; it then stands for one month. `batch` counts the requests
    marked as batch, by their share of the tokens where the file does not count requests, and is 0
    where the file does not say.
    """

    requests: int
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    first: date | None
    last: date | None
    days: float
    rows: int
    batch: int
    models: tuple[str, ...]

    @property
    def requests_per_day(self) -> float:
        """Return the requests of a mean day."""
        return self.requests / self.days

    @property
    def tokens_in_per_request(self) -> float:
        """Return the input tokens of a mean request, cached tokens included."""
        return self.tokens_in / self.requests

    @property
    def tokens_out_per_request(self) -> float:
        """Return the output tokens of a mean request, reasoning tokens included."""
        return self.tokens_out / self.requests

    @property
    def cached_share(self) -> float:
        """Return the share of input tokens that were read from a cache, 0 to 1."""
        return self.tokens_cached / self.tokens_in if self.tokens_in else 0.0

    @property
    def batch_share(self) -> float:
        """Return the share of requests that were sent as a batch, 0 to 1."""
        return self.batch / self.requests


@dataclass(slots=True)
class _Sums:
    """What the rows add up to so far."""

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cached: int = 0
    rows: int = 0
    batch_requests: int = 0
    batch_tokens: int = 0
    first: date | None = None
    last: date | None = None
    models: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the file, whose cells are read with the place that an error names."""

    number: int
    cells: list[str]
    names: tuple[str, ...]

    def text(self, column: int | None) -> str:
        """Return a cell, empty where the file or the line has none."""
        return "" if column is None or column >= len(self.cells) else self.cells[column]

    def whole(self, column: int | None) -> int:
        """Return the whole number in a cell; exports leave empty what is 0."""
        text = self.text(column)
        if not text:
            return 0
        if text.isascii() and text.isdigit() and len(text) < len(str(_MAX_NUMBER)):
            return int(text)
        match = _WHOLE.fullmatch(text)
        if match is None:
            negative = text[0] in "-−" and _WHOLE.fullmatch(text[1:].lstrip())
            raise self.error(column, "is below 0" if negative else "is not a whole number")
        digits = re.sub("[^0-9]", "", match[1]).lstrip("0") or "0"
        if len(digits) > len(str(_MAX_NUMBER)) or int(digits) > _MAX_NUMBER:
            raise self.error(column, "is too large; numbers up to 10¹⁵ are read")
        return int(digits)

    def moment(self, column: int | None) -> date | datetime:
        """Return the date in a cell, with its time where it has one, as the file writes it."""
        text = self.text(column)
        try:
            if match := _UNIX.fullmatch(text):
                seconds = int(match[1])
                if seconds >= _MILLISECONDS_FROM:
                    seconds //= 1000
                return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
            if len(text) <= len("2026-10-31"):
                return date.fromisoformat(text)
            return datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=None)
        except (ValueError, OverflowError):
            raise self.error(column, "is not a date; dates are read as 2026-10-31") from None

    def error(self, column: int | None, what: str) -> UnreadableUsageError:
        """Return the error that names this line, the column and its value."""
        name = "" if column is None else self.names[column]
        return UnreadableUsageError(
            f"Line {self.number:,}, column “{short(name)}”: “{short(self.text(column))}” {what}."
        )

    def check_width(self, last_needed: int) -> None:
        """Refuse a line whose cells have shifted against the header, or that ends too early."""
        width = len(self.names)
        if any(self.cells[width:]):
            raise UnreadableUsageError(
                f"Line {self.number:,} has {len(self.cells):,} cells where the header has {width}; "
                "a number with separators inside must stand in quotation marks."
            )
        # Spreadsheets drop empty cells at the end of a line, which take nothing away.
        if len(self.cells) <= last_needed:
            raise UnreadableUsageError(
                f"Line {self.number:,} stops before the column “{short(self.names[last_needed])}”; "
                "the file may have been cut off."
            )


def read_usage(data: bytes, requests: int | None = None) -> Usage:
    """Read the bytes of a usage file; nothing is kept, and errors repeat only short cuts of it.

    `requests` is the number typed in beside the file, for files without a column of requests.
    Raises UnreadableUsageError, whatever the bytes are.
    """
    table = read_table(data, KNOWN)
    columns = find_columns(table.names)
    typed = None
    if columns.requests is None and not columns.one_each:
        typed = _checked(requests, table.names)
    sums = _Sums()
    for number, cells in table.lines:
        _add(sums, columns, _Row(number, cells, table.names))
    _check(sums, typed)
    if typed is not None:
        sums.requests = typed
        tokens = sums.tokens_in + sums.tokens_out
        sums.batch_requests = round(typed * sums.batch_tokens / tokens)
    return Usage(
        requests=sums.requests,
        tokens_in=sums.tokens_in,
        tokens_out=sums.tokens_out,
        tokens_cached=sums.cached,
        first=sums.first,
        last=sums.last,
        days=_days(sums.first, sums.last),
        rows=sums.rows,
        batch=sums.batch_requests,
        models=tuple(sorted(sums.models)),
    )


def _checked(requests: int | None, names: tuple[str, ...]) -> int:
    """Return the number of requests that was typed in beside the file."""
    if requests is None:
        raise requests_lacking(names)
    if not 1 <= requests <= _MAX_NUMBER:
        raise UnreadableUsageError(
            "The number of requests typed in beside the file must be between 1 and 10¹⁵."
        )
    return requests


def _add(sums: _Sums, columns: Columns, row: _Row) -> None:
    """Add one row, unless it repeats the sum of the others."""
    if _is_sum(columns, row):
        return
    row.check_width(columns.last_needed)
    sums.rows += 1
    if sums.rows > MAX_ROWS:
        raise UnreadableUsageError(
            f"The file has more than {MAX_ROWS:,} rows; export a shorter period or one row a day."
        )
    requests = 1 if columns.one_each else row.whole(columns.requests)
    tokens_in = sum(map(row.whole, columns.input))
    tokens_out = row.whole(columns.output)
    sums.requests += requests
    sums.tokens_in += tokens_in
    sums.tokens_out += tokens_out
    sums.cached += row.whole(columns.cached)
    if any(row.text(column).casefold() in _YES for column in columns.batch):
        sums.batch_requests += requests
        sums.batch_tokens += tokens_in + tokens_out
    model = row.text(columns.model)
    if model and (requests or tokens_in or tokens_out):
        sums.models.add(short(model, _MODEL_LENGTH))
    if columns.start is not None:
        first, last = _period(columns, row)
        sums.first = min(first, sums.first or first)
        sums.last = max(last, sums.last or last)


def _is_sum(columns: Columns, row: _Row) -> bool:
    """Tell whether the row is labelled as the sum of others, where its day or its name stands."""
    labels = (next(filter(None, row.cells)), row.text(columns.start), row.text(columns.model))
    return any(text[:1].isalpha() and fold(text[:20]).rstrip(":") in _TOTALS for text in labels)


def _period(columns: Columns, row: _Row) -> tuple[date, date]:
    """Return the first and the last day that a row is about."""
    start = row.moment(columns.start)
    if not row.text(columns.end):
        return _day(start), _day(start)
    end = row.moment(columns.end)
    # A span ends where the next one begins: midnight belongs to the day before.
    if isinstance(end, datetime) and end > datetime(start.year, start.month, start.day):
        end -= timedelta(microseconds=1)
    if _day(end) < _day(start):
        raise row.error(columns.end, "is before the start of its row")
    return _day(start), _day(end)


def _day(moment: date | datetime) -> date:
    return date(moment.year, moment.month, moment.day)


def _days(first: date | None, last: date | None) -> float:
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


def _check(sums: _Sums, typed: int | None) -> None:
    """Refuse totals that no workload can be made of."""
    if not sums.rows:
        raise UnreadableUsageError("The file has column names but no rows.")
    if typed is None and not sums.requests:
        raise UnreadableUsageError("The requests in the file add up to 0.")
    if not sums.tokens_in and not sums.tokens_out:
        raise UnreadableUsageError("The input and output tokens in the file add up to 0.")
    if sums.cached > sums.tokens_in:
        raise UnreadableUsageError(
            f"The file counts more cached tokens ({sums.cached:,}) than input tokens "
            f"({sums.tokens_in:,}); its input tokens seem to leave out the cached ones."
        )
