"""Scores of states: a state is one choice for every question, and many are scored at once.

Everything that the pages show is computed here, by the same lines for one state and for thousands:
V_i = Σ_k w_k·v_k(i), v = clip(base + Σ deltas, 0, 100), w_k = s_k/Σs (method, section 4).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

import numpy as np

from apps.decision.answers import Answers
from apps.decision.rulebook import Combine, HostClause, Parameter, Question, QuestionKind, Rulebook
from apps.decision.vocabulary import (
    CRITERIA,
    CUSTOM,
    HARDWARE,
    MODALITY,
    TIE_ORDER,
    UNSURE,
    Criterion,
)
from apps.money.arrays import Bools, Floats, Ints
from apps.money.choice import Chosen, Demand
from apps.money.needs import (
    TO_BE_BOUGHT,
    Ask,
    HostNeeds,
    Level,
    Needs,
    RestAt,
    Stakes,
)
from apps.money.options import OPTIONS, Option
from apps.money.overrides import AT
from apps.money.work import REST_KINDS, SINGLE_KINDS
from apps.money.yardstick import Scale

# Place of an option among equals, in the order of OPTIONS.
TIE_PLACE = np.array([TIE_ORDER.index(option) for option in OPTIONS])
_PLACE = {option: place for place, option in enumerate(OPTIONS)}
_CRITERION = {criterion: place for place, criterion in enumerate(CRITERIA)}
_CAPABILITY, _COST = _CRITERION[Criterion.CAPABILITY], _CRITERION[Criterion.COST]
_CLOSED, _HYBRID = _PLACE[Option.CLOSED_API], _PLACE[Option.HYBRID]
_HOSTED, _RENTED = _PLACE[Option.HOSTED_OPEN], _PLACE[Option.SELF_CLOUD]
# Where the option stands on which the rest of a hybrid runs, in the order of RestAt.
_REST_PLACES = np.array(
    [
        next(_PLACE[option] for option, kind in SINGLE_KINDS.items() if kind is REST_KINDS[rest])
        for rest in RestAt
    ]
)
# What a hybrid has of the worse of its two parts, and what it has of its rest alone.
_OF_BOTH = tuple(
    _CRITERION[c] for c in (Criterion.OPERATIONS, Criterion.SPEED, Criterion.ELASTICITY)
)
_OF_REST = (_CRITERION[Criterion.CUSTOMISATION],)
# What a parameter is where no answer gives it.
_DEFAULTS = {
    Parameter.REASONING: 1.0,
    Parameter.STAFFING: 1.0,
    Parameter.STARTS_IN: 0.0,
    Parameter.TUNED: 0.0,
    Parameter.SENSITIVE: 0.0,
    Parameter.PEAK: 1.0,
    Parameter.HARD_SHARE: 0.0,
}


class Prices(Protocol):
    """Whatever chooses and prices the five options for what states need."""

    def choose(self, demand: Demand) -> Chosen:
        """Return what stands for each option in each state, and its US dollars a month."""
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

    A question that says what to take where it is not answered has that value alone.
    """
    if question.when_unsure:
        return (value_of(question, question.when_unsure),)
    if question.kind is QuestionKind.NUMBER:
        return tuple(Value(str(n), number=float(n)) for n in question.states)
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
class Said:
    """What was said beside the values of a state: questions with several answers, the start.

    `starts_now` tells that a day was named: prices then count from that day on.
    """

    several: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    starts_now: bool = False

    @classmethod
    def of(cls, answers: Answers) -> "Said":
        """Return what answers say beside the values of a state."""
        return cls(answers.several, AT in answers.overrides)

    def named(self, key: str) -> tuple[str, ...]:
        """Return what a question with several answers names; 'none' and 'unsure' name nothing."""
        return tuple(v for v in self.several.get(key, ()) if v not in {UNSURE, "none"})


@dataclass(frozen=True)
class Batch:
    """Many states: for each question the place of a state's value in the list of its values.

    `weights` are the states' shares, which sum to 1.
    """

    values: Mapping[str, tuple[Value, ...]]
    places: Mapping[str, Ints]
    weights: Floats
    said: Said

    @property
    def size(self) -> int:
        """How many states there are."""
        return self.weights.size

    def state(self, row: int) -> dict[str, Value]:
        """Return one state as the value of each question."""
        return {key: self.values[key][self.places[key][row]] for key in self.values}

    @classmethod
    def of(cls, state: Mapping[str, Value], said: Said) -> "Batch":
        """Return a batch of one state."""
        first = np.zeros(1, dtype=np.int64)
        values = {key: (value,) for key, value in state.items()}
        return cls(values, dict.fromkeys(state, first), np.ones(1), said)


def joined(batches: Sequence[Batch]) -> Batch:
    """Return all states of several batches, in order; what was said must be the same."""
    values: dict[str, tuple[Value, ...]] = {}
    places: dict[str, Ints] = {}
    for key in batches[0].values:
        known = {value: place for place, value in enumerate(batches[0].values[key])}
        columns = [batches[0].places[key]]
        for batch in batches[1:]:
            moved = [known.setdefault(value, len(known)) for value in batch.values[key]]
            columns.append(np.array(moved)[batch.places[key]])
        values[key], places[key] = tuple(known), np.concatenate(columns)
    weights = np.concatenate([batch.weights for batch in batches])
    return Batch(values, places, weights, batches[0].said)


@dataclass(frozen=True)
class Scored:
    """The scores of a batch; n states, five options, nine criteria."""

    points: Floats  # (criteria, n): importance s
    values: Floats  # (criteria, n, options): v
    feasible: Bools  # (n, options)
    costs: Floats  # (n, options): US dollars a month

    def rows(self, first: int, last: int) -> "Scored":
        """Return the scores of some states."""
        of = slice(first, last)
        return Scored(self.points[:, of], self.values[:, of], self.feasible[of], self.costs[of])

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
        self.scale = Scale(
            cost_points=rulebook.cost_points,
            cost_floor_usd=rulebook.cost_floor_usd,
            capability_floor=rulebook.capability_floor,
            rest_floor=rulebook.rest_floor,
            hybrid=rulebook.hybrid_capability,
        )
        self._base = np.array(
            [[rulebook.base.get((c, o), 0.0) for o in OPTIONS] for c in CRITERIA], dtype=float
        )
        self._deltas: list[tuple[int, str, Floats]] = []
        self._points: list[tuple[int, str, Floats]] = []
        for question in self.questions:
            for place, criterion in enumerate(CRITERIA):
                self._add(question, place, criterion)
        self._parameters = {p: tuple(self._columns(p)) for p in Parameter}
        self.asks_hosts = {q.key for q in rulebook.questions if any(c.requires for c in q.choices)}
        self._asking = tuple(self._asking_questions())
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

    def _columns(self, parameter: Parameter) -> Iterator[tuple[str, Floats]]:
        for question in self.questions:
            column = [c.parameters.get(parameter, np.nan) for c in question.choices]
            if not np.isnan(column).all():
                yield question.key, np.array([*column, np.nan])

    def _asking_questions(self) -> Iterator[Question]:
        """Yield the questions whose answers say what is asked of models and hosts.

        With those that decide whether one of them is asked at all.
        """
        numbers = {Parameter.REASONING, Parameter.TUNED, Parameter.STARTS_IN}
        asking = {
            question.key
            for question in self.rulebook.questions
            if question.kind is QuestionKind.SIZE
            or question.key in {MODALITY, HARDWARE}
            or any(c.requires or numbers & c.parameters.keys() for c in question.choices)
        }
        for question in reversed(self.rulebook.questions):
            if question.key in asking:
                asking |= {parent for parent, _ in question.asked_if}
        yield from (question for question in self.questions if question.key in asking)

    def score(self, batch: Batch, prices: Prices) -> Scored:
        """Score every state of a batch; the only place where a score is computed."""
        choice = self._choices(batch)
        points = self._points_of(choice, batch.size)
        feasible = self._feasible(batch, choice)
        demand = self._demand(batch, choice, points, feasible)
        chosen = prices.choose(demand)
        values = np.repeat(self._base[:, None, :], batch.size, axis=1)
        for place, key, deltas in self._deltas:
            values[place] += deltas[choice[key]]
        values[_CAPABILITY] += 100.0 * chosen.ratio
        values[_COST], points[_COST] = chosen.cost_values, chosen.cost_points
        values = np.clip(values, 0.0, 100.0)
        self._follow_parts(values, demand.rest_at)
        return Scored(points, values, feasible, chosen.usd)

    def _follow_parts(self, values: Floats, rest_at: Ints) -> None:
        """Give the hybrid what its parts have, less what running two costs (section 4)."""
        rows, rest = np.arange(rest_at.size), _REST_PLACES[rest_at]
        penalty = self.rulebook.hybrid_penalty
        for place in _OF_BOTH:
            worse = np.minimum(values[place, :, _CLOSED], values[place, rows, rest])
            values[place, :, _HYBRID] = np.fmax(worse - penalty, 0.0)
        for place in _OF_REST:
            values[place, :, _HYBRID] = np.fmax(values[place, rows, rest] - penalty, 0.0)

    def _choices(self, batch: Batch) -> dict[str, Ints]:
        """Return each question's choice in each state, −1 where it is not asked or has none."""
        choice = {
            key: np.array([v.choice for v in batch.values[key]])[places]
            for key, places in batch.places.items()
        }
        for question in self.questions:
            if question.asked_if:
                leads = np.zeros(batch.size, dtype=bool)
                for parent, answers in question.asked_if:
                    leading = np.array([value.key in answers for value in batch.values[parent]])
                    leads |= leading[batch.places[parent]]
                choice[question.key] = np.where(leads, choice[question.key], -1)
        return choice

    def _points_of(self, choice: Mapping[str, Ints], size: int) -> Floats:
        points = np.zeros((len(CRITERIA), size))
        for place, key, weights in self._points:
            points[place] += weights[choice[key]]
        return points

    def _parameter(self, parameter: Parameter, choice: Mapping[str, Ints], size: int) -> Floats:
        """Return what the answers give for a parameter; the staffing of several multiplies."""
        found: Floats = np.full(size, _DEFAULTS.get(parameter, np.nan))
        for key, column in self._parameters[parameter]:
            given = column[choice[key]]
            if parameter is Parameter.STAFFING:
                given = given * found
            found = np.where(np.isnan(given), found, given)
        return found

    def _demand(
        self, batch: Batch, choice: Mapping[str, Ints], points: Floats, feasible: Bools
    ) -> Demand:
        """Return what the states ask of models and costs."""
        size = batch.size
        hosts = _Hosts(self, batch.said)
        numbers = {p: self._parameter(p, choice, size) for p in Parameter}
        rest_at = np.where(feasible[:, _HOSTED], 0, np.where(feasible[:, _RENTED], 1, 2))
        rows, ask_of = self._unique(batch)
        return Demand(
            asks=[self._ask(batch, choice, numbers, row, hosts) for row in rows.tolist()],
            ask_of=ask_of,
            volume=self._volumes(batch),
            peak=numbers[Parameter.PEAK],
            staffing=numbers[Parameter.STAFFING],
            difficulty=numbers[Parameter.DIFFICULTY],
            slope=numbers[Parameter.SLOPE],
            easier_difficulty=numbers[Parameter.REST_DIFFICULTY],
            easier_slope=numbers[Parameter.REST_SLOPE],
            hard_share=numbers[Parameter.HARD_SHARE],
            keeps_inside=(rest_at > 0) & (numbers[Parameter.SENSITIVE] > 0),
            sensitive=np.zeros(size),
            rest_at=rest_at,
            capability_points=points[_CAPABILITY],
            cost_points=points[_COST],
        )

    def _volumes(self, batch: Batch) -> Floats:
        for question in self.questions:
            if question.kind is QuestionKind.NUMBER:
                numbers = np.array([value.number for value in batch.values[question.key]])
                found: Floats = numbers[batch.places[question.key]]
                return found
        return np.zeros(batch.size)

    def _unique(self, batch: Batch) -> tuple[Ints, Ints]:
        """Return a row for each different ask, and for each state the place of its ask."""
        if batch.size == 1:
            return np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
        keys = [question.key for question in self._asking]
        lengths = tuple(len(batch.values[key]) for key in keys)
        code = np.ravel_multi_index(tuple(batch.places[key] for key in keys), lengths)
        _, rows, ask_of = np.unique(code, return_index=True, return_inverse=True)
        return rows, ask_of

    def _ask(
        self,
        batch: Batch,
        choice: Mapping[str, Ints],
        numbers: Mapping[Parameter, Floats],
        row: int,
        hosts: "_Hosts",
    ) -> Ask:
        state = {q.key: batch.values[q.key][batch.places[q.key][row]] for q in self._asking}
        tokens, hardware = (0.0, 0.0), TO_BE_BOUGHT
        for question in self._asking:
            if question.kind is QuestionKind.SIZE:
                tokens = state[question.key].tokens
            elif question.key == HARDWARE and choice[HARDWARE][row] >= 0:
                hardware = state[HARDWARE].key
        return Ask(
            modality=state[MODALITY].key,
            tokens_in=tokens[0],
            tokens_out=tokens[1],
            reasoning=float(numbers[Parameter.REASONING][row]),
            hosts=hosts.needs(state),
            tuned=bool(numbers[Parameter.TUNED][row]),
            hardware=hardware,
            starts_in=0.0 if batch.said.starts_now else float(numbers[Parameter.STARTS_IN][row]),
        )

    def host_needs(self, state: Mapping[str, Value], said: Said) -> HostNeeds:
        """Return what hosts must offer in a state: of each clause one fact (section 3)."""
        clauses: list[frozenset[str]] = []
        for question in self.rulebook.questions:
            if not (question.key in self.asks_hosts and self._is_asked(question, state)):
                continue
            if question.kind is not QuestionKind.SEVERAL:
                chosen = question.by_key[state[question.key].key]
                clauses += _clauses(chosen.requires, said)
                continue
            named = [question.by_key[key] for key in said.named(question.key)]
            several = [clause for one in named for clause in _clauses(one.requires, said)]
            if question.combine is Combine.ANY and several:
                several = [frozenset().union(*several)]
            clauses += several
        return frozenset(clauses)

    def _is_asked(self, question: Question, state: Mapping[str, Value]) -> bool:
        return not question.asked_if or any(
            parent in state and state[parent].key in answers
            for parent, answers in question.asked_if
        )

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

    def needs(self, state: Mapping[str, Value], said: Said) -> Needs:
        """Return what one state asks of the models and the costs."""
        batch = Batch.of(state, said)
        choice = self._choices(batch)
        points = self._points_of(choice, 1)
        demand = self._demand(batch, choice, points, self._feasible(batch, choice))
        return Needs(
            ask=demand.asks[0],
            hardest=Level(float(demand.difficulty[0]), float(demand.slope[0])),
            easier=Level(float(demand.easier_difficulty[0]), float(demand.easier_slope[0])),
            hard_share=float(demand.hard_share[0]),
            volume=float(demand.volume[0]),
            peak=float(demand.peak[0]),
            rest_at=tuple(RestAt)[int(demand.rest_at[0])],
            keeps_inside=bool(demand.keeps_inside[0]),
            staffing=float(demand.staffing[0]),
            stakes=Stakes(float(demand.capability_points[0]), float(demand.cost_points[0])),
        )

    def _asked(self, state: Mapping[str, Value]) -> set[str]:
        return {question.key for question in self.questions if self._is_asked(question, state)}

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


class _Hosts:
    """What hosts must offer in the states of one batch, found once for equal answers."""

    def __init__(self, tables: Tables, said: Said) -> None:
        self._tables, self._said = tables, said
        several = [q for q in tables.rulebook.questions if q.kind is QuestionKind.SEVERAL]
        parents = {parent for q in several for parent, _ in q.asked_if}
        self._keys = sorted((tables.asks_hosts | parents) - {q.key for q in several})
        self._known: dict[tuple[str, ...], HostNeeds] = {}

    def needs(self, state: Mapping[str, Value]) -> HostNeeds:
        """Return what hosts must offer in a state."""
        key = tuple(state[key].key for key in self._keys)
        if key not in self._known:
            self._known[key] = self._tables.host_needs(state, self._said)
        return self._known[key]


def _clauses(requires: Iterable[HostClause], said: Said) -> Iterator[frozenset[str]]:
    """Yield what must be met; a clause may hold only while another question names nothing."""
    for clause in requires:
        if not (clause.unless and said.named(clause.unless)):
            yield clause.any_of


def is_priced(question: Question) -> bool:
    """Tell whether the answer to a question changes what the options cost."""
    return (
        question.kind in {QuestionKind.NUMBER, QuestionKind.SIZE}
        or question.key in {MODALITY, HARDWARE}
        or any(choice.parameters or choice.requires for choice in question.choices)
    )


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
