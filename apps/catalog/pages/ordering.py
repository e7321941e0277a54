"""The orders of the list, and the marks by which a page follows another.

A mark holds the values and the slug of the last row shown, not a count of rows: what is added or
taken away above it moves nothing, and a row that disappears leaves its place.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import total_ordering
from math import isfinite

from apps.catalog.models import Model
from apps.catalog.snapshot import Entry
from apps.money.market import Rights

type Part = str | float | None
type Key = tuple[tuple[bool, "Part | _Down"], ...]

_STATUS = {status.value: place for place, status in enumerate(Model.Status)}
_OPENNESS = {openness.value: place for place, openness in enumerate(Model.Openness)}
_RIGHTS = {
    right.value: place
    for place, right in enumerate((Rights.FREE, Rights.CONDITIONAL, Rights.API_TERMS, Rights.NONE))
}
_LONGEST_MARK = 600


@total_ordering
class _Down:
    """A value that sorts the other way round."""

    __slots__ = ("value",)

    def __init__(self, value: str | float) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Down) and self.value == other.value

    def __lt__(self, other: "_Down") -> bool:
        # One column holds only numbers or only texts.
        return other.value < self.value  # type: ignore[operator]

    def __hash__(self) -> int:
        return hash(self.value)


@dataclass(frozen=True, slots=True)
class SortColumn:
    """An order: its words, and its values with their type and whether large ones come first.

    `heading` is what stands over the column of the table; empty where the order has no column.
    """

    name: str
    heading: str
    value: Callable[[Entry], tuple[Part, ...]]
    types: tuple[type, ...] = (float,)
    down: tuple[bool, ...] = (False,)


def _released(entry: Entry) -> float | None:
    return entry.released.toordinal() if entry.released else None


_NUMBER, _LARGE_FIRST = (float,), (True,)

COLUMNS: dict[str, SortColumn] = {
    "provider": SortColumn(
        "provider",
        "",
        lambda e: (e.provider.casefold(), _released(e), e.name.casefold()),
        (str, float, str),
        (False, True, False),
    ),
    "name": SortColumn("name", "Model", lambda e: (e.name.casefold(),), (str,)),
    "openness": SortColumn("openness", "Openness", lambda e: (_OPENNESS.get(e.openness),)),
    "rights": SortColumn("use in a business", "Business", lambda e: (_RIGHTS.get(e.rights),)),
    "context": SortColumn(
        "longest context", "Context", lambda e: (e.context_tokens,), _NUMBER, _LARGE_FIRST
    ),
    "parameters": SortColumn(
        "most parameters", "Size", lambda e: (e.params_b,), _NUMBER, _LARGE_FIRST
    ),
    "input": SortColumn("input price", "Input", lambda e: (e.input_usd,)),
    "output": SortColumn("output price", "Output", lambda e: (e.output_usd,)),
    "hosts": SortColumn("most hosts", "Hosts", lambda e: (e.hosts,), _NUMBER, _LARGE_FIRST),
    "status": SortColumn("status", "Status", lambda e: (_STATUS.get(e.status),)),
    "newest": SortColumn("newest", "", lambda e: (_released(e),), _NUMBER, _LARGE_FIRST),
    "checked": SortColumn(
        "last checked", "", lambda e: (e.checked_on.toordinal(),), _NUMBER, _LARGE_FIRST
    ),
}


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place right after a row: the row's values in an order, and its slug."""

    parts: tuple[Part, ...]
    slug: str

    @property
    def token(self) -> str:
        """Return the place as it stands in a URL."""
        text = json.dumps([*self.parts, self.slug], separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cursor_at(entry: Entry, sort: str) -> Cursor:
    """Return the place right after a row."""
    return Cursor(COLUMNS[sort.removeprefix("-")].value(entry), entry.slug)


def read_cursor(token: str, sort: str) -> Cursor | None:
    """Return the place that a token names in an order; None where it names none."""
    if len(token) > _LONGEST_MARK:
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        values = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    types = COLUMNS[sort.removeprefix("-")].types
    if not isinstance(values, list) or len(values) != len(types) + 1:
        return None
    *parts, slug = values
    if not isinstance(slug, str):
        return None
    if not all(_fits(part, wanted) for part, wanted in zip(parts, types, strict=True)):
        return None
    return Cursor(tuple(parts), slug)


def _fits(part: object, wanted: type) -> bool:
    if part is None:
        return True
    if wanted is str:
        return isinstance(part, str)
    # A whole number of a thousand digits is no float.
    if isinstance(part, bool) or not isinstance(part, int | float):
        return False
    return abs(part) < 1e15 if isinstance(part, int) else isfinite(part)


def key_of(parts: Sequence[Part], slug: str, sort: str) -> Key:
    """Return what rows are compared by: unknown values last either way, then the slug."""
    column, back = COLUMNS[sort.removeprefix("-")], sort.startswith("-")
    ordered = (
        (True, 0.0) if part is None else (False, _Down(part) if down is not back else part)
        for part, down in zip(parts, column.down, strict=True)
    )
    return (*ordered, (False, slug))


def entry_key(entry: Entry, sort: str) -> Key:
    """Return what a row is compared by."""
    return key_of(COLUMNS[sort.removeprefix("-")].value(entry), entry.slug, sort)
