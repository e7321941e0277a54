"""Scores of states: a state is one choice for every question, and many are scored at once.

Everything that the pages show is computed here, by the same lines for one state and for thousands:
V_i = Σ_k w_k·v_k(i), v = clip(base + Σ deltas, 0, 100), w_k = s_k/Σs (method, section 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from apps.decision.rulebook import Choice, Parameter, Question, QuestionKind, Rulebook
from apps.decision.vocabulary import CRITERIA, CUSTOM, MODALITY, TIE_ORDER, Criterion
from apps.money.cache import Cache
from apps.money.needs import Needs, RestAt
from apps.money.options import OPTIONS, Option

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Place of an option among equals, in the order of OPTIONS.
TIE_PLACE = np.array([TIE_ORDER.index(option) for option in OPTIONS])
_COST = CRITERIA.index(Criterion.COST)
_HOSTED = OPTIONS.index(Option.HOSTED_OPEN)
_RENTED = OPTIONS.index(Option.SELF_CLOUD)
# A bill below a cent a month is as good as none; keeps the logarithm finite.
_LEAST_USD = 0.01
# The costs that are kept of each pricer, and what one table of them takes beside its numbers.
COSTS_BYTES, _TABLE_BYTES = 1_000_000, 1_000


class Prices(Protocol):
    """Whatever prices the five options for what a state needs."""

    def expected(self, needs: Needs) -> tuple[float, ...]:
        """Return US dollars a month in the order of OPTIONS; NaN where unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Value:
    """The value that a state gives to a question: a choice, a number, or a size in tokens."""

    key: str
    choice: int = -1
    number: float = 0.0
    tokens: tuple[float, float] = (0.0, 0.0)


def values_of(question: Question) -> tuple[Value, ...]:
    """Return the values that stand for 'not sure': every choice, but no custom size.

    Where one choice stands for it, that one alone.
    """
    if question.kind is QuestionKind.NUMBER:
        return tuple(Value(str(n), number=float(n)) for n in question.states)
    if question.when_unsure:
        return (value_of(question, question.when_unsure),)
    return tuple(
        value_of(question, choice.key)
        for choice in question.choices
        if not (question.kind is QuestionKind.SIZE and choice.key == CUSTOM)
    )


def value_of(question: Question, key: str, tokens: tuple[float, float] | None = None) -> Value:
    """Return the value of one answer; a custom size brings its two numbers of tokens."""
    if question.kind is QuestionKind.NUMBER:
        return Value(key, number=float(key))
    place = list(question.by_key).index(key)
    if question.kind is not QuestionKind.SIZE:
        return Value(key, choice=place)
    if key == CUSTOM and tokens is not None:
        return Value(key, choice=place, tokens=(float(tokens[0]), float(tokens[1])))
    parameters = question.choices[place].parameters
    return Value(
        key,
        choice=place,
        tokens=(parameters[Parameter.TOKENS_IN], parameters[Parameter.TOKENS_OUT]),
    )


@dataclass(frozen=True)
class Batch:
    """Many states: for each question the place of a state's value in the list of its values."""

    values: Mapping[str, tuple[Value, ...]]
    places: Mapping[str, Ints]
    size: int

    def state(self, row: int) -> dict[str, Value]:
        """Return one state as the value of each question."""
        return {key: self.values[key][self.places[key][row]] for key in self.values}


@dataclass(frozen=True)
class Scored:
    """The scores of a batch; n states, five options, nine criteria."""

    points: Floats  # (criteria, n): importance s
    values: Floats  # (criteria, n, options): v
    feasible: Bools  # (n, options)
    costs: Floats  # (n, options): US dollars a month

    @cached_property
    def weights(self) -> Floats:
        """Importance as shares: (criteria, n); all 0 where nothing matters."""
        total = self.points.sum(axis=0)
        return np.divide(self.points, total, out=np.zeros_like(self.points), where=total > 0)

    @cached_property
    def contributions(self) -> Floats:
        """The lines that sum to the scores: (criteria, n, options)."""
        lines: Floats = self.weights[:, :, None] * self.values
        return lines

    @cached_property
    def totals(self) -> Floats:
        """The scores V: (n, options), each from 0 to 100."""
        totals: Floats = self.contributions.sum(axis=0)
        return totals

    @cached_property
    def best(self) -> Ints:
        """The place of the winning option in each state, −1 where everything is ruled out."""
        rounded = np.where(self.feasible, np.round(self.totals, 9), -np.inf)
        top = rounded.max(axis=1, keepdims=True)
        place = np.where((rounded == top) & self.feasible, TIE_PLACE, len(OPTIONS)).argmin(axis=1)
        return np.where(self.feasible.any(axis=1), place, -1)

    @cached_property
    def regrets(self) -> Floats:
        """What choosing each option would lose against the winner: (n, options), in points.

        An option that is ruled out loses everything.
        """
        kept = np.where(self.feasible, self.totals, 0.0)
        regrets: Floats = kept.max(axis=1, keepdims=True) - kept
        return regrets


class Tables:
    """A rulebook as arrays, made once for each version."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Turn the effects of the choices into one small table for each question and criterion."""
        self.rulebook = rulebook
        self.questions = tuple(q for q in rulebook.questions if q.kind is not QuestionKind.SEVERAL)
        self._base = np.array(
            [[rulebook.base.get((c, o), 0.0) for o in OPTIONS] for c in CRITERIA], dtype=float
        )
        self._deltas: list[tuple[int, str, Floats]] = []
        self._points: list[tuple[int, str, Floats]] = []
        for question in self.questions:
            for place, criterion in enumerate(CRITERIA):
                self._add(question, place, criterion)
        self._costs_known: WeakKeyDictionary[
            Prices, Cache[tuple[tuple[Value, ...], ...], Floats]
        ] = WeakKeyDictionary()
        self._vetoes = [
            (question.key, choice.key, OPTIONS.index(veto.option), veto.only_if)
            for question in self.questions
            for choice in question.choices
            for veto in choice.vetoes
        ]

    def _add(self, question: Question, place: int, criterion: Criterion) -> None:
        # The extra last row is for a question that a state does not ask.
        rows = [[c.deltas.get((criterion, o), 0.0) for o in OPTIONS] for c in question.choices]
        deltas = np.array([*rows, [0.0] * len(OPTIONS)])
        points = np.array([*(c.points.get(criterion, 0.0) for c in question.choices), 0.0])
        if deltas.any():
            self._deltas.append((place, question.key, deltas))
        if points.any():
            self._points.append((place, question.key, points))

    def score(self, batch: Batch, prices: Prices) -> Scored:
        """Score every state of a batch; the only place where a score is computed."""
        choice = {
            key: np.array([v.choice for v in batch.values[key]])[places]
            for key, places in batch.places.items()
        }
        self._skip_unasked(batch, choice)
        values = np.repeat(self._base[:, None, :], batch.size, axis=1)
        points = np.zeros((len(CRITERIA), batch.size))
        for place, key, deltas in self._deltas:
            values[place] += deltas[choice[key]]
        for place, key, weights in self._points:
            points[place] += weights[choice[key]]
        feasible = self._feasible(batch, choice)
        costs = self._costs(batch, feasible, prices)
        known = ~np.isnan(costs).any(axis=1)
        least = np.fmax(np.fmin.reduce(costs, axis=1), _LEAST_USD)
        ratio = np.fmax(costs, _LEAST_USD) / least[:, None]
        cost_values = 100.0 * np.fmax(0.0, 1.0 - np.log10(ratio))
        spread = costs.max(axis=1) - costs.min(axis=1)
        floor = self.rulebook.cost_floor_usd
        at_stake = np.log10(np.fmax(np.where(known, spread, 0.0), floor) / floor) / 3.0
        # Costs that are not known for every option cannot be compared: they then count nothing.
        values[_COST] = np.where(known[:, None], cost_values, 0.0)
        points[_COST] += self.rulebook.cost_points * np.clip(at_stake, 0.0, 1.0)
        points[_COST] = np.where(known, points[_COST], 0.0)
        return Scored(points, np.clip(values, 0.0, 100.0), feasible, costs)

    def ruled_out_by(self, state: Mapping[str, Value]) -> dict[Option, tuple[tuple[str, str], ...]]:
        """Return R_i of one state: for each option the answers that rule it out."""
        asked = self._asked(state)
        found: dict[Option, dict[tuple[str, str], None]] = {option: {} for option in OPTIONS}
        for key, answer, place, only_if in self._vetoes:
            if key not in asked or state[key].key != answer:
                continue
            if only_if is None:
                found[OPTIONS[place]][key, answer] = None
            elif only_if[0] in asked and state[only_if[0]].key == only_if[1]:
                found[OPTIONS[place]][key, answer] = None
                found[OPTIONS[place]][only_if] = None
        return {option: tuple(answers) for option, answers in found.items()}

    def rules_out(self, key: str, answer: str) -> bool:
        """Tell whether an answer rules anything out."""
        return any(veto[:2] == (key, answer) for veto in self._vetoes)

    def needs(self, state: Mapping[str, Value]) -> Needs:
        """Return what one state asks of the models and the costs."""
        out = {option for option, answers in self.ruled_out_by(state).items() if answers}
        priced = [question for question in self.questions if is_priced(question)]
        return self._needs_of(
            priced,
            [state[question.key] for question in priced],
            _rest_at(Option.HOSTED_OPEN in out, Option.SELF_CLOUD in out),
        )

    def _asked(self, state: Mapping[str, Value]) -> set[str]:
        return {q.key for q in self.questions if q.is_asked(lambda key: state[key].key)}

    def _skip_unasked(self, batch: Batch, choice: dict[str, Ints]) -> None:
        for question in self.questions:
            if not question.asked_if:
                continue
            leads = np.zeros(batch.size, dtype=bool)
            for parent, answers in question.asked_if:
                found = np.array([value.key in answers for value in batch.values[parent]])
                leads |= found[batch.places[parent]]
            choice[question.key] = np.where(leads, choice[question.key], -1)

    def _feasible(self, batch: Batch, choice: Mapping[str, Ints]) -> Bools:
        feasible = np.ones((batch.size, len(OPTIONS)), dtype=bool)
        by_key = self.rulebook.by_key
        for key, answer, option, only_if in self._vetoes:
            hit = choice[key] == list(by_key[key].by_key).index(answer)
            if only_if is not None:
                other = list(by_key[only_if[0]].by_key).index(only_if[1])
                hit = hit & (choice[only_if[0]] == other)
            feasible[hit, option] = False
        return feasible

    def _costs(self, batch: Batch, feasible: Bools, prices: Prices) -> Floats:
        """Price each different set of needs once and hand the costs to the states."""
        priced = [q for q in self.questions if is_priced(q)]
        values = tuple(batch.values[q.key] for q in priced)
        lengths = tuple(len(found) for found in values)
        rest = np.where(feasible[:, _HOSTED], 0, np.where(feasible[:, _RENTED], 1, 2))
        code = np.ravel_multi_index(
            (rest, *(batch.places[q.key] for q in priced)), (len(RestAt), *lengths)
        )
        table = self._known_costs(prices, values, len(RestAt) * prod(lengths))
        missing = np.unique(code[table[code, 0] < 0])
        for one in missing:
            where, *places = np.unravel_index(one, (len(RestAt), *lengths))
            state = [found[place] for found, place in zip(values, places, strict=True)]
            table[one] = prices.expected(self._needs_of(priced, state, tuple(RestAt)[where]))
        return table[code]

    def _known_costs(
        self, prices: Prices, values: tuple[tuple[Value, ...], ...], size: int
    ) -> Floats:
        """Return the costs computed before with these prices, −1 where there are none yet."""
        known = self._costs_known.get(prices)
        if known is None:
            known = self._costs_known.setdefault(prices, Cache(COSTS_BYTES, _table_bytes))
        return known.get(values, lambda: np.full((size, len(OPTIONS)), -1.0))

    def _needs_of(
        self, priced: Sequence[Question], values: Sequence[Value], rest_at: RestAt
    ) -> Needs:
        chosen: list[Choice] = []
        volume, tokens, modality = 0.0, (0.0, 0.0), ""
        for question, value in zip(priced, values, strict=True):
            if question.kind is QuestionKind.NUMBER:
                volume = value.number
                continue
            if question.kind is QuestionKind.SIZE:
                tokens = value.tokens
            elif question.key == MODALITY:
                modality = value.key
            chosen.append(question.choices[value.choice])
        return self._needs(chosen, modality, volume, tokens, rest_at)

    def _needs(
        self,
        chosen: Sequence[Choice],
        modality: str,
        volume: float,
        tokens: tuple[float, float],
        rest_at: RestAt,
    ) -> Needs:
        numbers: dict[Parameter, float] = {}
        for one in chosen:
            numbers.update(one.parameters)
        return Needs(
            tier=int(numbers[Parameter.TIER]),
            rest_tier=int(numbers[Parameter.REST_TIER]),
            hard_share=numbers[Parameter.HARD_SHARE],
            modality=modality,
            volume=volume,
            tokens_in=tokens[0],
            tokens_out=tokens[1],
            peak=numbers[Parameter.PEAK],
            rest_at=rest_at,
        )


def _table_bytes(_: object, costs: Floats) -> int:
    return _TABLE_BYTES + costs.nbytes


def is_priced(question: Question) -> bool:
    """Tell whether the answer to a question changes what the options cost."""
    return (
        question.kind in {QuestionKind.NUMBER, QuestionKind.SIZE}
        or question.key == MODALITY
        or any(choice.parameters for choice in question.choices)
    )


def _rest_at(no_hosted: bool, no_rented: bool) -> RestAt:
    """Return where a hybrid's open part runs: outside unless a must-have keeps it inside."""
    if not no_hosted:
        return RestAt.HOSTED
    return RestAt.OWNED if no_rented else RestAt.RENTED


def close_weights(scored: Scored) -> tuple[tuple[Criterion, float, Option], ...]:
    """Return for each criterion the smallest change of its points that ties the leader with j.

    Of the first state of a batch; δ_k = −(S_i − S_j)/(v_k(i) − v_k(j)) with S = Σ s·v, kept where
    s_k + δ_k ≥ 0; the smallest |δ| comes first. Empty where nothing or one option is feasible.
    """
    leader = int(scored.best[0])
    if leader < 0:
        return ()
    sums = (scored.points[:, 0, None] * scored.values[:, 0]).sum(axis=0)
    found: dict[Criterion, tuple[float, Option]] = {}
    for other, option in enumerate(OPTIONS):
        if other == leader or not scored.feasible[0, other]:
            continue
        for place, criterion in enumerate(CRITERIA):
            gap = scored.values[place, 0, leader] - scored.values[place, 0, other]
            if gap == 0:
                continue
            change = float(-(sums[leader] - sums[other]) / gap)
            if scored.points[place, 0] + change < 0:
                continue
            if criterion not in found or abs(change) < abs(found[criterion][0]):
                found[criterion] = (change, option)
    ordered = sorted(found.items(), key=lambda item: (abs(item[1][0]), item[0]))
    return tuple((criterion, change, option) for criterion, (change, option) in ordered)
