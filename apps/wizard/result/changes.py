"""What would change a recommendation: answers, pairs of answers, the volume and the weights."""

from collections.abc import Sequence

from apps.common.format import count, share
from apps.decision.decide import Decision
from apps.decision.flips import Alternative, FlipKind
from apps.decision.rulebook import Kind, Question
from apps.engine import links, sentences
from apps.engine.engine import Engine
from apps.wizard import contexts

_MOST_PAIRS = 5


def intro(engine: Engine, decision: Decision) -> tuple[str, ...]:
    """Return what is to be said before the changes: that no single answer is enough."""
    flips = decision.flips
    if not decision.answers.choices:
        return ("No question is answered yet, so there is no answer that could be changed.",)
    if flips.singles:
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


def rows(engine: Engine, decision: Decision) -> tuple[contexts.ChangeRow, ...]:
    """Return every single change that flips the group, else some pairs, then the volume."""
    shown: Sequence[Alternative] = decision.flips.singles or decision.flips.pairs[:_MOST_PAIRS]
    found = [_row(engine, decision, alternative) for alternative in shown]
    flip, number = decision.volume_flip, _volume(engine)
    if flip and number:
        changed = decision.answers.replace(number.key, str(flip.volume))
        found.append(
            contexts.ChangeRow(
                condition=f"At {count(flip.volume)} requests a day",
                outcome=sentences.headline(engine.rulebook, flip.option)
                if flip.option
                else "No recommendation",
                url=links.result_url(engine.rulebook, changed),
                group=flip.group.value if flip.group else "",
                is_veto=False,
            )
        )
    return tuple(found)


def _row(engine: Engine, decision: Decision, alternative: Alternative) -> contexts.ChangeRow:
    changed = decision.answers
    for change in alternative.changes:
        changed = changed.replace(change.question, change.after)
    group = alternative.verdict.group
    return contexts.ChangeRow(
        condition=sentences.flip_condition(engine.rulebook, alternative),
        outcome=sentences.outcome(engine.rulebook, alternative.verdict),
        url=links.result_url(engine.rulebook, changed),
        group=group.value if group else "",
        is_veto=alternative.kind is FlipKind.VETO,
    )


def notes(engine: Engine, decision: Decision) -> tuple[str, ...]:
    """Return what was looked for in vain, and the weight that would tie the lead."""
    found = []
    number = _volume(engine)
    if number and decision.answers.is_known(number.key) and decision.volume_flip is None:
        change = "changes the group" if decision.verdict.group else "settles it"
        found.append(
            f"No volume from {count(number.low)} to {count(number.high)} requests a day was "
            f"found that {change}."
            if decision.volume_searched
            else "The volume was not searched: too many answers are open."
        )
    for criterion, change_of_points, option in decision.close_weights[:1]:
        text = engine.rulebook.criteria[criterion].name.lower()
        more = "more" if change_of_points > 0 else "fewer"
        found.append(
            f"Of all weights, {text} comes closest to changing the lead: with "
            f"{abs(change_of_points):.2f} {more} points of importance than its "
            f"{decision.points[criterion]:.2f} ({share(decision.weights[criterion])} of the "
            f"weight), {sentences.name(engine.rulebook, option)} would draw level."
        )
    return tuple(found)


def _volume(engine: Engine) -> Question | None:
    return next((q for q in engine.rulebook.questions if q.kind is Kind.NUMBER), None)
