"""What the scenarios have against a version of the rules."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from apps.catalog.compile import current_market
from apps.decision.answers import Answers
from apps.decision.assumed import assumptions
from apps.decision.flow import next_question
from apps.decision.rulebook import Rulebook
from apps.decision.scoring import Tables
from apps.decision.uncertainty import cells
from apps.decision.verdict import verdict
from apps.money.pricing import Pricer
from apps.scenarios.answers import Stored, as_given, read
from apps.scenarios.models import Scenario


def turned_round(rulebook: Rulebook, today: date) -> Iterator[str]:
    """Yield a sentence for each scenario that lacks an answer or would come out otherwise."""
    comes_out = _outcomes(rulebook, today)
    for scenario in Scenario.objects.in_order():
        problem = _against(rulebook, comes_out, scenario.answers_under(rulebook), scenario.winner)
        if problem:
            yield f"Scenario “{scenario.title}” {problem}"


def contradiction(
    rulebook: Rulebook, stored: Stored, winner: str, today: date
) -> tuple[str, str | None]:
    """Return what a version has against a scenario, as a clause, and what wins; empty for nothing.

    What wins is None where an answer is missing.
    """
    answers, comes_out = read(rulebook, stored), _outcomes(rulebook, today)
    problem = _against(rulebook, comes_out, answers, winner)
    return problem, None if next_question(rulebook, answers) else comes_out(answers)


def cases() -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
    """Yield each scenario with its answers, for what a draft changes."""
    for scenario in Scenario.objects.in_order():
        yield scenario.title, as_given(scenario.answers)


def _outcomes(rulebook: Rulebook, today: date) -> Callable[[Answers], str]:
    tables = Tables(rulebook)
    pricer = Pricer(current_market(today), assumptions(rulebook, Answers()))

    def comes_out(answers: Answers) -> str:
        group = verdict(cells(tables, answers, pricer), rulebook.thresholds).group
        return group.value if group else "nothing"

    return comes_out


def _against(
    rulebook: Rulebook, comes_out: Callable[[Answers], str], answers: Answers, winner: str
) -> str:
    missing = next_question(rulebook, answers)
    if missing is not None:
        return f"does not answer “{missing.short}”."
    now = comes_out(answers)
    return "" if now == winner else f"would come out as {now}, not {winner}."
