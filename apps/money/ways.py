"""All ways to do a kind of work, as arrays: what each is worth, and what its month costs.

A way is a model at a host that bills each request, or a model on so many of one machine. Of both a
month is requests·request_usd + replicas·replica_usd, with people for each replica; one of the two
terms is 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from apps.money.arrays import Bools, Floats, Ints
from apps.money.hosting import Machine
from apps.money.offers import HostedModel
from apps.money.workload import DAYS_PER_MONTH

type Way = HostedModel | Machine


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """One number of each kind for every way; the last axis is the way.

    `eci` is points of the index; `request_usd` US dollars a request; `seconds` of one replica that
    a request takes; `replica_usd` US dollars a month of one; `gpus` in one; `spare` replicas beyond
    need, `most` that there may be; `base_fte` and `gpu_fte` full-time people; `fixed_usd` US
    dollars a month whatever the volume; `capital_usd` a month of a GPU that is there already.
    """

    eci: Floats
    request_usd: Floats
    seconds: Floats
    replica_usd: Floats
    gpus: Floats
    spare: Floats
    most: Floats
    base_fte: Floats
    gpu_fte: Floats
    fixed_usd: Floats
    capital_usd: Floats

    def take(self, places: Ints) -> "Numbers":
        """Return the numbers of some ways."""
        return Numbers(*(getattr(self, name)[..., places] for name in _NAMES))

    @property
    def table(self) -> Floats:
        """All numbers of one list of ways, a row for each kind."""
        return np.array([getattr(self, name) for name in _NAMES])


_NAMES = tuple(field.name for field in fields(Numbers))
# What fills the place of a way that there is not: it can do nothing and has no price.
_NONE = np.zeros((len(_NAMES), 1))
_NONE[_NAMES.index("eci")] = -np.inf
_NONE[_NAMES.index("most")] = _NONE[_NAMES.index("fixed_usd")] = np.inf


@dataclass(frozen=True, eq=False)
class Ways:
    """The ways for one ask that can win at some volume, in the order of equals.

    Of the many only the few that are shown are made whole: `way` makes the one at a place. `every`
    returns all ways that suit, those too that never win.
    """

    table: Floats
    way: Callable[[int], Way]
    every: Callable[[], "Ways"]

    @property
    def numbers(self) -> Numbers:
        """The numbers of the ways."""
        return Numbers(*self.table)


class Menu:
    """Ways for several asks side by side: each row of a batch finds those of its ask."""

    def __init__(self, ways: Sequence[Ways | None], row_of: Ints) -> None:
        """Take the ways of each ask (None: there are none) and the ask of each row."""
        self._row_of: Ints | None
        tables = [_NONE if one is None else one.table for one in ways]
        if len(tables) == 1:
            self._table, self._row_of = tables[0][:, None, :], None
            return
        width = max(table.shape[1] for table in tables)
        self._table = np.repeat(np.repeat(_NONE[:, None, :], len(tables), axis=1), width, axis=2)
        for place, table in enumerate(tables):
            self._table[:, place, : table.shape[1]] = table
        self._row_of = row_of

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers of the ways of each row: (rows, ways), or (1, ways) where all are alike."""
        return Numbers(*(self._table if self._row_of is None else self._table[:, self._row_of]))


def replicas(numbers: Numbers, busiest_rate: Floats) -> Floats:
    """Return max(1, ⌈requests a second at the peak · seconds⌉) + spare for each row and way."""
    needed: Floats = np.maximum(1.0, np.ceil(busiest_rate[:, None] * numbers.seconds))
    return needed + numbers.spare


def bills_usd(numbers: Numbers, volume: Floats, running: Floats, owned_gpus: float = 0.0) -> Floats:
    """Return US dollars a month without people; infinite where more replicas run than may."""
    bills = numbers.request_usd * (volume * DAYS_PER_MONTH)[:, None]
    bills = bills + running * numbers.replica_usd + numbers.fixed_usd
    if owned_gpus:
        bills = bills - np.minimum(running * numbers.gpus, owned_gpus) * numbers.capital_usd
    allowed: Bools = running <= numbers.most
    return np.where(allowed, bills, np.inf)


def people(numbers: Numbers, running: Floats) -> Floats:
    """Return full-time people: those of the way, and those of each of its GPUs."""
    found: Floats = numbers.base_fte + numbers.gpu_fte * numbers.gpus * running
    return found
