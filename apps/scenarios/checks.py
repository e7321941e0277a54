"""What the scenarios have against a version of the rules."""

from collections.abc import Iterator
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
from apps.scenarios.models import Scenario


def turned_round(rulebook: Rulebook, today: date) -> Iterator[str]:
    """Yield a sentence for each scenario that lacks an answer or would come out otherwise."""
    tables = Tables(rulebook)
    pricer = Pricer(current_market(today), assumptions(rulebook, Answers()))
    for scenario in Scenario.objects.in_order():
        answers = scenario.answers_under(rulebook)
        missing = next_question(rulebook, answers)
        if missing is not None:
            yield f"Scenario “{scenario.title}” does not answer “{missing.short}”."
            continue
        group = verdict(cells(tables, answers, pricer), rulebook.thresholds).group
        if group is None or group.value != scenario.winner:
            now = group.value if group else "nothing"
            yield f"Scenario “{scenario.title}” would come out as {now}, not {scenario.winner}."
