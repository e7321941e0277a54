"""Results that are kept up to so many bytes, safe for threads."""

from collections.abc import Callable, Hashable
from threading import Lock


class Kept[K: Hashable, V]:
    """Results of a pure function by its arguments; where there is no more room all are forgotten.

    A result is whole before any thread can see it. Threads that miss the same one at the same time
    each make it, and get equal ones. Nothing is locked for reading: a decision reads thousands.
    """

    def __init__(self, most_bytes: int, bytes_of: Callable[[V], int]) -> None:
        """Take the room for all results together, and what one of them takes with its key."""
        self._most_bytes = most_bytes
        self._bytes_of = bytes_of
        self._lock = Lock()
        self._results: dict[K, V] = {}
        self._bytes = 0

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return the result that is kept, or make it and keep it where there is room for it."""
        try:
            return self._results[key]
        except KeyError:
            made = make()
        with self._lock:
            self._keep(key, made)
        return made

    def _keep(self, key: K, made: V) -> None:
        taken = self._bytes_of(made)
        if key in self._results or taken > self._most_bytes:
            return
        if self._bytes + taken > self._most_bytes:
            self._results, self._bytes = {}, 0
        self._results[key] = made
        self._bytes += taken
