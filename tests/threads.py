"""Threads that ask for the same thing at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

THREADS = 4


class Slow:
    """Something that is begun when it is first asked for, and is there when it may be."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.times = Event(), Event(), 0

    def make(self) -> object:
        """Wait until the thing may be there, and return it."""
        self.times += 1
        self.begun.set()
        self.may_end.wait()
        return object()


def together[T](slow: Slow, ask: Callable[[], T]) -> list[T]:
    """Return what four threads get that start to ask at the same time."""
    start = Barrier(THREADS)

    def run() -> T:
        start.wait()
        return ask()

    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(run) for _ in range(THREADS)]
        slow.begun.wait()
        slow.may_end.set()
        return [future.result() for future in futures]
