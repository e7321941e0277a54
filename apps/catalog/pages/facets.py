"""Which models a query finds, and how many each choice of a filter would find.

Each model is a place in arrays of truths, so that counting ten thousand of them for every choice
takes about as long as for a hundred.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

import numpy as np
import numpy.typing as npt

from apps.catalog.models import Model
from apps.catalog.pages.filters import (
    BY_KEY,
    DEFAULT_SORT,
    FILTERS,
    FilterKind,
    Query,
    Vocabulary,
    written,
)
from apps.catalog.pages.hosts import SHOWN
from apps.catalog.pages.labels import RIGHTS, YES_NO
from apps.catalog.pages.ordering import COLUMNS, Cursor, Key, cursor_at, entry_key, key_of
from apps.catalog.snapshot import Entry, Snapshot, bits, keeps_all, letters
from apps.money.cache import Cache, Latest
from apps.money.memory import usable_gb

type Mask = npt.NDArray[np.bool_]
type Numbers = npt.NDArray[np.float64]
type Order = tuple[npt.NDArray[np.intp], tuple[Key, ...]]

# Memory of GPUs that people own, besides those of the catalog.
_COMMON_GB = (16, 24)
_SMALL = "-4bit"
_MOST_NEAREST = 5
# What the arrays of an index take, and what one order of its models takes.
_ARRAYS_BYTES, _ORDER_BYTES = 400, 260
_ORDERS_MOST_BYTES = 12_000_000
_MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class FacetOption:
    """A choice of a filter with the number of models that it would find."""

    value: str
    text: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its choices; each is counted under all other filters."""

    key: str
    name: str
    kind: str
    options: tuple[FacetOption, ...]
    is_set: bool


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A filter that is set, and how many models are found without it."""

    key: str
    name: str
    text: str
    count: int


class Index:
    """The models of a snapshot as arrays, made once for each snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.size = len(snapshot.entries)
        self._orders: Cache[str, Order] = Cache(
            _ORDERS_MOST_BYTES, lambda *_: _ORDER_BYTES * self.size
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The choices of every filter that has choices, in the order of the page."""
        names = {e.provider_slug: e.provider for e in self._all}
        sizes = {str(size): f"{size} GB" for size in _COMMON_GB}
        sizes |= {gpu.slug: f"{gpu.name}, {gpu.vram_gb:g} GB" for gpu in self.snapshot.gpus}
        gpus = sizes | {key + _SMALL: f"{text}, at 4 bits" for key, text in sizes.items()}
        return {
            "openness": {str(o.value): str(o.label) for o in Model.Openness},
            "rights": {key: label.choice for key, label in RIGHTS.items()},
            "status": {str(s.value): str(s.label) for s in Model.Status},
            "modality": dict(self.snapshot.modalities),
            "tools": YES_NO,
            "reasoning": YES_NO,
            "promise": {fact.value: str(fact.label) for fact in SHOWN},
            "gpu": gpus,
            "provider": dict(sorted(names.items(), key=lambda pair: pair[1].casefold())),
        }

    @cached_property
    def current(self) -> int:
        """How many models their makers offer today without a replacement."""
        return sum(entry.status == Model.Status.CURRENT for entry in self._all)

    @cached_property
    def checked_on(self) -> date | None:
        """The day of the newest check."""
        return max((entry.checked_on for entry in self._all), default=None)

    @cached_property
    def by_slug(self) -> Mapping[str, Entry]:
        """Every model by its slug."""
        return {entry.slug: entry for entry in self._all}

    def nearest(self, text: str) -> tuple[Entry, ...]:
        """Return the models whose names hold most words of a search that finds none; a few."""
        words = _searched(text)
        held = [(sum(word in entry.letters for word in words), entry) for entry in self._all]
        most = max((number for number, _ in held), default=0)
        near = (entry for number, entry in held if number == most) if most else iter(())
        return tuple(islice(near, _MOST_NEAREST))

    @property
    def _all(self) -> tuple[Entry, ...]:
        return self.snapshot.entries

    @cached_property
    def _codes(self) -> dict[str, tuple[npt.NDArray[np.intp], dict[str, int]]]:
        """For each filter where a model has one answer: its number, and the answers' numbers."""
        codes_of = {}
        for filter_ in FILTERS:
            if filter_.answer is None:
                continue
            numbers = {answer: n for n, answer in enumerate(self.vocabulary[filter_.key])}
            codes = np.array([numbers[filter_.answer(e)] for e in self._all], dtype=np.intp)
            codes_of[filter_.key] = (codes, numbers)
        return codes_of

    @cached_property
    def _numbers(self) -> dict[str, Numbers]:
        """For each filter by number the models' values; NaN, which no comparison finds, unknown."""
        read: dict[str, Callable[[Entry], float | None]] = {
            "gpu": lambda e: e.need_gb,
            "gpu" + _SMALL: lambda e: e.small_need_gb,
        }
        read |= {f.key: f.limit.value for f in FILTERS if f.limit is not None}
        return {
            key: np.array([np.nan if (v := value(e)) is None else v for e in self._all], float)
            for key, value in read.items()
        }

    @cached_property
    def _reads(self) -> dict[str, Mask]:
        return {
            slug: np.array([slug in e.reads for e in self._all], bool)
            for slug in self.vocabulary["modality"]
        }

    @cached_property
    def _promised(self) -> dict[str, Mask]:
        return {
            promise: self._with_host(np.arange(self.size), bits((promise,)))
            for promise in self.vocabulary["promise"]
        }

    def _with_host(self, places: npt.NDArray[np.intp], asked: int) -> Mask:
        """Return which models have one host that keeps all that is asked, looked for at places."""
        mask: Mask = np.zeros(self.size, bool)
        for place in places.tolist():
            mask[place] = any(keeps_all(kept, asked) for kept in self._all[place].promises)
        return mask

    def mask(self, key: str, values: Sequence[str]) -> Mask:
        """Return which models a filter with these values finds."""
        if key == "q":
            words = _searched(values[0])
            held = (bool(words) and all(word in e.letters for word in words) for e in self._all)
            return np.fromiter(held, bool, self.size)
        if key == "modality":
            # A model is wanted that reads all of them, not one of them.
            reads: Mask = np.all([self._reads[value] for value in values], axis=0)
            return reads
        if key == "promise":
            alone: Mask = np.all([self._promised[value] for value in values], axis=0)
            # Where each promise is kept by some host, not always one host keeps them all.
            several = len(values) > 1
            return self._with_host(np.flatnonzero(alone), bits(values)) if several else alone
        if key in self._codes:
            codes, numbers = self._codes[key]
            chosen = [numbers[value] for value in values]
            mask: Mask = np.isin(codes, chosen)
            return mask
        if key == "gpu":
            gpu = values[0].removesuffix(_SMALL)
            needs = self._numbers[key if gpu == values[0] else key + _SMALL]
            return np.less_equal(needs, usable_gb(self._vram(gpu), 1))
        limit = BY_KEY[key].limit
        holds = np.less_equal if limit is not None and limit.at_most else np.greater_equal
        within: Mask = holds(self._numbers[key], float(values[0]))
        return within

    def _vram(self, value: str) -> float:
        known = {gpu.slug: gpu.vram_gb for gpu in self.snapshot.gpus}
        return known[value] if value in known else float(value)

    def counts(self, key: str, within: Mask, values: Sequence[str]) -> list[int]:
        """Return how many of the models in `within` each value alone would find."""
        if key in self._codes:
            codes, numbers = self._codes[key]
            counts = np.bincount(codes[within], minlength=len(numbers))
            return [int(counts[numbers[value]]) for value in values]
        return [int(np.count_nonzero(within & self.mask(key, (value,)))) for value in values]

    def named(self, text: str, places: npt.NDArray[np.intp]) -> Mask:
        """Return which of some models have exactly this name or id."""
        name = f"\n{letters(text)}\n"
        lines = (f"\n{self._all[place].letters}\n" for place in places.tolist())
        return np.fromiter((name in each for each in lines), bool, len(places))

    def in_order(self, sort: str) -> Order:
        """Return the places of all models in an order, with their keys."""
        return self._orders.get(sort, lambda: self._sort(sort))

    def _sort(self, sort: str) -> Order:
        pairs = sorted((entry_key(e, sort), place) for place, e in enumerate(self._all))
        places = np.array([place for _, place in pairs], dtype=np.intp)
        return places, tuple(key for key, _ in pairs)


def index_bytes(index: Index) -> int:
    """Return the most that an index takes beside its snapshot, whatever is asked of it."""
    orders = _ORDER_BYTES * index.size * 2 * len(COLUMNS)
    return _ARRAYS_BYTES * index.size + min(orders, _ORDERS_MOST_BYTES)


_indexes: Latest[date, Index] = Latest(_MOST_BYTES, index_bytes)


def index(snapshot: Snapshot) -> Index:
    """Return the arrays of a snapshot, which are kept beside it."""
    return _indexes.get(snapshot.day, snapshot, lambda: Index(snapshot), may_be_old=False)


class Selection:
    """What a query finds in the catalog."""

    def __init__(self, index: Index, query: Query) -> None:
        self.index, self.query = index, query
        self._masks = {key: index.mask(key, values) for key, values in query.values.items()}
        self._places, self._keys = index.in_order(query.sort)
        found = np.flatnonzero(self._under()[self._places])
        named = self._named(self._places[found])
        self._first, self._rest = found[named], found[~named]
        self._hits = np.concatenate((self._first, self._rest))

    def _named(self, places: npt.NDArray[np.intp]) -> Mask:
        """Return which models come first: those of the very name, where no order is asked for."""
        search = self.query.one("q")
        if not search or self.query.sort != DEFAULT_SORT:
            return np.zeros(len(places), bool)
        return self.index.named(search, places)

    def _under(self, leave_out: str = "") -> Mask:
        """Return which models all filters but one find."""
        kept = [mask for key, mask in self._masks.items() if key != leave_out]
        mask = np.ones(self.index.size, bool)
        for each in kept:
            mask &= each
        return mask

    @property
    def total(self) -> int:
        """How many models are found."""
        return len(self._hits)

    @cached_property
    def start(self) -> int:
        """How many of the models that are found come before this page."""
        after = self.query.after
        if after is None:
            return 0
        place = bisect_right(self._keys, key_of(after.parts, after.slug, self.query.sort))
        if any(self._entry(at).slug == after.slug for at in self._first):
            return int(np.searchsorted(self._first, place))
        return len(self._first) + int(np.searchsorted(self._rest, place))

    def entry(self, hit: int) -> Entry:
        """Return the model at a place among those that are found."""
        return self._entry(self._hits[hit])

    def _entry(self, at: np.intp) -> Entry:
        """Return the model at a place of the order."""
        return self.index.snapshot.entries[int(self._places[at])]

    def page(self) -> tuple[Entry, ...]:
        """Return the models of this page."""
        end = min(self.start + self.query.page_size, self.total)
        return tuple(self.entry(hit) for hit in range(self.start, end))

    def all(self) -> "map[Entry]":
        """Return all models that are found, one after the other."""
        return map(self.entry, range(self.total))

    def mark(self, hit: int) -> Cursor | None:
        """Return the mark of the page that starts with the model at a place; None for the first."""
        return cursor_at(self.entry(hit - 1), self.query.sort) if hit > 0 else None

    def facets(self) -> tuple[Facet, ...]:
        """Return every filter with its choices counted under all other filters."""
        return tuple(self._facet(f.key) for f in FILTERS if f.kind is not FilterKind.TEXT)

    def _facet(self, key: str) -> Facet:
        filter_, chosen = BY_KEY[key], self.query.values.get(key, ())
        offered = choices(self.index.vocabulary, key, chosen)
        within = self._under(key)
        counts = self.index.counts(key, within, list(offered))
        return Facet(
            key=key,
            name=filter_.name,
            kind=filter_.kind.value,
            options=tuple(
                FacetOption(value, text, number, value in chosen)
                for (value, text), number in zip(offered.items(), counts, strict=True)
            ),
            is_set=bool(chosen),
        )

    def nearest(self) -> tuple[Entry, ...]:
        """Return models of nearly the name that was searched for, where no model has it."""
        search = self.query.one("q")
        if not search or self._masks["q"].any():
            return ()
        return self.index.nearest(search)

    def relaxed(self) -> tuple[Relaxed, ...]:
        """Return the filters that are set; the one without which most is found comes first."""
        filters = [
            Relaxed(
                key,
                BY_KEY[key].name,
                value_text(self.index.vocabulary, key, values),
                int(np.count_nonzero(self._under(key))),
            )
            for key, values in self.query.values.items()
        ]
        return tuple(sorted(filters, key=lambda each: -each.count))


def choices(vocabulary: Vocabulary, key: str, chosen: Sequence[str]) -> Mapping[str, str]:
    """Return the choices of a filter; a number that was typed is one of them."""
    if key in vocabulary:
        return vocabulary[key]
    limit = BY_KEY[key].limit
    if limit is None:
        return {}
    offered = {written(number) for number in limit.offered} | set(chosen)
    return {value: limit.text(float(value)) for value in sorted(offered, key=float)}


def value_text(vocabulary: Vocabulary, key: str, values: Sequence[str]) -> str:
    """Write the values of a filter in words."""
    if key == "q":
        return f"“{values[0]}”"
    words = choices(vocabulary, key, values)
    return ", ".join(words[value] for value in values)


def _searched(text: str) -> list[str]:
    """Return the words of a search, each with its letters and digits alone."""
    return [word for word in map(letters, text.split()) if word]
