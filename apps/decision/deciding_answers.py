"""The answers that decided a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.decision.answers import Answers
from apps.decision.flips import Alternative, Flips, is_alone, margin
from apps.decision.flow import vetoes
from apps.decision.scoring import Tables
from apps.decision.uncertainty import Cell
from apps.money.options import Option

_MOST_DECIDING = 3


@dataclass(frozen=True, slots=True)
class Deciding:
    """A known answer and what rests on it.

    The options that it rules out, be it beside another answer; the other answers to its question
    that would rule the winner out; and by how many points the lead is larger than with the other
    answers, on average: 0 where no other option is left to lead.
    """

    question: str
    answer: str
    points: float
    rules_out: tuple[Option, ...]
    saves_from: tuple[str, ...]


def deciding(
    tables: Tables, answers: Answers, changed: Flips, found: Sequence[Cell]
) -> tuple[Deciding, ...]:
    """Return the answers without which the lead would shrink most, at most three.

    Where nothing but the leader is left, they are those that ruled the rest out. Not needing
    something decides little: an answer that rules nothing out is compared with the answers that
    rule nothing out either, and none with an answer under which nobody is left to lead.
    """
    out: dict[str, dict[Option, None]] = {}
    for question, _, veto in vetoes(tables.rulebook, answers):
        out.setdefault(question.key, {})[veto.option] = None
        if veto.only_if is not None:
            out.setdefault(veto.only_if[0], {})[veto.option] = None
    if is_alone(found, changed.base.leading):
        most_first = sorted(out.items(), key=lambda entry: -len(entry[1]))
        return tuple(
            Deciding(key, answers.get(key), 0.0, tuple(options), ())
            for key, options in most_first[:_MOST_DECIDING]
        )
    lead = margin(found, changed.base.leading)
    others: dict[str, list[Alternative]] = {}
    for alternative in changed.alternatives:
        change = alternative.changes[0]
        weighs = change.question in out or not tables.rules_out(change.question, change.after)
        if weighs and not alternative.leaves_alone:
            others.setdefault(change.question, []).append(alternative)
    results = [
        Deciding(
            question,
            answers.get(question),
            lead - sum(a.margin for a in alternatives) / len(alternatives),
            tuple(out.get(question, {})),
            tuple(a.changes[0].after for a in alternatives if a.loses_winner),
        )
        for question, alternatives in others.items()
    ]
    results = sorted((d for d in results if d.points > 0), key=lambda d: -d.points)
    return tuple(results[:_MOST_DECIDING])
