"""Threads that share a pricer get the prices that one thread alone gets."""

import random
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from apps.decision.answers import Answers
from apps.decision.rulebook import QuestionKind
from apps.decision.scoring import Said, Tables
from apps.decision.uncertainty import cells
from apps.decision.verdict import Verdict, verdict
from apps.money.needs import Needs
from apps.money.priced import OptionPrice
from apps.money.pricing import MOST_BYTES, Pricer
from tests.world import World

THREADS = 4
DECISIONS = 300

type Outcome = tuple[Verdict, tuple[OptionPrice, ...]]


@pytest.fixture(autouse=True)
def _threads_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def in_threads[T](call: Callable[[], T]) -> list[T]:
    """Return what each of the threads gets, all of them starting together."""
    start = Barrier(THREADS)

    def run() -> T:
        start.wait()
        return call()

    with ThreadPoolExecutor(THREADS) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(THREADS)]]


def full_answers(world: World) -> list[Answers]:
    """Return answers to every question, each with a size of its own."""
    generator = random.Random(1)
    found = []
    for _ in range(DECISIONS):
        given = {
            question.key: generator.choice(question.choices).key
            for question in world.rulebook.questions
            if question.kind not in {QuestionKind.NUMBER, QuestionKind.SIZE}
        }
        given |= {
            "volume": str(generator.randint(1, 10_000_000)),
            "size": "custom",
            "tokens_in": str(generator.randint(1, 50_000)),
            "tokens_out": str(generator.randint(1, 5_000)),
        }
        found.append(world.answers(**given))
    return found


def decided(tables: Tables, pricer: Pricer, asked: Sequence[Answers]) -> list[Outcome]:
    """Return for each set of answers what is recommended and what every option costs."""
    found = []
    for answers in asked:
        scored = cells(tables, answers, pricer)
        needs = tables.needs(scored[0].batch.state(0), Said.of(answers))
        outcome = verdict(scored, tables.rulebook.thresholds)
        found.append((outcome, pricer.detail(needs)))
    return found


def needs_of(world: World, count: int) -> list[Needs]:
    """Return so many needs, no two requests of one size."""
    answers = world.scenarios["hybrid"][0]
    (scored,) = cells(world.tables, answers, world.pricer)
    needs = world.tables.needs(scored.batch.state(0), Said.of(answers))
    return [
        replace(needs.with_tokens(1000.0 + n, 500.0), volume=10_000.0 + n) for n in range(count)
    ]


def test_four_threads_decide_as_one_does(world: World) -> None:
    asked = full_answers(world)
    market, assumptions = world.pricer.market, world.pricer.assumptions
    alone = decided(Tables(world.rulebook), Pricer(market, assumptions), asked)
    tables, shared = Tables(world.rulebook), Pricer(market, assumptions)
    for of_one_thread in in_threads(lambda: decided(tables, shared, asked)):
        wrong = [n for n in range(DECISIONS) if of_one_thread[n] != alone[n]]
        assert wrong == []


def test_threads_that_make_one_another_forget_price_as_one_does(world: World) -> None:
    asked = needs_of(world, 60)
    market, assumptions = world.pricer.market, world.pricer.assumptions
    alone = [Pricer(market, assumptions).expected(needs) for needs in asked]
    # Room for the prices of one or two sizes of request.
    shared = Pricer(market, assumptions, most_bytes=200_000)

    def prices() -> list[tuple[float, ...]]:
        mixed = random.Random().sample(range(len(asked)), len(asked))
        found = {n: shared.expected(asked[n]) for n in mixed for _ in range(2)}
        return [found[n] for n in range(len(asked))]

    assert in_threads(prices) == [alone] * THREADS


def test_a_pricer_keeps_no_more_than_its_room(world: World) -> None:
    pricer = Pricer(world.pricer.market, world.pricer.assumptions)
    asked = needs_of(world, 600)
    pricer.detail(asked[0])
    tracemalloc.start()
    for needs in asked:
        pricer.detail(needs)
    kept_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept_bytes < MOST_BYTES
