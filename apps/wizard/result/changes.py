"""What would change a recommendation: answers, pairs of answers, the volume and the weights."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.common.format import about, count, share
from apps.decision.decide import Decision
from apps.decision.flips import Alternative, FlipKind
from apps.decision.rulebook import Question, QuestionKind
from apps.engine import links, sentences
from apps.engine.engine import Engine

_MOST_PAIRS = 5


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change that would lead to another group."""

    condition: str
    outcome: str
    url: str
    group: str  # empty where the change leaves no recommendation
    is_veto: bool


@dataclass(frozen=True, slots=True)
class ChangesBlock:
    """Every change that would lead elsewhere, and what was looked for in vain."""

    intro: tuple[str, ...]
    rows: tuple[ChangeRow, ...]
    notes: tuple[str, ...]


def changes_block(engine: Engine, decision: Decision) -> ChangesBlock:
    """Return what would change the recommendation."""
    return ChangesBlock(
        intro=_intro(decision),
        rows=(*_answers(engine, decision), *_at_volume(engine, decision)),
        notes=(*_no_volume(engine, decision), *_closest_weight(engine, decision)),
    )


def _intro(decision: Decision) -> tuple[str, ...]:
    """Return what is to be said before the changes: that no single answer is enough."""
    flips = decision.flips
    if not decision.answers.choices:
        return ("No question is answered yet, so there is no answer that could be changed.",)
    if flips.singles or decision.volume_flip:
        return ()
    change = "leads to another group" if decision.verdict.group else "settles it"
    found = [f"No change of a single answer {change}."]
    if not flips.pairs_searched:
        found.append("Pairs of changes were not searched: too many answers are open.")
    elif not flips.pairs:
        found.append("No change of two answers does either.")
    elif len(flips.pairs) > _MOST_PAIRS:
        pairs = count(len(flips.pairs))
        found.append(f"{pairs} pairs of changes do; {_MOST_PAIRS} of them are shown here.")
    else:
        found.append("Two changes together do.")
    return tuple(found)


def _answers(engine: Engine, decision: Decision) -> tuple[ChangeRow, ...]:
    """Return every single answer that flips the group, else some pairs of them."""
    shown: Sequence[Alternative] = decision.flips.singles or decision.flips.pairs[:_MOST_PAIRS]
    return tuple(_row(engine, decision, alternative) for alternative in shown)


def _row(engine: Engine, decision: Decision, alternative: Alternative) -> ChangeRow:
    changed = decision.answers
    for change in alternative.changes:
        changed = changed.replace(change.question, change.after)
    group = alternative.verdict.group
    return ChangeRow(
        condition=sentences.flip_condition(engine.rulebook, alternative),
        outcome=sentences.outcome(engine.rulebook, alternative.verdict),
        url=links.result_url(engine.rulebook, changed),
        group=group.value if group else "",
        is_veto=alternative.kind is FlipKind.VETO,
    )


def _at_volume(engine: Engine, decision: Decision) -> tuple[ChangeRow, ...]:
    """Return the nearest volume that flips the group, if one was found."""
    flip, number = decision.volume_flip, _volume(engine)
    if flip is None or number is None:
        return ()
    changed = decision.answers.replace(number.key, str(flip.volume))
    row = ChangeRow(
        condition=f"At about {about(flip.volume)} requests a day",
        outcome=sentences.headline(engine.rulebook, flip.option)
        if flip.option
        else "No recommendation",
        url=links.result_url(engine.rulebook, changed),
        group=flip.group.value if flip.group else "",
        is_veto=False,
    )
    return (row,)


def _no_volume(engine: Engine, decision: Decision) -> tuple[str, ...]:
    """Return that no volume was found, or that none was looked for."""
    number = _volume(engine)
    if number is None or decision.volume_flip or not decision.answers.is_known(number.key):
        return ()
    if not decision.volume_searched:
        return ("The volume was not searched: too many answers are open.",)
    change = "changes the group" if decision.verdict.group else "settles it"
    return (
        f"No volume from {count(number.low)} to {count(number.high)} requests a day was "
        f"found that {change}.",
    )


def _closest_weight(engine: Engine, decision: Decision) -> tuple[str, ...]:
    """Return the weight that comes closest to changing the lead."""
    return tuple(
        f"Of all weights, {engine.rulebook.criteria[criterion].name.lower()} comes closest to "
        f"changing the lead: with {abs(change):.2f} {'more' if change > 0 else 'fewer'} points of "
        f"importance than its {decision.points[criterion]:.2f} "
        f"({share(decision.weights[criterion])} of the weight), "
        f"{sentences.name(engine.rulebook, option)} would draw level."
        for criterion, change, option in decision.close_weights[:1]
    )


def _volume(engine: Engine) -> Question | None:
    return next((q for q in engine.rulebook.questions if q.kind is QuestionKind.NUMBER), None)
