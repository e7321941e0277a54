"""What a process keeps: never more than its room, and as much as the memory says."""

import gc
import random
import tracemalloc
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from apps.calculator.build import cost_page
from apps.calculator.query import CostQuery
from apps.catalog import compile, snapshot
from apps.catalog.pages.facets import Index, Selection, index_bytes
from apps.catalog.pages.filters import parse
from apps.catalog.pages.ordering import COLUMNS
from apps.decision.answers import Answers
from apps.decision.rulebook import QuestionKind
from apps.engine import engine as engines
from apps.engine.engine import Engine
from apps.engine.money_panel import of_decision
from apps.money.cache import Cache, deep_bytes
from apps.rules import compile as rules
from tests.catalog import large
from tests.world import TODAY, World

MEGABYTE = 1_000_000


@dataclass
class Held:
    """How many bytes were taken and not given back."""

    bytes: int = 0


@contextmanager
def measured() -> Iterator[Held]:
    """Measure what the block leaves in the memory."""
    held = Held()
    gc.collect()
    tracemalloc.start()
    yield held
    held.bytes = traced()
    tracemalloc.stop()


def traced() -> int:
    """Return what was taken since the tracing began and is still held."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def is_honest(accounted: int, held: int) -> bool:
    """Tell whether an account is neither half nor twice of what is held."""
    return held / 2 < accounted < held * 2


def varied(world: World, count: int) -> list[Answers]:
    """Return answers of which no two are alike, one question in four not answered."""
    generator = random.Random(1)
    found = []
    for _ in range(count):
        given = {
            # Of its own, as what comes in an address is.
            question.key: generator.choice(question.choices).key.encode().decode()
            for question in world.rulebook.questions
            if question.kind not in {QuestionKind.NUMBER, QuestionKind.SEVERAL}
            and generator.random() < 3 / 4
        }
        given |= {"volume": str(generator.randint(1, 10_000_000))}
        given |= {"tokens_in": str(generator.randint(1, 9_999)), "tokens_out": "500"}
        found.append(world.answers(**given))
    return found


def costs(engine: Engine, answers: Answers) -> object:
    """Return a cost page with its pictures."""
    return cost_page(engine, CostQuery(answers), (), {})


def decision(engine: Engine, answers: Answers) -> object:
    """Decide and lay out the picture of the money."""
    return of_decision(engine, engine.decide(answers))


KINDS: dict[str, tuple[Callable[[Engine, Answers], object], int]] = {
    "decisions": (decision, 6),
    "standings": (Engine.standing, 20),
    "settled": (Engine.is_settled, 20),
    "costs": (costs, 4),
}


@pytest.fixture
def results() -> Iterator[Callable[[int], Cache[Hashable, object]]]:
    """Return a way to begin with an empty cache that has so much room."""
    before = engines._results

    def empty(most_bytes: int) -> Cache[Hashable, object]:
        engines._results = Cache(most_bytes, engines.result_bytes)
        return engines._results

    yield empty
    engines._results = before


type Empty = Callable[[int], Cache[Hashable, object]]


@pytest.mark.parametrize("kind", KINDS)
def test_results_take_what_they_are_accounted_for(
    world: World, engine: Engine, results: Empty, kind: str
) -> None:
    result, count = KINDS[kind]
    tracemalloc.start()
    results(100 * MEGABYTE)
    for answers in varied(world, count):
        result(engine, answers)
    del answers
    accounted, before = engines._results.bytes, traced()
    results(0)
    freed = before - traced()
    tracemalloc.stop()
    assert is_honest(accounted, freed)


def test_results_never_take_more_than_their_room(
    world: World, engine: Engine, results: Empty
) -> None:
    room = 300_000
    cache, most = results(room), 0
    for answers in varied(world, 6):
        for result, _ in KINDS.values():
            result(engine, answers)
            assert cache.bytes <= room
            most = max(most, cache.bytes)
    assert most > room / 2


def test_a_standing_keeps_no_scores(engine: Engine) -> None:
    standing = engine.standing(Answers())
    assert standing.states >= 4_096
    assert deep_bytes(standing) < 20_000


@pytest.fixture
def compiled(request: pytest.FixtureRequest) -> Callable[[], object]:
    """Return a way to compile rows anew."""
    return {
        "rules": lambda: rules._compile((rules.versions().rules or (0,))[0]),
        "market": lambda: compile._compile("", TODAY, TODAY),
        "snapshot": lambda: snapshot.compile_snapshot("", TODAY),
    }[request.param]


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("compiled", ["rules", "market", "snapshot"], indirect=True)
def test_what_is_compiled_takes_what_it_is_accounted_for(
    compiled: Callable[[], object],
) -> None:
    compiled()
    with measured() as held:
        found = compiled()
    assert is_honest(deep_bytes(found), held.bytes)


@pytest.mark.django_db
def test_an_index_takes_what_it_is_accounted_for() -> None:
    large.fill(500)
    index = Index(snapshot.compile_snapshot("", TODAY))
    with measured() as held:
        for column in COLUMNS:
            for sort in (column, f"-{column}"):
                index.in_order(sort)
        Selection(index, parse([("tools", "yes"), ("modality", "text")], index.vocabulary)).facets()
        assert index.by_slug
    assert is_honest(index_bytes(index), held.bytes)
