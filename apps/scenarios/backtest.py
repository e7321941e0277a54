"""Published decisions beside what the rules advise, as of their day and as of today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from apps.catalog.compile import current_market
from apps.common.format import points, share, signed_points
from apps.decision.backtest import Advice, Agreement, advise, ruled_out
from apps.decision.rulebook import Rulebook
from apps.decision.scoring import Tables
from apps.decision.uncertainty import Strength
from apps.money.cache import Latest
from apps.money.options import GROUPS, Group, Option
from apps.rules import compile
from apps.scenarios.models import PublishedDecision

# Criteria that move a comparison by less are not named.
_LEAST_POINTS = 1.0
_MOST_LINES = 4
_MOST_BYTES = 4_000_000


@dataclass(frozen=True)
class Backtest:
    """One decision with what is advised as of its day and as of today."""

    slug: str
    then: Advice
    now: Advice


_backtests: Latest[tuple[str, date], Backtest] = Latest(_MOST_BYTES)


def backtests(
    decisions: Iterable[PublishedDecision], versions: compile.Versions, today: date
) -> tuple[Backtest, ...]:
    """Return each decision with what is advised; computed once a version and day."""
    tables = compile.current(versions)
    return tuple(_kept(tables, decision, versions, today) for decision in decisions)


def _kept(
    tables: Tables, decision: PublishedDecision, versions: compile.Versions, today: date
) -> Backtest:
    def make() -> Backtest:
        answers = decision.answers_under(tables.rulebook)
        then, now = (
            advise(tables, current_market(day, versions.catalog), answers, decision.acceptable)
            for day in (decision.day, today)
        )
        return Backtest(decision.slug, then, now)

    return _backtests.get((decision.slug, today), versions, make)


def agreeing(advice: Iterable[Advice]) -> int:
    """Return how many agree with what was chosen."""
    return sum(one.agreement is Agreement.AGREES for one in advice)


def headline(rulebook: Rulebook, advice: Advice) -> str:
    """Return what is advised and how sure it is: 'Open: on rented GPUs (likely)'."""
    option = advice.verdict.option
    if option is None:
        return "No recommendation"
    text = rulebook.options[option]
    name = f"Open: {text.headline}" if option.group is Group.OPEN else text.name
    return f"{name} ({advice.verdict.strength.value})"


def reason(rulebook: Rulebook, advice: Advice, acceptable: Sequence[Group]) -> str:
    """Return why, in one sentence: the criteria that make the difference, in points."""
    if advice.against is not None:
        return _difference(rulebook, advice)
    match advice.verdict.strength:
        case Strength.SPLIT:
            return "It depends on a must-have that is not told."
        case Strength.CONFLICT:
            return "Each option is ruled out by an answer."
        case Strength.NONE:
            return _too_few(rulebook, advice)
    other = [g for g in GROUPS if (g in acceptable) is (advice.agreement is Agreement.DIFFERS)]
    out = [group.value for group in other if ruled_out(advice, group)]
    return f"The answers rule out {' and '.join(out)}."


def _too_few(rulebook: Rulebook, advice: Advice) -> str:
    leading = advice.verdict.leading
    if leading is None:
        return "Nothing leads."
    won = share(advice.verdict.share)
    return f"{rulebook.options[leading].name} leads, in only {won} of what is left open."


def _difference(rulebook: Rulebook, advice: Advice) -> str:
    against = advice.against
    if against is None:
        return ""
    first, other = (_scored(rulebook, advice, o) for o in (against.option, against.other))
    lines = [line for line in against.lines if abs(line.points) >= _LEAST_POINTS][:_MOST_LINES]
    told = ", ".join(
        f"{rulebook.criteria[line.criterion].name.lower()} {signed_points(line.points)}"
        for line in lines
    )
    return f"{first} against {other}{f': {told}' if told else ''}."


def _scored(rulebook: Rulebook, advice: Advice, option: Option) -> str:
    score = next(o.score for o in advice.options if o.option is option)
    return f"{rulebook.options[option].name} {points(score)}{_with(advice, option)}"


def _with(advice: Advice, option: Option) -> str:
    """Name the models that stand for an option."""
    parts = next(o.price.parts for o in advice.options if o.option is option)
    names = dict.fromkeys(part.candidate.name for part in parts)
    return f" ({' and '.join(names)})" if names else " (no model is known)"
