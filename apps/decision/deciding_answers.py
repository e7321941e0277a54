"""The answers that decided a verdict (method, section 5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.decision.answers import Answers
from apps.decision.flips import Alternative, Flips, VolumeFlip, is_alone, margin
from apps.decision.flow import vetoes
from apps.decision.rulebook import Parameter, Question, QuestionKind
from apps.decision.scoring import Tables
from apps.decision.uncertainty import Cell
from apps.decision.vocabulary import Criterion
from apps.money.options import Group, Option

_MOST_DECIDING = 3
# An answer that moves the lead by less is not named.
_LEAST_POINTS = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """Another answer under which another group wins; `volume` where that answer is a number."""

    answer: str
    group: Group | None
    option: Option | None
    volume: int | None = None


@dataclass(frozen=True, slots=True)
class Deciding:
    """A known answer and what rests on it.

    The options that it rules out, be it beside another answer; the other answers to its question
    that would rule the winner out; the nearest of those under which another group wins; and by how
    many points the lead is larger than with the other answers, on average: 0 where no other option
    is left to lead.
    """

    question: str
    answer: str
    points: float
    rules_out: tuple[Option, ...]
    saves_from: tuple[str, ...]
    turn: Turn | None = None


def deciding(
    tables: Tables,
    answers: Answers,
    changed: Flips,
    found: Sequence[Cell],
    leading_lines: Sequence[Criterion],
    at_volume: VolumeFlip | None,
) -> tuple[Deciding, ...]:
    """Return at most three answers: those whose change flips the group, the nearest flip first.

    Then those that the largest lines of the lead rest on, as far as they move it by a point or
    more. Where nothing but the leader is left, they are those that ruled the rest out. Not needing
    something decides little: an answer that rules nothing out is compared with the answers that
    rule nothing out either, and none with an answer under which nobody is left to lead.
    """
    if changed.base.leading is None:
        return ()
    out = _ruled_out(tables, answers)
    if is_alone(found, changed.base.leading):
        most_first = sorted(out.items(), key=lambda entry: -len(entry[1]))
        return tuple(
            Deciding(key, answers.get(key), 0.0, tuple(options), ())
            for key, options in most_first[:_MOST_DECIDING]
        )
    known = {one.question: one for one in _each(tables, answers, changed, found, out)}
    ranked = list(_flipping(changed, known))
    ranked += _volume(tables, answers, at_volume)
    for criterion in leading_lines:
        ranked += (
            known[question.key]
            for question in _behind(tables, answers, criterion)
            if question.key in known
        )
    ranked += sorted(known.values(), key=lambda one: -one.points)
    first = {one.question: one for one in reversed(ranked) if _counts(one)}
    order = dict.fromkeys(one.question for one in ranked if one.question in first)
    return tuple(first[key] for key in order)[:_MOST_DECIDING]


def _counts(one: Deciding) -> bool:
    return one.turn is not None or round(one.points, 1) >= _LEAST_POINTS


def _ruled_out(tables: Tables, answers: Answers) -> dict[str, dict[Option, None]]:
    out: dict[str, dict[Option, None]] = {}
    for question, _, veto in vetoes(tables.rulebook, answers):
        out.setdefault(question.key, {})[veto.option] = None
        if veto.only_if is not None:
            out.setdefault(veto.only_if[0], {})[veto.option] = None
    return out


def _each(
    tables: Tables,
    answers: Answers,
    changed: Flips,
    found: Sequence[Cell],
    out: dict[str, dict[Option, None]],
) -> Iterator[Deciding]:
    """Yield every known answer with what rests on it."""
    lead = margin(found, changed.base.leading)
    others: dict[str, list[Alternative]] = {}
    for alternative in changed.alternatives:
        change = alternative.changes[0]
        weighs = change.question in out or not tables.rules_out(change.question, change.after)
        if weighs and not alternative.leaves_alone:
            others.setdefault(change.question, []).append(alternative)
    for question, alternatives in others.items():
        nearest = _nearest(changed, alternatives)
        yield Deciding(
            question,
            answers.get(question),
            lead - sum(a.margin for a in alternatives) / len(alternatives),
            tuple(out.get(question, {})),
            tuple(a.changes[0].after for a in alternatives if a.loses_winner),
            None
            if nearest is None
            else Turn(nearest.changes[0].after, nearest.verdict.group, nearest.verdict.option),
        )


def _nearest(changed: Flips, alternatives: Sequence[Alternative]) -> Alternative | None:
    """Return the flip that leaves the old winner least behind."""
    flips = [a for a in alternatives if a.verdict.group is not changed.base.group]
    return max(flips, key=lambda a: a.margin, default=None)


def _flipping(changed: Flips, known: dict[str, Deciding]) -> Iterator[Deciding]:
    """Yield the answers whose change flips the group, the nearest flip first."""
    nearest = sorted(changed.singles, key=lambda a: -a.margin)
    for question in dict.fromkeys(a.changes[0].question for a in nearest):
        if question in known and known[question].turn is not None:
            yield known[question]


def _volume(tables: Tables, answers: Answers, at_volume: VolumeFlip | None) -> Iterator[Deciding]:
    number = next((q for q in tables.questions if q.kind is QuestionKind.NUMBER), None)
    if at_volume is not None and number is not None:
        turn = Turn("", at_volume.group, at_volume.option, at_volume.volume)
        yield Deciding(number.key, answers.get(number.key), 0.0, (), (), turn)


def _behind(tables: Tables, answers: Answers, criterion: Criterion) -> Iterator[Question]:
    """Yield the questions that a criterion rests on: what moves its values, then its weight."""
    for question in tables.questions:
        choice = question.by_key.get(answers.get(question.key))
        if choice is None:
            continue
        if (
            (criterion is Criterion.CAPABILITY and Parameter.DIFFICULTY in choice.parameters)
            or any(key[0] is criterion for key in choice.deltas)
            or choice.points.get(criterion)
        ):
            yield question
