"""What a reader asks the catalog for: one parser for the page, the exports and the links."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Self
from urllib.parse import urlencode

from apps.catalog.pages.ordering import COLUMNS, Cursor, read_cursor
from apps.catalog.snapshot import Entry
from apps.common.format import count, params, tokens, usd
from apps.decision.address import Problem, Reading, UnreadableError, group
from apps.decision.numbers import BILLION, AmbiguousNumberError, read_number

PAGE_SIZE, MOST_PER_PAGE = 50, 1000
# As long as the longest id that a host gives a model.
LONGEST_SEARCH = 160
SORT, AFTER, SIZE = "sort", "after", "page_size"
DEFAULT_SORT = "provider"


class FilterKind(Enum):
    """How a filter is given."""

    TEXT = "text"
    SEVERAL = "several"
    ONE = "one"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of a model, how it is written, and the limits that are offered and allowed."""

    value: Callable[[Entry], float | None]
    write: Callable[[float], str]
    offered: tuple[float, ...]
    high: float
    at_most: bool = False
    whole: bool = False
    unit: int = 1

    def text(self, number: float) -> str:
        """Write a limit in words."""
        return f"{self.write(number)} {'or less' if self.at_most else 'or more'}"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its key in the URL, its name, and the answer or the number that a model gives."""

    key: str
    name: str
    kind: FilterKind
    answer: Callable[[Entry], str] | None = None
    limit: Limit | None = None


def _three(value: bool | None) -> str:
    return "unknown" if value is None else ("yes" if value else "no")


_CONTEXT = Limit(
    lambda e: e.context_tokens,
    lambda n: f"{tokens(n)} tokens",
    (32e3, 128e3, 200e3, 1e6),
    1e12,
    whole=True,
)
_PARAMETERS = Limit(
    lambda e: e.params_b, params, (4, 10, 35, 130, 500), 1e6, at_most=True, unit=BILLION
)
_INPUT = Limit(lambda e: e.input_usd, usd, (0.1, 0.5, 1, 3, 10), 1e6, at_most=True)
_OUTPUT = Limit(lambda e: e.output_usd, usd, (0.5, 1, 3, 10, 30), 1e6, at_most=True)
_HOSTS = Limit(lambda e: e.hosts, count, (1, 3, 10, 20), 1e6, whole=True)

# In the order of the page. Words and memory are searched in ways of their own, and a model reads
# several kinds of input and has several hosts: these have neither one answer nor one number.
FILTERS = (
    Filter("q", "Search", FilterKind.TEXT),
    Filter("openness", "Openness", FilterKind.SEVERAL, lambda e: e.openness),
    Filter("rights", "Use in a business", FilterKind.SEVERAL, lambda e: e.rights),
    Filter("status", "Status", FilterKind.SEVERAL, lambda e: e.status),
    Filter("modality", "Reads", FilterKind.SEVERAL),
    Filter("tools", "Calls tools", FilterKind.ONE, lambda e: _three(e.tools)),
    Filter("reasoning", "Reasons before it answers", FilterKind.ONE, lambda e: _three(e.reasoning)),
    Filter("context_min", "Context at least", FilterKind.NUMBER, limit=_CONTEXT),
    Filter("params_max", "Parameters at most", FilterKind.NUMBER, limit=_PARAMETERS),
    Filter("input_max", "Input price at most", FilterKind.NUMBER, limit=_INPUT),
    Filter("output_max", "Output price at most", FilterKind.NUMBER, limit=_OUTPUT),
    Filter("hosts_min", "Hosts at least", FilterKind.NUMBER, limit=_HOSTS),
    Filter("promise", "One host promises all of", FilterKind.SEVERAL),
    Filter("gpu", "Fits on one GPU of", FilterKind.ONE),
    Filter("provider", "Provider", FilterKind.SEVERAL, lambda e: e.provider_slug),
)
BY_KEY = {filter_.key: filter_ for filter_ in FILTERS}
_TAKE_SEVERAL = {filter_.key for filter_ in FILTERS if filter_.kind is FilterKind.SEVERAL}

# The answers that may be given to a filter, each with its words; in the order of the page.
type Vocabulary = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Query:
    """What was asked for, in its canonical form; what could not be read is left out."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = DEFAULT_SORT
    after: Cursor | None = None
    page_size: int = PAGE_SIZE
    problems: tuple[Problem, ...] = ()

    def one(self, key: str) -> str:
        """Return the only value of a filter; empty where it is not set."""
        return next(iter(self.values.get(key, ())), "")

    def without(self, key: str) -> Self:
        """Return the query without a filter, from its first page."""
        rest = {name: values for name, values in self.values.items() if name != key}
        return replace(self, values=rest, after=None)

    def sorted_by(self, sort: str) -> Self:
        """Return the query in another order, from its first page."""
        return replace(self, sort=sort, after=None)

    def page_after(self, cursor: Cursor | None) -> Self:
        """Return the query from another row on."""
        return replace(self, after=cursor)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the canonical pairs of the URL: what is the default is left out."""
        pairs = [
            (filter_.key, value)
            for filter_ in FILTERS
            for value in self.values.get(filter_.key, ())
        ]
        if self.sort != DEFAULT_SORT:
            pairs.append((SORT, self.sort))
        if self.page_size != PAGE_SIZE:
            pairs.append((SIZE, str(self.page_size)))
        if self.after is not None:
            pairs.append((AFTER, self.after.token))
        return pairs

    def url(self, path: str) -> str:
        """Return the canonical address under a path."""
        pairs = self.pairs()
        return f"{path}?{urlencode(pairs)}" if pairs else path


def parse(pairs: Iterable[tuple[str, str]], vocabulary: Vocabulary) -> Query:
    """Read a query; unknown keys are dropped, and a bad value is named and left out."""
    # Of what takes one value the last counts.
    reading = Reading(
        {key: v if key in _TAKE_SEVERAL else v[-1:] for key, v in group(pairs).items()}
    )
    values = {
        filter_.key: read for filter_ in FILTERS if (read := _read(reading, filter_, vocabulary))
    }
    sort = reading.read(SORT, _sort) or DEFAULT_SORT
    return Query(
        values=values,
        sort=sort,
        after=reading.read(AFTER, partial(_after, sort)),
        page_size=reading.read(SIZE, _page_size) or PAGE_SIZE,
        problems=tuple(reading.problems),
    )


def _read(reading: Reading, filter_: Filter, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the values of a filter, empty where it is not set."""
    if filter_.kind is FilterKind.SEVERAL:
        return _several(reading, filter_, vocabulary[filter_.key])
    if filter_.kind is FilterKind.TEXT:
        return _text(reading, filter_)
    reader = (
        partial(_one, filter_, vocabulary[filter_.key])
        if filter_.limit is None
        else partial(_number, filter_, filter_.limit)
    )
    value = reading.read(filter_.key, reader)
    return () if value is None else (value,)


def _several(reading: Reading, filter_: Filter, known: Mapping[str, str]) -> tuple[str, ...]:
    given = reading.given.get(filter_.key, ())
    for value in given:
        if value.lower() not in known:
            reading.refuse(filter_.key, (value,), _unknown(filter_, value))
    keys = {value.lower() for value in given}
    return tuple(key for key in known if key in keys)


def _text(reading: Reading, filter_: Filter) -> tuple[str, ...]:
    """Return the words that are searched for; the start of what is too long."""
    given = reading.given.get(filter_.key, ())
    words = " ".join(" ".join(given).split())
    if len(words) > LONGEST_SEARCH:
        reading.refuse(filter_.key, given, f"Search for at most {LONGEST_SEARCH} characters")
    return (words[:LONGEST_SEARCH],) if words else ()


def _one(filter_: Filter, known: Mapping[str, str], values: Sequence[str]) -> str:
    if values[-1].lower() not in known:
        raise UnreadableError(_unknown(filter_, values[-1]))
    return values[-1].lower()


def _unknown(filter_: Filter, value: str) -> str:
    return f"“{value[:40]}” is not one of the choices under “{filter_.name}”"


def _number(filter_: Filter, limit: Limit, values: Sequence[str]) -> str:
    text = values[-1]
    try:
        # A unit that people write with it: 70B parameters, 128k tokens.
        number = float(read_number(text, whole=limit.whole, unit=limit.unit))
    except AmbiguousNumberError as error:
        message = f"“{filter_.name}”: “{text[:40]}” can be read in two ways. {error}"
        raise UnreadableError(message) from None
    except ValueError:
        raise UnreadableError(f"“{filter_.name}” must be a number, not “{text[:40]}”") from None
    if limit.whole and number != int(number):
        raise UnreadableError(f"“{filter_.name}” must be a whole number, not “{text[:40]}”")
    if not 0 <= number <= limit.high:
        raise UnreadableError(f"“{filter_.name}” must be from 0 to {count(limit.high)}")
    return written(number)


def written(number: float) -> str:
    """Write a number as it stands in a URL: the shortest form that reads back as the same."""
    return str(int(number)) if number == int(number) else repr(number)


def _sort(values: Sequence[str]) -> str:
    if values[-1].removeprefix("-") not in COLUMNS:
        raise UnreadableError(f"There is no order “{values[-1][:40]}”")
    return values[-1]


def _after(sort: str, values: Sequence[str]) -> Cursor:
    cursor = read_cursor(values[-1], sort)
    if cursor is None:
        raise UnreadableError("The place in the list could not be read; this is its start")
    return cursor


def _page_size(values: Sequence[str]) -> int:
    text = values[-1]
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_PER_PAGE:
        return int(text[:9])
    raise UnreadableError(f"The page size must be a whole number from 1 to {count(MOST_PER_PAGE)}")
