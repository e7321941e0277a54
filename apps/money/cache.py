"""The two ways in which results are kept in a process, both safe for threads and bounded in bytes.

`Cache` keeps results by what they follow from; `Latest` keeps one object for each day, of the
version that the database has now. Neither imports anything of the product, so that all may use it.
"""

import gc
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from threading import Event, Lock
from time import monotonic
from types import BuiltinFunctionType, FunctionType, ModuleType

# What an entry takes beside its key and its value.
ENTRY_BYTES = 300
# How long an old version may serve while the new one is being made.
OLD_SERVES_SECONDS = 1.0
# Set where this thread got an old version: what it answers says nothing of the new one.
old_served: ContextVar[bool] = ContextVar("old_served", default=False)
_OF_THE_PROGRAM = (type, ModuleType, FunctionType, BuiltinFunctionType, Enum)


def deep_bytes(value: object, shared: tuple[type, ...] = ()) -> int:
    """Return what a value takes in memory with all that it holds, each object once.

    Objects of the types in `shared` belong to somebody else and are left out with what they hold,
    as are classes, functions and the members of enumerations.
    """
    left_out = _OF_THE_PROGRAM + shared
    seen: set[int] = set()
    total, level = 0, [value]
    while level:
        new = []
        for one in level:
            if id(one) not in seen and not isinstance(one, left_out):
                seen.add(id(one))
                total += sys.getsizeof(one)
                new.append(one)
        level = gc.get_referents(*new)
    return total


class Cache[K: Hashable, V]:
    """Results of a pure function by its arguments: the latest ones, up to so many bytes.

    A result is made outside the lock and seen only when it is whole; who asks for one that is
    being made gets the same one. There are two generations of half the room each. When the young
    one is full it becomes the old one, and what nobody asked for since is forgotten with the old
    one. So nothing is locked to read what is young: a decision reads thousands.
    """

    def __init__(self, most_bytes: int, bytes_of: Callable[[K, V], int]) -> None:
        """Take the room for all entries together, and what a key and its result take of it."""
        self._lock = Lock()
        self._room, self._bytes_of = most_bytes // 2, bytes_of
        self._young, self._old = _Generation[K, V](), _Generation[K, V]()
        self._being_made: dict[K, Lock] = {}

    @property
    def bytes(self) -> int:
        """What all entries take together."""
        return self._young.bytes + self._old.bytes

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return the result that is kept, or make it and keep it where there is room for it."""
        entry = self._young.entries.get(key) or self._older(key)
        if entry is not None:
            return entry[0]
        try:
            value = make()
            size = ENTRY_BYTES + self._bytes_of(key, value)
            with self._lock:
                self._keep(key, (value, size))
        finally:
            with self._lock:
                self._being_made.pop(key).release()
        return value

    def _older(self, key: K) -> tuple[V, int] | None:
        """Return what was kept meanwhile; None where it is this thread's to make it."""
        mine = Lock()
        mine.acquire()
        while True:
            with self._lock:
                entry = self._young.entries.get(key)
                if entry is None and self._old.entries and (entry := self._old.pop(key)):
                    self._keep(key, entry)
                if entry is not None:
                    return entry
                # Keys are long: each look-up reads all of one.
                others = self._being_made.setdefault(key, mine)
                if others is mine:
                    return None
            # Until it is made; where it failed or found no room, the next one tries.
            with others:
                continue

    def _keep(self, key: K, entry: tuple[V, int]) -> None:
        size = entry[1]
        if size > self._room:
            return
        if self._young.bytes + size > self._room:
            self._young, self._old = _Generation(), self._young
        self._young.add(key, entry)


class _Generation[K: Hashable, V]:
    """Results with the bytes that each takes."""

    __slots__ = ("bytes", "entries")

    def __init__(self) -> None:
        self.entries: dict[K, tuple[V, int]] = {}
        self.bytes = 0

    def add(self, key: K, entry: tuple[V, int]) -> None:
        self.entries[key] = entry
        self.bytes += entry[1]

    def pop(self, key: K) -> tuple[V, int] | None:
        entry = self.entries.pop(key, None)
        if entry is not None:
            self.bytes -= entry[1]
        return entry


@dataclass(frozen=True, slots=True)
class _Kept[V]:
    """The object of a day, with its version, its size and its place in the order of making."""

    version: Hashable
    value: V
    size: int
    number: int


@dataclass(frozen=True, slots=True)
class _BeingMade:
    """An object that a thread makes now."""

    number: int
    since: float
    is_made: Event = field(default_factory=Event)


class Latest[D: Hashable, V]:
    """One object for each day, of one version of what it is made from, the same for all threads.

    While a thread makes the object of a new version, the old one serves the others, for at most
    `OLD_SERVES_SECONDS`; then they wait. An old version is dropped when the new one is there. The
    days asked for longest ago are dropped where all together take too many bytes; the last never.
    """

    def __init__(
        self,
        most_bytes: int,
        bytes_of: Callable[[V], int] = deep_bytes,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Take the room for all days together, and what an object takes of it."""
        self._lock = Lock()
        self._most_bytes, self._bytes_of, self._clock = most_bytes, bytes_of, clock
        self._days: OrderedDict[D, _Kept[V]] = OrderedDict()
        self._being_made: dict[tuple[D, Hashable], _BeingMade] = {}
        self._begun = 0

    @property
    def bytes(self) -> int:
        """What the objects of all days take together."""
        return sum(kept.size for kept in self._days.values())

    def get(
        self, day: D, version: Hashable, make: Callable[[], V], *, may_be_old: bool = True
    ) -> V:
        """Return the object of a day and version, or for a moment that of the version before."""
        while True:
            with self._lock:
                kept = self._days.get(day)
                if kept is not None and kept.version == version:
                    self._days.move_to_end(day)
                    return kept.value
                others = self._being_made.get((day, version))
                if others is None:
                    self._begun += 1
                    mine = _BeingMade(self._begun, self._clock())
                    self._being_made[day, version] = mine
                    break
                if kept is not None and may_be_old and self._is_new(others):
                    old_served.set(True)
                    return kept.value
            others.is_made.wait()
        return self._make(day, version, make, mine)

    def _is_new(self, others: _BeingMade) -> bool:
        return self._clock() - others.since < OLD_SERVES_SECONDS

    def _make(self, day: D, version: Hashable, make: Callable[[], V], mine: _BeingMade) -> V:
        try:
            value = make()
            size = ENTRY_BYTES + self._bytes_of(value)
            with self._lock:
                self._keep(day, _Kept(version, value, size, mine.number))
        finally:
            with self._lock:
                del self._being_made[day, version]
            mine.is_made.set()
        return value

    def _keep(self, day: D, kept: _Kept[V]) -> None:
        before = self._days.get(day)
        # What was begun earlier and took longer is of an older version.
        if before is not None and before.number > kept.number:
            return
        self._days[day] = kept
        self._days.move_to_end(day)
        while len(self._days) > 1 and self.bytes > self._most_bytes:
            self._days.popitem(last=False)
