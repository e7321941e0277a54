"""Threads that ask for the same version and day get one market, or one snapshot."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from math import inf
from threading import Barrier

import pytest

from apps.catalog import compile, snapshot
from apps.catalog.compile import current_market
from apps.catalog.models import CatalogVersion
from apps.catalog.snapshot import current_snapshot
from apps.money import cache
from apps.money.cache import Latest
from tests.threads import THREADS, Slow, together

TODAY = date(2026, 11, 22)
type Ask = Callable[[], object]
type Use = Callable[[Callable[[], str], Callable[[], object]], Ask]


@pytest.fixture(params=["market", "snapshot"])
def use(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Use:
    """Return a way to set the version and what is compiled, which returns a way to ask."""
    monkeypatch.setattr(compile, "_markets", Latest(1_000_000))
    monkeypatch.setattr(snapshot, "_snapshots", Latest(1_000_000))

    def using(version: Callable[[], str], make: Callable[[], object]) -> Ask:
        monkeypatch.setattr(CatalogVersion, "current", version)
        monkeypatch.setattr(compile, "_compile", lambda *_: make())
        monkeypatch.setattr(snapshot, "compile_snapshot", lambda *_: make())
        is_market = request.param == "market"
        return lambda: current_market(TODAY) if is_market else current_snapshot(TODAY)

    return using


def test_four_threads_on_a_cold_day_get_one_object(use: Use) -> None:
    all_know, slow = Barrier(THREADS), Slow()

    def version() -> str:
        all_know.wait()
        return "cold"

    found = together(slow, use(version, slow.make))
    assert slow.times == 1
    assert len(set(map(id, found))) == 1


def test_the_old_one_serves_while_the_new_one_is_compiled(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "OLD_SERVES_SECONDS", inf)
    old = use(lambda: "old", object)()
    slow = Slow()
    ask = use(lambda: "new", slow.make)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask)
        slow.begun.wait()
        assert ask() is old
        slow.may_end.set()
        new = first.result()
    assert ask() is new is not old


def test_what_has_taken_a_second_is_waited_for(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "OLD_SERVES_SECONDS", 0)
    old = use(lambda: "before", object)()
    slow = Slow()
    found = together(slow, use(lambda: "after", slow.make))
    assert slow.times == 1
    assert set(map(id, found)) != {id(old)}
    assert len(set(map(id, found))) == 1
