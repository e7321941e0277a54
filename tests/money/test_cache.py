"""What is kept: whole, one for all threads, of the version of now, never more than its bytes."""

import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import pytest

from apps.money.cache import ENTRY_BYTES, OLD_SERVES_SECONDS, Cache, Latest, deep_bytes
from tests.threads import Slow, together

DAY, OTHER_DAY = "Sunday", "Monday"


def ten_bytes(*_: object) -> int:
    return 10


def sized() -> Cache[str, list[str]]:
    """Return a cache with room for six entries of ten bytes."""
    return Cache(6 * (ENTRY_BYTES + 10), ten_bytes)


def refused() -> list[str]:
    raise AssertionError("This was to be kept already.")


def test_a_result_is_made_once() -> None:
    cache = sized()
    first = cache.get("a", lambda: ["made"])
    assert cache.get("a", refused) is first == ["made"]


def test_what_is_asked_for_stays_and_what_is_not_goes() -> None:
    cache = sized()
    first = cache.get("a", list)
    for key in "bcdefghijklmnopqrstuvwxyz":
        cache.get(key, list)
        assert cache.get("a", refused) is first
        assert cache.bytes <= 6 * (ENTRY_BYTES + 10)
    assert cache.get("b", lambda: ["anew"]) == ["anew"]


def test_what_has_no_room_is_returned_and_not_kept() -> None:
    cache: Cache[str, str] = Cache(ENTRY_BYTES + 5, ten_bytes)
    assert cache.get("a", lambda: "first") == "first"
    assert cache.get("a", lambda: "second") == "second"
    assert cache.bytes == 0


def test_a_failure_is_not_kept() -> None:
    cache = sized()
    with pytest.raises(AssertionError):
        cache.get("a", refused)
    assert cache.get("a", lambda: ["made"]) == ["made"]


def test_threads_that_ask_for_the_same_get_one_object() -> None:
    cache: Cache[str, object] = Cache(10_000, ten_bytes)
    slow = Slow()
    found = together(slow, lambda: cache.get("a", slow.make))
    assert slow.times == 1
    assert len(set(found)) == 1


def test_threads_that_ask_for_a_day_get_one_object() -> None:
    days: Latest[str, object] = Latest(10_000, ten_bytes)
    slow = Slow()
    found = together(slow, lambda: days.get(DAY, 1, slow.make))
    assert slow.times == 1
    assert len(set(found)) == 1


def test_one_thread_asks_for_another_thing_while_a_thing_is_made() -> None:
    cache: Cache[str, object] = Cache(10_000, ten_bytes)
    slow = Slow()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(cache.get, "a", slow.make)
        slow.begun.wait()
        assert cache.get("b", lambda: "b") == "b"
        slow.may_end.set()
        assert cache.get("a", refused) is first.result()


def test_who_waits_for_what_fails_tries_too() -> None:
    days: Latest[str, object] = Latest(10_000, ten_bytes)
    begun, may_end = Event(), Event()

    def fail() -> object:
        begun.set()
        may_end.wait()
        raise LookupError

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(days.get, DAY, 1, fail) for _ in range(2)]
        begun.wait()
        may_end.set()
        for future in futures:
            with pytest.raises(LookupError):
                future.result()
    assert days.get(DAY, 1, lambda: "made") == "made"


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_old_version_serves_while_the_new_one_is_made_and_is_then_dropped() -> None:
    days: Latest[str, object] = Latest(10_000, ten_bytes, Clock())
    slow = Slow()
    days.get(DAY, 1, lambda: "old")
    with ThreadPoolExecutor(1) as pool:
        new = pool.submit(days.get, DAY, 2, slow.make)
        slow.begun.wait()
        assert days.get(DAY, 2, refused) == "old"
        slow.may_end.set()
        assert days.get(DAY, 2, refused, may_be_old=False) is new.result()
    assert days.get(DAY, 2, refused) is new.result()
    assert days.get(DAY, 1, lambda: "old again") == "old again"


def test_the_old_version_serves_a_second_at_most() -> None:
    clock = Clock()
    days: Latest[str, object] = Latest(10_000, ten_bytes, clock)
    slow = Slow()
    days.get(DAY, 1, lambda: "old")
    with ThreadPoolExecutor(2) as pool:
        new = pool.submit(days.get, DAY, 2, slow.make)
        slow.begun.wait()
        clock.now += OLD_SERVES_SECONDS
        waiting = pool.submit(days.get, DAY, 2, refused)
        slow.may_end.set()
        assert waiting.result() is new.result() != "old"


def test_a_new_version_is_not_replaced_by_an_old_one_that_took_longer() -> None:
    days: Latest[str, object] = Latest(10_000, ten_bytes)
    slow = Slow()
    with ThreadPoolExecutor(1) as pool:
        old = pool.submit(days.get, DAY, 1, slow.make)
        slow.begun.wait()
        new = days.get(DAY, 2, lambda: "new")
        slow.may_end.set()
        old.result()
    assert days.get(DAY, 2, refused) is new


def test_days_are_dropped_where_there_is_no_room_and_the_last_stays() -> None:
    days: Latest[str, str] = Latest(ENTRY_BYTES + 10, ten_bytes)
    days.get(DAY, 1, lambda: "first")
    days.get(OTHER_DAY, 1, lambda: "second")
    assert days.bytes == ENTRY_BYTES + 10
    assert days.get(OTHER_DAY, 1, lambda: "anew") == "second"
    assert days.get(DAY, 1, lambda: "anew") == "anew"
    small: Latest[str, str] = Latest(1, ten_bytes)
    assert small.get(DAY, 1, lambda: "kept") == "kept"
    assert small.get(DAY, 1, lambda: "anew") == "kept"


@dataclass(frozen=True)
class Leaf:
    """Holds a text of its own."""

    text: str


def test_the_size_counts_all_that_is_held_once() -> None:
    text = "x" * 10_000
    assert deep_bytes([text, text]) == sys.getsizeof([text, text]) + sys.getsizeof(text)
    assert deep_bytes({"a": (Leaf(text),)}) > 10_000
    assert deep_bytes({"a": (Leaf(text),)}, (Leaf,)) < 1_000


def test_the_size_is_what_the_memory_says() -> None:
    tracemalloc.start()
    made = {number: [Leaf(f"{number} " * 20), (number / 7,)] for number in range(2_000)}
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / 1.5 < deep_bytes(made) < held * 1.5
