"""States at random: an answer to every question, alone and many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from random import Random
from types import MappingProxyType

import numpy as np
from hypothesis import strategies as st

from apps.decision.rulebook import Question, QuestionKind
from apps.decision.scoring import Batch, Said, Value, value_of, values_of
from apps.decision.vocabulary import CUSTOM
from apps.money.choice import Chosen, Demand
from apps.money.pricing import Pricer
from tests import method
from tests.world import World

# Each question with one answer, and the answers that stand for it where it is open.
SINGLE = {
    key: tuple(words.split()) for key, words in method.CHOICES.items() if key not in method.SEVERAL
}
SINGLE["volume"] = ("1000", "10000", "100000", "1000000", "10000000")
SINGLE["size"] = ("short", "chat", "document")

# One answer to each question of one answer, whether or not the others lead to it.
whole_states = st.fixed_dictionaries({key: st.sampled_from(SINGLE[key]) for key in SINGLE})
several = st.fixed_dictionaries(
    {
        key: st.lists(st.sampled_from(method.CHOICES[key].split()), max_size=2, unique=True).map(
            lambda found: tuple(sorted(found)) if "none" not in found else ("none",)
        )
        for key in method.SEVERAL
    }
)


def said(**named: Sequence[str]) -> Said:
    """Return what questions with several answers name."""
    given = {key: tuple(values) for key, values in named.items() if values}
    return Said(MappingProxyType(given))


def every_value(question: Question) -> tuple[Value, ...]:
    """Return a value for each choice but a custom size, those too that are never assumed."""
    if question.kind is QuestionKind.NUMBER:
        return values_of(question)
    return tuple(value_of(question, c.key) for c in question.choices if c.key != CUSTOM)


def state_of(world: World, answers: Mapping[str, str]) -> dict[str, Value]:
    """Return a state from an answer to each question."""
    return {q.key: value_of(q, answers[q.key]) for q in world.tables.questions}


def sampled(world: World, count: int, seed: int, **fixed: tuple[str, ...]) -> Batch:
    """Return states at random, the product of what is fixed with each."""
    random = Random(seed)
    values = {q.key: every_value(q) for q in world.tables.questions}
    combos = list(product(*fixed.values()))
    places: dict[str, list[int]] = {key: [] for key in values}
    for _ in range(count):
        drawn = {key: random.randrange(len(found)) for key, found in values.items()}
        for combo in combos:
            state = drawn | {
                key: [value.key for value in values[key]].index(word)
                for key, word in zip(fixed, combo, strict=True)
            }
            for key, place in state.items():
                places[key].append(place)
    size = count * len(combos)
    arrays = {key: np.array(found) for key, found in places.items()}
    return Batch(values, arrays, np.full(size, 1 / size), _some_said(random))


def _some_said(random: Random) -> Said:
    return said(
        terms=random.sample(method.CHOICES["terms"].split(), random.randrange(3)),
        cloud=random.sample(method.CHOICES["cloud"].split(), random.randrange(3)),
        rules=random.sample(["gdpr", "hipaa", "finance"], random.randrange(3)),
    )


def words(batch: Batch, row: int) -> dict[str, str]:
    """Return one state as the word of each answer."""
    return {key: value.key for key, value in batch.state(row).items()}


class Recorded:
    """The real prices, with what was asked of them and chosen last."""

    def __init__(self, pricer: Pricer) -> None:
        self._pricer = pricer
        self.chosen: Chosen | None = None

    def choose(self, demand: Demand) -> Chosen:
        """Choose, and remember it."""
        self.chosen = self._pricer.choose(demand)
        return self.chosen


class OneDearer:
    """The real prices with the models that they choose, but one option costs some times more."""

    def __init__(self, pricer: Pricer, option: int, factor: float) -> None:
        self._pricer, self._option, self._factor = pricer, option, factor

    def choose(self, demand: Demand) -> Chosen:
        """Choose, then make one option dearer."""
        chosen = self._pricer.choose(demand)
        usd = chosen.usd.copy()
        usd[:, self._option] *= self._factor
        return replace(chosen, usd=usd)
