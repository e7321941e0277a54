"""From answers to a decision: everything that the recommendation page and its JSON show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np

from apps.decision.answers import Answers
from apps.decision.deciding_answers import Deciding, deciding
from apps.decision.flips import (
    AskFirst,
    Flips,
    VolumeFlip,
    ask_first,
    flips,
    margin,
    searches_volume,
    volume_flip,
)
from apps.decision.flow import asked, vetoes
from apps.decision.scoring import Said, Tables, Value, close_weights
from apps.decision.uncertainty import (
    Cell,
    Condition,
    Lead,
    Strength,
    cells,
    mean,
    strength,
    won,
)
from apps.decision.verdict import Verdict, verdict
from apps.decision.vocabulary import CRITERIA, Criterion
from apps.money.needs import Needs
from apps.money.options import OPTIONS, Group, Option
from apps.money.priced import OptionPrice, Priced
from apps.money.pricing import Pricer
from apps.money.work import Role

_SHORTLIST = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion's part of the difference between two options, in points.

    The lines of a comparison sum to its difference. Where nothing is unsure,
    `points` = weight · (value − other_value); else all are means over the states.
    """

    criterion: Criterion
    points: float
    weight: float
    value: float
    other_value: float


@dataclass(frozen=True)
class Comparison:
    """Why an option scores more or less than another, exactly."""

    option: Option
    other: Option
    difference: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Consequence:
    """A criterion that matters and on which the recommended option is worth little."""

    criterion: Criterion
    weight: float
    value: float


@dataclass(frozen=True)
class OptionResult:
    """All about one option; with unsure answers scores and values are means over the states.

    `feasible` is None where it depends on an answer that is not known. `low` and `high` are US
    dollars a month over the states and the bands of the assumptions.
    """

    option: Option
    score: float
    feasible: bool | None
    ruled_out_by: tuple[tuple[str, str], ...]
    acceptability: float
    values: Mapping[Criterion, float]
    contributions: Mapping[Criterion, float]
    price: OptionPrice
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Part:
    """What one answer to an unknown must-have leads to."""

    condition: Condition
    option: Option | None
    strength: Strength
    share: float

    @property
    def group(self) -> Group | None:
        """The group of the option."""
        return self.option.group if self.option else None


@dataclass(frozen=True)
class Decision:
    """A recommendation with all that it rests on."""

    answers: Answers
    verdict: Verdict
    margin: float
    parts: tuple[Part, ...]
    # Importance as points and as shares; means over the states where answers are unsure.
    points: Mapping[Criterion, float]
    weights: Mapping[Criterion, float]
    options: tuple[OptionResult, ...]
    comparisons: tuple[Comparison, ...]
    deciding: tuple[Deciding, ...]
    # Where the recommended option does badly at something that matters.
    consequences: tuple[Consequence, ...]
    flips: Flips
    volume_flip: VolumeFlip | None
    volume_searched: bool
    ask_first: tuple[AskFirst, ...]
    close_weights: tuple[tuple[Criterion, float, Option], ...]
    # The state that is priced: where answers are unsure, the one with the median bill.
    priced_state: Mapping[str, Value]
    needs: Needs
    shortlist: tuple[tuple[Option, Priced], ...]
    relax: tuple[tuple[tuple[str, str], ...], ...]
    states: int
    complete: bool

    def result(self, option: Option) -> OptionResult:
        """Return the result of one option."""
        return self.options[OPTIONS.index(option)]

    @property
    def why(self) -> Comparison | None:
        """The winner against the runner-up; None where nothing else is left."""
        return self.comparisons[0] if self.comparisons else None


def decide(tables: Tables, answers: Answers, pricer: Pricer) -> Decision:
    """Compute the whole decision; pure: the same arguments give the same result."""
    rulebook = tables.rulebook
    found = cells(tables, answers, pricer)
    outcome = verdict(found, rulebook.thresholds)
    states = sum(cell.batch.size for cell in found)
    cell, row = typical(found, outcome)
    state = cell.batch.state(row)
    needs = tables.needs(state, Said.of(answers))
    prices = pricer.detail(needs)
    options = option_results(tables, answers, found, prices)
    changed = flips(tables, answers, pricer, found)
    only_state = states == 1
    comparisons = compared(outcome.option, options, found)
    at_volume = volume_flip(tables, answers, pricer, outcome, states)
    still_asked = asked(rulebook, answers)
    return Decision(
        answers=answers,
        verdict=outcome,
        margin=margin(found, outcome.option),
        parts=_parts(tables, found) if outcome.strength is Strength.SPLIT else (),
        points=_by_criterion(mean(found, "points")),
        weights=_by_criterion(mean(found, "weights")),
        options=options,
        comparisons=comparisons,
        deciding=deciding(tables, answers, changed, found, _leading_lines(comparisons), at_volume),
        consequences=_consequences(tables, outcome.option, options, found),
        flips=changed,
        volume_flip=at_volume,
        volume_searched=searches_volume(states),
        ask_first=tuple(
            entry
            for entry in ask_first(tables, answers, found)
            if rulebook.by_key[entry.question] in still_asked
        ),
        close_weights=close_weights(found[0].scored) if only_state else (),
        priced_state=state,
        needs=needs,
        shortlist=_shortlist(pricer, needs, outcome, found),
        relax=_relax(tables, state) if outcome.strength is Strength.CONFLICT else (),
        states=states,
        complete=all(cell.complete for cell in found),
    )


def typical(found: Sequence[Cell], outcome: Verdict) -> tuple[Cell, int]:
    """Return the state whose bill for the leading option is the median one."""
    place = OPTIONS.index(outcome.leading or Option.CLOSED_API)
    bills = np.concatenate([cell.scored.costs[:, place] for cell in found])
    middle = int(np.argsort(bills, kind="stable")[(len(bills) - 1) // 2])
    for cell in found:
        if middle < cell.batch.size:
            return cell, middle
        middle -= cell.batch.size
    raise AssertionError("the median lies in one of the cells")


def _by_criterion(values: Sequence[float] | np.ndarray) -> dict[Criterion, float]:
    return {criterion: float(values[place]) for place, criterion in enumerate(CRITERIA)}


def option_results(
    tables: Tables, answers: Answers, found: Sequence[Cell], prices: Sequence[OptionPrice]
) -> tuple[OptionResult, ...]:
    """Return all about each option, in the order of OPTIONS."""
    totals, values = mean(found, "totals"), mean(found, "values")
    contributions, wins = mean(found, "contributions"), won(found)
    costs = np.concatenate([cell.scored.costs for cell in found])
    feasible = np.concatenate([cell.scored.feasible for cell in found])
    known: dict[Option, dict[tuple[str, str], None]] = {option: {} for option in OPTIONS}
    for question, choice, veto in vetoes(tables.rulebook, answers):
        known[veto.option][question.key, choice] = None
        if veto.only_if is not None:
            known[veto.option][veto.only_if] = None
    return tuple(
        OptionResult(
            option=option,
            score=float(totals[place]),
            feasible=_same(feasible[:, place]),
            ruled_out_by=tuple(known[option]),
            acceptability=float(wins[place]),
            values=_by_criterion(values[:, place]),
            contributions=_by_criterion(contributions[:, place]),
            price=prices[place],
            low=min(prices[place].low, float(costs[:, place].min())),
            high=max(prices[place].high, float(costs[:, place].max())),
        )
        for place, option in enumerate(OPTIONS)
    )


def _leading_lines(comparisons: Sequence[Comparison]) -> tuple[Criterion, ...]:
    """Return the criteria that make the lead over the runner-up, the largest line first."""
    lines = comparisons[0].lines if comparisons else ()
    return tuple(line.criterion for line in lines if line.points > 0)


def _consequences(
    tables: Tables, winner: Option | None, options: Sequence[OptionResult], found: Sequence[Cell]
) -> tuple[Consequence, ...]:
    """Return what the recommended option does badly at although it counts, the weightiest first."""
    if winner is None:
        return ()
    rulebook, weights = tables.rulebook, mean(found, "weights")
    values = options[OPTIONS.index(winner)].values
    hard = (
        Consequence(criterion, float(weights[place]), values[criterion])
        for place, criterion in enumerate(CRITERIA)
        if weights[place] >= rulebook.hard_consequence_weight
        and values[criterion] <= rulebook.hard_consequence_value
    )
    return tuple(sorted(hard, key=lambda one: -one.weight))


def _same(column: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> bool | None:
    if column.all():
        return True
    return None if column.any() else False


def compared(
    winner: Option | None, options: Sequence[OptionResult], found: Sequence[Cell]
) -> tuple[Comparison, ...]:
    """Compare the winner with each option that is not ruled out, the nearest first."""
    if winner is None:
        return ()
    weights = mean(found, "weights")
    first = options[OPTIONS.index(winner)]
    others = sorted(
        (o for o in options if o.option is not winner and o.feasible is not False),
        key=lambda o: -o.score,
    )
    return tuple(
        Comparison(
            winner,
            other.option,
            first.score - other.score,
            tuple(
                sorted(
                    (
                        Line(
                            criterion,
                            first.contributions[criterion] - other.contributions[criterion],
                            float(weights[place]),
                            first.values[criterion],
                            other.values[criterion],
                        )
                        for place, criterion in enumerate(CRITERIA)
                    ),
                    key=lambda line: -abs(line.points),
                )
            ),
        )
        for other in others
    )


def _parts(tables: Tables, found: Sequence[Cell]) -> tuple[Part, ...]:
    """Return what each condition leads to; conditions that lead to the same are told together."""
    parts = [(dict(cell.condition), cell.lead.option, cell.lead.share) for cell in found]
    merged = True
    while merged:
        merged = False
        for first, second in combinations(parts, 2):
            key = _only_difference(first[0], second[0])
            if key is None or first[1] is not second[1]:
                continue
            sizes = [prod(len(keys) for keys in part[0].values()) for part in (first, second)]
            share = (first[2] * sizes[0] + second[2] * sizes[1]) / sum(sizes)
            joined = {**first[0], key: (*first[0][key], *second[0][key])}
            parts[parts.index(first)] = (joined, first[1], share)
            parts.remove(second)
            merged = True
            break
    thresholds = tables.rulebook.thresholds
    return tuple(
        Part(
            tuple(
                (key, keys)
                for key, keys in condition.items()
                if len(keys) < len(tables.rulebook.by_key[key].choices)
            ),
            option,
            strength(Lead(option, share, share), thresholds),
            share,
        )
        for condition, option, share in parts
    )


def _only_difference(
    first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]
) -> str | None:
    """Return the one question in which two conditions differ."""
    differing = [key for key in first if first[key] != second[key]]
    return differing[0] if len(differing) == 1 else None


def _shortlist(
    pricer: Pricer, needs: Needs, outcome: Verdict, found: Sequence[Cell]
) -> tuple[tuple[Option, Priced], ...]:
    """Return the models to try: the one that is priced first, then the next best."""
    if outcome.option is not None:
        hard = tuple(
            part
            for price in pricer.detail(needs)
            if price.option is outcome.option
            for part in price.parts
            if part.role is Role.HARD
        )
        rest = pricer.alternatives(needs, outcome.option, _SHORTLIST - len(hard))
        return tuple((outcome.option, part) for part in (*hard, *rest))
    split = {cell.lead.option: None for cell in found if cell.lead.option is not None}
    if outcome.strength is not Strength.SPLIT:
        return ()
    parts = {price.option: price.parts for price in pricer.detail(needs)}
    return tuple((option, part) for option in split for part in parts[option])


def _relax(tables: Tables, state: Mapping[str, Value]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return the smallest sets of answers without which some option is feasible, all ties."""
    sets = {frozenset(answers) for answers in tables.ruled_out_by(state).values()}
    least = min(len(answers) for answers in sets)
    smallest = [answers for answers in sets if len(answers) == least]
    order = list(tables.rulebook.by_key)
    ordered = (tuple(sorted(a, key=lambda pair: order.index(pair[0]))) for a in smallest)
    return tuple(sorted(ordered))
