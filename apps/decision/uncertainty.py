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
from apps.decision.rulebook import Question, QuestionKind, Thresholds
from apps.decision.scoring import (
    TIE_PLACE,
    Batch,
    Prices,
    Said,
    Scored,
    Tables,
    Value,
    joined,
    value_of,
    values_of,
)
from apps.decision.vocabulary import UNSURE
from apps.money.arrays import Floats, Ints
from apps.money.options import GROUPS, OPTIONS, Group, Option

MOST_STATES = 4096
# Where must-haves are unknown, the conditions divide the states among them, but for so many each.
LEAST_STATES = 512
# Of many sets of answers that are scored together each has room for so many.
LEAST_OF_MANY = 128
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
    weight: float  # how common the condition is
    batch: Batch
    scored: Scored
    complete: bool  # every state was looked at, none was sampled

    @cached_property
    def acceptability(self) -> Floats:
        """Share of the states in which each option is best."""
        return shares(self.scored.best, self.batch.weights)

    @cached_property
    def lead(self) -> Lead:
        """What wins under the condition."""
        return lead(self.acceptability, lambda: self.batch.weights @ self.scored.regrets)


class Won(Protocol):
    """What wins under one condition."""

    @property
    def condition(self) -> Condition:
        """The answers to unknown must-haves."""
        ...

    @property
    def weight(self) -> float:
        """How common the condition is; those of all conditions sum to 1."""
        ...

    @property
    def acceptability(self) -> Floats:
        """Share of the states in which each option is best."""
        ...

    @property
    def lead(self) -> Lead:
        """What wins most of the states."""
        ...


def shares(best: Ints, weights: Floats) -> Floats:
    """Return the share of states that each option wins."""
    won_by = best >= 0
    found = np.bincount(best[won_by], weights=weights[won_by], minlength=len(OPTIONS))
    result: Floats = found / weights.sum()
    return result


def lead(acceptability: Floats, regrets: Callable[[], Floats]) -> Lead:
    """Return the best group, then the best option in it; ties go to the lower mean regret.

    Takes the share of states that each option wins, and a way to get what each loses on average,
    which is asked only where there is a tie.
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
        regret = np.round(regrets(), 9)
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


def share_of(question: Question, value: Value) -> float:
    """Return how common an answer is among teams, before those of the question sum to 1."""
    if question.kind is QuestionKind.NUMBER:
        known = dict(zip(map(str, question.states), question.state_shares, strict=False))
        return known.get(value.key, 1.0)
    share = question.by_key[value.key].share
    return 1.0 if share is None else share


@dataclass(frozen=True)
class Unscored:
    """The states under one condition, before they are scored."""

    condition: Condition
    weight: float
    batch: Batch
    complete: bool


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
    for one in _unscored(tables, answers, first):
        yield _cell(one, tables.score(one.batch, prices))


def cells_of_each(
    tables: Tables, asked: Sequence[Answers], prices: Prices, most_work: int
) -> list[tuple[Cell, ...]]:
    """Return the cells of many sets of answers, scored together as far as room allows.

    All together have about `most_work` states: where each had more, it has a smaller sample.
    """
    most = max(LEAST_OF_MANY, most_work // max(1, len(asked)))
    found = [tuple(_unscored(tables, answers, most=most)) for answers in asked]
    scores = _scored_together(tables, [one.batch for cells in found for one in cells], prices)
    return [tuple(_cell(one, next(scores)) for one in cells) for cells in found]


def _scored_together(tables: Tables, batches: Sequence[Batch], prices: Prices) -> Iterator[Scored]:
    """Yield the scores of each batch; neighbours of one kind are scored as one batch."""
    waiting: list[Batch] = []
    for batch in batches:
        full = sum(one.size for one in waiting) + batch.size > MOST_STATES
        if waiting and (full or batch.said != waiting[0].said):
            yield from _split(tables, waiting, prices)
            waiting = []
        waiting.append(batch)
    if waiting:
        yield from _split(tables, waiting, prices)


def _split(tables: Tables, batches: Sequence[Batch], prices: Prices) -> Iterator[Scored]:
    scored, first = tables.score(joined(batches), prices), 0
    for batch in batches:
        yield scored.rows(first, first + batch.size)
        first += batch.size


def _cell(one: Unscored, scored: Scored) -> Cell:
    return Cell(one.condition, one.weight, one.batch, scored, one.complete)


def _unscored(
    tables: Tables, answers: Answers, first: Sequence[str] = (), most: int = MOST_STATES
) -> Iterator[Unscored]:
    unsure = unsure_questions(tables, answers)
    unknown_vetoes = [q for q in unsure if any(choice.vetoes for choice in q.choices)]
    conditions = tuple(
        product(*([(q.key, group) for group in veto_groups(q)] for q in unknown_vetoes))
    )
    most = min(most, max(LEAST_STATES, MOST_STATES // len(conditions)))
    for condition in conditions:
        yield _states(tables, answers, unsure, condition, first, most)


def _states(
    tables: Tables,
    answers: Answers,
    unsure: Sequence[Question],
    condition: Condition,
    first: Sequence[str],
    most: int,
) -> Unscored:
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
    weights = {key: _shares(tables.rulebook.by_key[key], values[key]) for key in order}
    places, sizes, complete = _places(weights, answers, most)
    batch = Batch(values, places, sizes, Said.of(answers))
    return Unscored(condition, _condition_weight(tables, condition), batch, complete)


def _shares(question: Question, values: Sequence[Value]) -> Floats:
    found = np.array([share_of(question, value) for value in values])
    result: Floats = found / found.sum()
    return result


def _condition_weight(tables: Tables, condition: Condition) -> float:
    weight = 1.0
    for key, group in condition:
        question = tables.rulebook.by_key[key]
        values = values_of(question)
        shares_ = _shares(question, values)
        weight *= sum(
            float(share) for value, share in zip(values, shares_, strict=True) if value.key in group
        )
    return weight


def _places(
    shares: Mapping[str, Floats], answers: Answers, most: int
) -> tuple[dict[str, Ints], Floats, bool]:
    """Return every combination with its share, or of more than `most` a balanced sample.

    The sample is drawn from the answers themselves, so that the same page never flickers; each
    value of a question occurs as often as its share says, as far as whole states allow.
    """
    lengths = {key: found.size for key, found in shares.items()}
    size = prod(lengths.values())
    if size <= most:
        grid = np.indices(tuple(lengths.values())).reshape(len(lengths), -1).astype(np.int64)
        weights = np.ones(size)
        for key, row in zip(lengths, grid, strict=True):
            if lengths[key] > 1:
                weights = weights * shares[key][row]
        return dict(zip(lengths, grid, strict=True)), weights, True
    generator = np.random.default_rng(_seed(answers))
    places = {}
    steps = (np.arange(most) + 0.5) / most
    for key in sorted(lengths):
        even = np.searchsorted(np.cumsum(shares[key])[:-1], steps, side="right").astype(np.int64)
        places[key] = generator.permutation(even) if lengths[key] > 1 else even
    return places, np.full(most, 1 / most), False


def _seed(answers: Answers) -> int:
    known = sorted((key, value) for key, value in answers.choices.items() if value != UNSURE)
    return int.from_bytes(hashlib.sha256(repr(known).encode()).digest()[:8])


def won(cells: Sequence[Won]) -> Floats:
    """Return the share of all states that each option wins, each must-have by its share."""
    return _weighed([cell.acceptability for cell in cells], cells)


def _weighed(parts: Sequence[Floats], cells: Sequence[Won]) -> Floats:
    if len(parts) == 1:
        return parts[0]
    total = sum(cell.weight for cell in cells)
    weights = [cell.weight / total for cell in cells]
    result: Floats = np.sum([p * w for p, w in zip(parts, weights, strict=True)], axis=0)
    return result


def mean(cells: Sequence[Cell], of: str) -> Floats:
    """Return the mean of a quantity of `Scored` over all states, each by its share.

    For `points` and `weights` (criteria), `values` and `contributions` (criteria, options) and
    `totals` (options).
    """
    parts = []
    for cell in cells:
        table: Floats = getattr(cell.scored, of)
        by = cell.batch.weights / cell.batch.weights.sum()
        parts.append(np.tensordot(table, by, axes=(0 if of == "totals" else 1, 0)))
    result = _weighed(parts, cells)
    # A mean of values that are all 100 must not come out a little above it.
    return np.clip(result, 0.0, 100.0) if of in {"totals", "values"} else result
