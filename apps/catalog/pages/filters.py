"""What a reader asks the catalog for: one parser for the page, the exports and the links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Self
from urllib.parse import urlencode

from apps.catalog.pages.ordering import COLUMNS, Cursor, read_cursor
from apps.common.format import count
from apps.decision.numbers import read_number

PAGE_SIZE, MOST_PER_PAGE = 50, 1000
LONGEST_SEARCH = 100
SORT, AFTER, SIZE = "sort", "after", "page_size"
DEFAULT_SORT = "provider"


class FilterKind(Enum):
    """How a filter is given."""

    TEXT = "text"
    SEVERAL = "several"
    ONE = "one"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its key in the URL, its name, and for a number what is offered and allowed."""

    key: str
    name: str
    kind: FilterKind
    offered: tuple[float, ...] = ()
    high: float = 0
    at_most: bool = False


FILTERS = (
    Filter("q", "Search", FilterKind.TEXT),
    Filter("openness", "Openness", FilterKind.SEVERAL),
    Filter("rights", "Use in a business", FilterKind.SEVERAL),
    Filter("status", "Status", FilterKind.SEVERAL),
    Filter("modality", "Reads", FilterKind.SEVERAL),
    Filter("tools", "Calls tools", FilterKind.ONE),
    Filter("reasoning", "Reasons before it answers", FilterKind.ONE),
    Filter("context_min", "Context at least", FilterKind.NUMBER, (32e3, 128e3, 200e3, 1e6), 1e12),
    Filter(
        "params_max",
        "Parameters at most",
        FilterKind.NUMBER,
        (4, 10, 35, 130, 500),
        1e6,
        at_most=True,
    ),
    Filter(
        "input_max",
        "Input price at most",
        FilterKind.NUMBER,
        (0.1, 0.5, 1, 3, 10),
        1e6,
        at_most=True,
    ),
    Filter(
        "output_max",
        "Output price at most",
        FilterKind.NUMBER,
        (0.5, 1, 3, 10, 30),
        1e6,
        at_most=True,
    ),
    Filter("hosts_min", "Hosts at least", FilterKind.NUMBER, (1, 3, 10, 20), 1e6),
    Filter("gpu", "Fits on one GPU of", FilterKind.ONE),
    Filter("provider", "Provider", FilterKind.SEVERAL),
)
BY_KEY = {filter_.key: filter_ for filter_ in FILTERS}

# The answers that may be given to a filter, each with its words; in the order of the page.
type Vocabulary = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that could not be read, and a sentence that says why."""

    key: str
    value: str
    message: str


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
    given: dict[str, list[str]] = {}
    for key, value in pairs:
        cleaned = value.replace("\x00", "").strip()
        if cleaned:
            given.setdefault(key, []).append(cleaned)
    problems: list[Problem] = []
    values = {
        filter_.key: read
        for filter_ in FILTERS
        if (read := _read(filter_, given.get(filter_.key, []), vocabulary, problems))
    }
    sort = _sort(given.get(SORT, []), problems)
    return Query(
        values=values,
        sort=sort,
        after=_after(given.get(AFTER, []), sort, problems),
        page_size=_page_size(given.get(SIZE, []), problems),
        problems=tuple(problems),
    )


def _read(
    filter_: Filter, given: list[str], vocabulary: Vocabulary, problems: list[Problem]
) -> tuple[str, ...]:
    if not given:
        return ()
    if filter_.kind is FilterKind.SEVERAL:
        known = vocabulary[filter_.key]
        for value in given:
            if value not in known:
                problems.append(_unknown(filter_, value))
        return tuple(key for key in known if key in given)
    last = given[-1]
    if filter_.kind is FilterKind.ONE:
        if last not in vocabulary[filter_.key]:
            problems.append(_unknown(filter_, last))
            return ()
        return (last,)
    if filter_.kind is FilterKind.TEXT:
        words = " ".join(last.split())
        if len(words) > LONGEST_SEARCH:
            message = f"Search for at most {LONGEST_SEARCH} characters"
            problems.append(Problem(filter_.key, last, message))
        return (words[:LONGEST_SEARCH],)
    return _number(filter_, last, problems)


def _unknown(filter_: Filter, value: str) -> Problem:
    message = f"“{value[:40]}” is not one of the choices under “{filter_.name}”"
    return Problem(filter_.key, value, message)


def _number(filter_: Filter, text: str, problems: list[Problem]) -> tuple[str, ...]:
    try:
        # A unit that people write with it: 70B parameters, 128k tokens.
        number = float(read_number(text))
    except (ValueError, OverflowError):
        problems.append(
            Problem(filter_.key, text, f"“{filter_.name}” must be a number, not “{text[:40]}”")
        )
        return ()
    if filter_.key == "params_max" and text.strip().lower().endswith("b"):
        number /= 1e9
    if not 0 <= number <= filter_.high:
        message = f"“{filter_.name}” must be from 0 to {count(filter_.high)}"
        problems.append(Problem(filter_.key, text, message))
        return ()
    return (written(number),)


def written(number: float) -> str:
    """Write a number as it stands in a URL: the shortest form that reads back as the same."""
    return str(int(number)) if number == int(number) else repr(number)


def _sort(given: list[str], problems: list[Problem]) -> str:
    if not given:
        return DEFAULT_SORT
    if given[-1].removeprefix("-") in COLUMNS:
        return given[-1]
    problems.append(Problem(SORT, given[-1], f"There is no order “{given[-1][:40]}”"))
    return DEFAULT_SORT


def _after(given: list[str], sort: str, problems: list[Problem]) -> Cursor | None:
    if not given:
        return None
    cursor = read_cursor(given[-1], sort)
    if cursor is None:
        message = "The place in the list could not be read; this is its start"
        problems.append(Problem(AFTER, given[-1], message))
    return cursor


def _page_size(given: list[str], problems: list[Problem]) -> int:
    if not given:
        return PAGE_SIZE
    text = given[-1]
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_PER_PAGE:
        return int(text[:9])
    message = f"The page size must be a whole number from 1 to {count(MOST_PER_PAGE)}"
    problems.append(Problem(SIZE, text, message))
    return PAGE_SIZE
