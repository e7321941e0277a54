"""Threads that ask for the rules get the same tables, of the version that is published now."""

from concurrent.futures import ThreadPoolExecutor
from math import inf

import pytest

from apps.money import cache
from apps.money.cache import Latest
from apps.rules import compile
from apps.rules.compile import Versions, current
from tests.threads import Slow, together

COLD, OLD, NEW = (Versions((-1, token), "") for token in ("cold", "old", "new"))


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compile, "_tables", Latest(1_000_000))


def test_four_threads_get_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()
    monkeypatch.setattr(compile, "_compile", lambda *_: slow.make())
    found = together(slow, lambda: current(COLD))
    assert slow.times == 1
    assert len(set(map(id, found))) == 1


def test_the_old_rules_serve_while_the_new_ones_are_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cache, "OLD_SERVES_SECONDS", inf)
    monkeypatch.setattr(compile, "_compile", lambda *_: object())
    old, slow = current(OLD), Slow()
    monkeypatch.setattr(compile, "_compile", lambda *_: slow.make())
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(current, NEW)
        slow.begun.wait()
        assert current(NEW) is old
        slow.may_end.set()
    assert current(NEW) is first.result()
