"""Answers that are not sure: every state stays possible, and no unknown veto is averaged over."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product
from math import prod
from typing import Protocol

import numpy as np

from apps.decision.answers import Answers, applies
from apps.decision.rulebook import Question, Thresholds
from apps.decision.scoring import (
    TIE_PLACE,
    Batch,
    Floats,
    Ints,
    Prices,
    Scored,
    Tables,
    Value,
    value_of,
    values_of,
)
from apps.decision.vocabulary import UNSURE
from apps.money.options import GROUPS, OPTIONS, Group, Option

MOST_STATES = 4096
# Where the options of each group stand among OPTIONS.
PLACES = {
    group: [place for place, option in enumerate(OPTIONS) if option.group is group]
    for group in GROUPS
}


class Strength(StrEnum):
    """How sure a recommendation is."""

    ROBUST = "robust"
    LIKELY = "likely"
    LEANING = "leaning"
    NONE = "none"
    SPLIT = "split"
    CONFLICT = "conflict"


# A condition: for a question, the answers that are decided together.
Condition = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """The best group and the best option in it, with the share of states that each wins."""

    option: Option | None
    share: float
    option_share: float

    @property
    def group(self) -> Group | None:
        """The group of the option; None where everything is ruled out."""
        return self.option.group if self.option else None


@dataclass(frozen=True)
class Cell:
    """The states under one condition: what is decided together."""

    condition: Condition
    batch: Batch
    scored: Scored
    complete: bool  # every state was looked at, none was sampled

    @cached_property
    def acceptability(self) -> Floats:
        """Share of the states in which each option is best."""
        return shares(self.scored.best)

    @cached_property
    def lead(self) -> Lead:
        """What wins under the condition."""
        return lead(self.acceptability, lambda: self.scored.regrets)


class Won(Protocol):
    """What wins under one condition."""

    @property
    def condition(self) -> Condition:
        """The answers to unknown must-haves."""
        ...

    @property
    def acceptability(self) -> Floats:
        """Share of the states in which each option is best."""
        ...

    @property
    def lead(self) -> Lead:
        """What wins most of the states."""
        ...


def shares(best: Ints) -> Floats:
    """Return the share of states that each option wins."""
    counts = np.bincount(best[best >= 0], minlength=len(OPTIONS))
    result: Floats = counts / max(len(best), 1)
    return result


def lead(acceptability: Floats, regrets: Callable[[], Floats]) -> Lead:
    """Return the best group, then the best option in it; ties go to the lower mean regret.

    Takes the share of states that each option wins, and a way to get what each loses in each
    state, which is asked only where there is a tie.
    """
    acceptability = np.round(acceptability, 12)
    wins = {
        group: round(float(acceptability[places].sum()), 12) for group, places in PLACES.items()
    }
    most = max(wins.values())
    if most == 0:
        return Lead(None, 0.0, 0.0)
    leading = [group for group in GROUPS if wins[group] == most]
    equal = [
        place
        for group in leading
        for place in PLACES[group]
        if acceptability[place] == acceptability[PLACES[group]].max()
    ]
    chosen = equal[0]
    if len(equal) > 1:
        regret = np.round(regrets().mean(axis=0), 9)
        chosen = min(equal, key=lambda place: (regret[place], TIE_PLACE[place]))
    return Lead(OPTIONS[chosen], most, float(acceptability[chosen]))


def strength(lead: Lead, thresholds: Thresholds) -> Strength:
    """Return how sure a lead is, by the share of states that its group wins."""
    if lead.option is None:
        return Strength.CONFLICT
    share = lead.share
    if share >= thresholds.robust:
        return Strength.ROBUST
    if share >= thresholds.likely:
        return Strength.LIKELY
    return Strength.LEANING if share >= thresholds.leaning else Strength.NONE


def unsure_questions(tables: Tables, answers: Answers) -> tuple[Question, ...]:
    """Return the questions whose answer is not known, where they are asked at all."""
    return tuple(
        question
        for question in tables.questions
        if not answers.is_known(question.key) and applies(question, answers)
    )


def veto_groups(question: Question) -> tuple[tuple[str, ...], ...]:
    """Return the choices of a question, those that rule out the same together."""
    groups: dict[object, list[str]] = {}
    for choice in question.choices:
        groups.setdefault(frozenset(choice.vetoes), []).append(choice.key)
    return tuple(tuple(keys) for keys in groups.values())


def cells(
    tables: Tables, answers: Answers, prices: Prices, first: Sequence[str] = ()
) -> tuple[Cell, ...]:
    """Score every state that the answers leave, apart for each unknown veto.

    Questions named in `first` vary slowest, so that a batch can be folded by them.
    """
    return tuple(each_cell(tables, answers, prices, first))


def each_cell(
    tables: Tables, answers: Answers, prices: Prices, first: Sequence[str] = ()
) -> Iterator[Cell]:
    """Yield the same cells, each scored when it is asked for."""
    unsure = unsure_questions(tables, answers)
    unknown_vetoes = [q for q in unsure if any(choice.vetoes for choice in q.choices)]
    conditions = product(
        *([(question.key, group) for group in veto_groups(question)] for question in unknown_vetoes)
    )
    for condition in conditions:
        yield _cell(tables, answers, prices, unsure, condition, first)


def _cell(
    tables: Tables,
    answers: Answers,
    prices: Prices,
    unsure: Sequence[Question],
    condition: Condition,
    first: Sequence[str],
) -> Cell:
    given = dict(condition)
    values: dict[str, tuple[Value, ...]] = {}
    for question in tables.questions:
        if question in unsure:
            values[question.key] = tuple(
                value
                for value in values_of(question)
                if question.key not in given or value.key in given[question.key]
            )
        elif answers.is_known(question.key):
            value = value_of(question, answers.get(question.key), answers.tokens)
            values[question.key] = (value,)
        else:
            values[question.key] = values_of(question)[:1]
    for question in tables.questions:
        # A question that no state of this cell asks adds no states.
        if question.asked_if and not any(
            value.key in asking for parent, asking in question.asked_if for value in values[parent]
        ):
            values[question.key] = values[question.key][:1]
    order = sorted(values, key=lambda key: list(first).index(key) if key in first else len(first))
    places, size, complete = _places({key: len(values[key]) for key in order}, answers)
    batch = Batch(values, places, size)
    return Cell(condition, batch, tables.score(batch, prices), complete)


def _places(lengths: Mapping[str, int], answers: Answers) -> tuple[dict[str, Ints], int, bool]:
    """Return every combination, or where there are too many, a balanced sample.

    The sample is drawn from the answers themselves, so that the same page never flickers; each
    value of a question occurs equally often, as far as the numbers allow.
    """
    size = prod(lengths.values())
    if size <= MOST_STATES:
        grid = np.indices(tuple(lengths.values())).reshape(len(lengths), -1)
        return dict(zip(lengths, grid.astype(np.int64), strict=True)), size, True
    generator = np.random.default_rng(_seed(answers))
    places = {}
    for key in sorted(lengths):
        even = np.arange(MOST_STATES) % lengths[key]
        places[key] = generator.permutation(even) if lengths[key] > 1 else even
    return places, MOST_STATES, False


def _seed(answers: Answers) -> int:
    known = sorted((key, value) for key, value in answers.choices.items() if value != UNSURE)
    return int.from_bytes(hashlib.sha256(repr(known).encode()).digest()[:8])


def won(cells: Sequence[Won]) -> Floats:
    """Return the share of all states that each option wins, each veto answer equally likely."""
    return _each_answer_alike([cell.acceptability for cell in cells], cells)


def _each_answer_alike(parts: Sequence[Floats], cells: Sequence[Won]) -> Floats:
    sizes = [prod(len(group) for _, group in cell.condition) for cell in cells]
    total = sum(sizes)
    result: Floats = np.sum([p * (n / total) for p, n in zip(parts, sizes, strict=True)], axis=0)
    return result


def mean(cells: Sequence[Cell], of: str) -> Floats:
    """Return the mean of a quantity of `Scored` over all states, each veto answer equally likely.

    For `weights` (criteria), `values` and `contributions` (criteria, options) and `totals`
    (options).
    """
    tables: list[Floats] = [getattr(cell.scored, of) for cell in cells]
    parts = [table.mean(axis=0 if of == "totals" else 1) for table in tables]
    result = _each_answer_alike(parts, cells)
    # A mean of values that are all 100 must not come out a little above it.
    return np.clip(result, 0.0, 100.0) if of in {"totals", "values"} else result
