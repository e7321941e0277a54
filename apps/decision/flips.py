"""What would change the answer: single answers, pairs, the volume, and what to find out first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial, reduce
from itertools import combinations

import numpy as np

from apps.decision.answers import Answers, applies
from apps.decision.rulebook import Question, QuestionKind
from apps.decision.scoring import Prices, Tables
from apps.decision.uncertainty import (
    LEAST_OF_MANY,
    MOST_STATES,
    Cell,
    cells,
    cells_of_each,
    lead,
    mean,
    shares,
    unsure_questions,
)
from apps.decision.verdict import Verdict, verdict
from apps.decision.vocabulary import CUSTOM
from apps.money.arrays import Floats, Ints
from apps.money.options import OPTIONS, Group, Option

# States that are scored for all changes of one kind together; more are sampled, or not searched.
MOST_WORK = 20_000
# Volumes that are tried on each side before the exact one is bisected: eight a decade.
_STEPS_A_DECADE = 8
# Volumes that are scored together.
_AT_ONCE = 16


class FlipKind(StrEnum):
    """Whether a must-have changes the verdict, or a weighing."""

    VETO = "veto"
    PREFERENCE = "preference"


@dataclass(frozen=True, slots=True)
class Change:
    """One answer changed: the question, the answer before and after."""

    question: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """What comes out after a change, and by how many points the old winner then leads."""

    changes: tuple[Change, ...]
    verdict: Verdict
    kind: FlipKind
    margin: float
    loses_winner: bool  # the old winner is ruled out
    leaves_alone: bool  # every other option is ruled out


@dataclass(frozen=True, slots=True)
class VolumeFlip:
    """The volume nearest to today's at which another group wins."""

    volume: int
    upwards: bool
    group: Group | None
    option: Option | None


@dataclass(frozen=True, slots=True)
class AskFirst:
    """An unsure answer and the share of its choices under which the lead changes."""

    question: str
    share: float


@dataclass(frozen=True)
class Flips:
    """Every single change, the pairs where no single one flips, and whether pairs were searched."""

    base: Verdict
    alternatives: tuple[Alternative, ...]
    pairs: tuple[Alternative, ...]
    pairs_searched: bool

    @property
    def singles(self) -> tuple[Alternative, ...]:
        """The single changes that change the group."""
        return tuple(a for a in self.alternatives if a.verdict.group is not self.base.group)


def margin(found: Sequence[Cell], option: Option | None) -> float:
    """Return by how many points an option leads the best other one on average.

    Below 0 where it trails; where it is ruled out everywhere it trails by the leader's whole
    score, and where nothing else is feasible it leads by its own.
    """
    if option is None:
        return 0.0
    place = OPTIONS.index(option)
    totals = mean(found, "totals")
    feasible = np.any([cell.scored.feasible.any(axis=0) for cell in found], axis=0)
    kept = np.where(feasible, totals, 0.0)
    others = np.delete(kept, place)
    return float(kept[place] - others.max())


def flips(tables: Tables, answers: Answers, prices: Prices, found: Sequence[Cell]) -> Flips:
    """Return every change of one answer to another of its listed choices, and what it does.

    The volume is left to `volume_flip`. Pairs are searched only where no single change flips the
    group, and where that takes at most `MOST_WORK` states.
    """
    base = verdict(found, tables.rulebook.thresholds)
    changes = list(_changes(tables, answers))
    singles = _alternatives(tables, answers, prices, base, found, [(c,) for c in changes])
    if any(a.verdict.group is not base.group for a in singles):
        return Flips(base, singles, (), True)
    pairs = [(a, b) for a, b in combinations(changes, 2) if a.question != b.question]
    if len(pairs) * sum(cell.batch.size for cell in found) > MOST_WORK:
        return Flips(base, singles, (), False)
    tried = _alternatives(tables, answers, prices, base, found, pairs)
    return Flips(base, singles, tuple(a for a in tried if a.verdict.group is not base.group), True)


def _changes(tables: Tables, answers: Answers) -> Iterator[Change]:
    for question in tables.questions:
        if question.kind is QuestionKind.NUMBER or not answers.is_known(question.key):
            continue
        if not applies(question, answers):
            continue
        before = answers.get(question.key)
        for choice in question.choices:
            if choice.key not in {before, CUSTOM}:
                yield Change(question.key, before, choice.key)


def _alternatives(
    tables: Tables,
    answers: Answers,
    prices: Prices,
    base: Verdict,
    found: Sequence[Cell],
    changes: Sequence[tuple[Change, ...]],
) -> tuple[Alternative, ...]:
    """Return what comes of each set of changes; all are scored together."""
    changed = [reduce(_after, each, answers) for each in changes]
    # Where few states are open, all those of a change are looked at, so that no flip is missed.
    few = sum(cell.batch.size for cell in found) <= LEAST_OF_MANY
    room = MOST_STATES * len(changed) if few else MOST_WORK
    after = cells_of_each(tables, changed, prices, room)
    return tuple(
        _alternative(tables, base, found, each, then)
        for each, then in zip(changes, after, strict=True)
    )


def _after(answers: Answers, change: Change) -> Answers:
    return answers.replace(change.question, change.after)


def _alternative(
    tables: Tables,
    base: Verdict,
    found: Sequence[Cell],
    changes: tuple[Change, ...],
    after: Sequence[Cell],
) -> Alternative:
    then = verdict(after, tables.rulebook.thresholds)
    kind = FlipKind.PREFERENCE
    if _ruled_out(after, base.option) or _ruled_out(found, then.option):
        kind = FlipKind.VETO
    elif base.group is None or then.group is None:
        vetoing = {q.key for q in tables.questions if any(c.vetoes for c in q.choices)}
        kind = FlipKind.VETO if vetoing & {c.question for c in changes} else kind
    return Alternative(
        changes,
        then,
        kind,
        margin(after, base.leading),
        _ruled_out(after, base.leading),
        is_alone(after, base.leading),
    )


def _ruled_out(found: Sequence[Cell], option: Option | None) -> bool:
    if option is None:
        return False
    place = OPTIONS.index(option)
    return not all(cell.scored.feasible[:, place].any() for cell in found)


def is_alone(found: Sequence[Cell], option: Option | None) -> bool:
    """Tell whether every other option is ruled out in every state."""
    if option is None:
        return False
    feasible = np.any([cell.scored.feasible.any(axis=0) for cell in found], axis=0)
    return bool(feasible.sum() == 1 and feasible[OPTIONS.index(option)])


def volume_flip(
    tables: Tables, answers: Answers, prices: Prices, base: Verdict, states: int
) -> VolumeFlip | None:
    """Return the volume nearest to the answer at which the group changes, by bisection.

    Both directions are scanned in steps, then the crossing is bisected to a whole request a day.
    None where the volume is unsure, no volume flips it, or the search would be too large.
    """
    question = next((q for q in tables.questions if q.kind is QuestionKind.NUMBER), None)
    if question is None or not answers.is_known(question.key):
        return None
    today = int(answers.get(question.key))
    found = [
        flip
        for upwards in (True, False)
        if (flip := _towards(tables, answers, prices, base, states, question, today, upwards))
    ]
    return min(found, key=lambda flip: abs(np.log(flip.volume / today)), default=None)


def searches_volume(states: int) -> bool:
    """Tell whether so many states leave a search for the volume affordable."""
    return _steps_a_decade(states) > 0


def _steps_a_decade(states: int) -> int:
    # Where many states are open, fewer volumes are tried; the bisection stays exact.
    if states <= 64:
        return _STEPS_A_DECADE
    return 2 if states <= MOST_WORK // 40 else 0


def _towards(
    tables: Tables,
    answers: Answers,
    prices: Prices,
    base: Verdict,
    states: int,
    question: Question,
    today: int,
    upwards: bool,
) -> VolumeFlip | None:
    def each(volumes: Sequence[int]) -> list[Verdict]:
        asked = [answers.replace(question.key, str(volume)) for volume in volumes]
        found = cells_of_each(tables, asked, prices, MOST_WORK)
        return [verdict(one, tables.rulebook.thresholds) for one in found]

    end = question.high if upwards else max(question.low, 1)
    decades = abs(np.log10(end / today))
    steps = int(np.ceil(decades * _steps_a_decade(states)))
    tried = [
        end if step == steps else round(today * (end / today) ** (step / steps))
        for step in range(1, steps + 1)
    ]
    near, far, then = _first_other(today, tried, each, base)
    # Between two volumes many are tried at once, until they are neighbours.
    while then is not None and abs(far - near) > 1:
        between = np.linspace(near, far, min(_AT_ONCE, abs(far - near)) + 1)[1:].round()
        near, far, then = _first_other(near, [int(volume) for volume in between], each, base)
    return None if then is None else VolumeFlip(far, upwards, then.group, then.option)


def _first_other(
    near: int, tried: Sequence[int], each: Callable[[Sequence[int]], list[Verdict]], base: Verdict
) -> tuple[int, int, Verdict | None]:
    """Return the first volume with another group, the one before it, and what wins there."""
    for first in range(0, len(tried), _AT_ONCE):
        volumes = tried[first : first + _AT_ONCE]
        for volume, then in zip(volumes, each(volumes), strict=True):
            if then.group is not base.group:
                return near, volume, then
            near = volume
    return near, near, None


def ask_first(tables: Tables, answers: Answers, found: Sequence[Cell]) -> tuple[AskFirst, ...]:
    """Return the unsure answers, the one whose choices change the lead most often first.

    A choice changes the lead if the option that leads under it is another than the one that leads
    most often under the choices of that question.
    """
    results = []
    for place, question in enumerate(unsure_questions(tables, answers)):
        per_cell = [_leads_by_choice(cell, question) for cell in found]
        if question.key in {key for cell in found for key, _ in cell.condition}:
            # The choices of a must-have lie in different cells: compare them across the cells.
            others: dict[tuple[tuple[str, tuple[str, ...]], ...], list[Option | None]] = {}
            for cell, leads in zip(found, per_cell, strict=True):
                rest = tuple(part for part in cell.condition if part[0] != question.key)
                others.setdefault(rest, []).extend(leads)
            per_cell = list(others.values())
        changed = [_share_of_others(leads) for leads in per_cell if len(leads) > 1]
        share = sum(changed) / len(changed) if changed else 0.0
        results.append((-share, place, AskFirst(question.key, share)))
    return tuple(entry for _, _, entry in sorted(results, key=lambda r: r[:2]))


def _leads_by_choice(cell: Cell, question: Question) -> list[Option | None]:
    places, weights = cell.batch.places[question.key], cell.batch.weights
    kinds, options = len(cell.batch.values[question.key]), len(OPTIONS)
    # One count for all: the column past the options is for states without any winner.
    best = np.where(cell.scored.best < 0, options, cell.scored.best)
    counts = np.bincount(
        places * (options + 1) + best, weights=weights, minlength=kinds * (options + 1)
    )
    table = counts.reshape(kinds, options + 1)
    leads = []
    for value, row in enumerate(table):
        total = row.sum()
        if total:
            regrets = partial(_regrets_of, cell, places, value)
            leads.append(lead(row[:options] / total, regrets).option)
    return leads


def _regrets_of(cell: Cell, places: Ints, value: int) -> Floats:
    of = places == value
    weights = cell.batch.weights[of]
    regrets: Floats = weights @ cell.scored.regrets[of] / weights.sum()
    return regrets


def _share_of_others(leads: Sequence[Option | None]) -> float:
    most = max(leads.count(option) for option in leads)
    return 1 - most / len(leads)


def is_settled(tables: Tables, answers: Answers, prices: Prices, still_open: set[str]) -> bool:
    """Tell whether no completion of the open questions changes the option that leads.

    Claimed only where every completion was looked at: an open volume or size has more answers
    than can be, and a sample proves nothing.
    """
    open_questions = [q for q in tables.questions if q.key in still_open]
    if not open_questions:
        return True
    endless = any(q.kind in {QuestionKind.NUMBER, QuestionKind.SIZE} for q in open_questions)
    found = cells(tables, answers, prices, first=[q.key for q in open_questions])
    if endless:
        # Only a single feasible option is safe against every number.
        single = [cell.scored.feasible.any(axis=0).sum() == 1 for cell in found]
        return all(single) and len({cell.lead.option for cell in found}) == 1
    if not all(cell.complete for cell in found):
        return False
    leads = {option for cell in found for option in _folded_leads(cell, open_questions)}
    return len(leads) == 1


def _folded_leads(cell: Cell, open_questions: Sequence[Question]) -> set[Option | None]:
    """Return what leads under each completion of the open questions in a cell."""
    completions = 1
    for question in open_questions:
        completions *= len(cell.batch.values[question.key])
    best = cell.scored.best.reshape(completions, -1)
    if best.shape[1] == 1:
        return {OPTIONS[place] if place >= 0 else None for place in set(best[:, 0].tolist())}
    weights = cell.batch.weights.reshape(completions, -1)
    regrets: Floats = cell.scored.regrets.reshape(completions, best.shape[1], len(OPTIONS))
    return {
        lead(shares(row, weights[place]), partial(_mean_of, weights[place], regrets[place])).option
        for place, row in enumerate(best)
    }


def _mean_of(weights: Floats, regrets: Floats) -> Floats:
    found: Floats = weights @ regrets / weights.sum()
    return found
