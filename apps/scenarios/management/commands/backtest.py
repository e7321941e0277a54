"""Report how often the rules advise what organisations chose."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from apps.common.today import today
from apps.decision.backtest import Advice, Agreement
from apps.decision.rulebook import Rulebook
from apps.rules import compile
from apps.scenarios.backtest import agreeing, backtests, headline, reason
from apps.scenarios.models import PublishedDecision

_WORDS = {Agreement.AGREES: "agrees", Agreement.DIFFERS: "differs", Agreement.NONE: "open"}


class Command(BaseCommand):
    """Prints each published decision beside what is advised; it never fails over a difference."""

    help = (
        "Print what the rules advise for each published decision, as of its day and as of today, "
        "with the reason. It is a report: no table is to be changed because of it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each decision and day, then how many agree."""
        versions = compile.versions()
        if not versions.rules:
            self.stdout.write("No rules are published: there is nothing to compare.")
            return
        decisions = list(PublishedDecision.objects.in_order())
        rulebook = compile.current(versions).rulebook
        found = backtests(decisions, versions, today())
        for decision, one in zip(decisions, found, strict=True):
            for advice in (one.then, one.now):
                self.stdout.write(_line(rulebook, decision, advice))
        self.stdout.write(_sum("As of the day of the decision", [one.then for one in found]))
        self.stdout.write(_sum("As of today", [one.now for one in found]))


def _sum(when: str, advice: Sequence[Advice]) -> str:
    none = sum(one.agreement is Agreement.NONE for one in advice)
    return f"{when}: {agreeing(advice)} of {len(advice)} agree, {none} without a recommendation."


def _line(rulebook: Rulebook, decision: PublishedDecision, advice: Advice) -> str:
    return (
        f"{decision.organisation} | {advice.day} | chose {' or '.join(decision.acceptable)} | "
        f"{headline(rulebook, advice)} | {_WORDS[advice.agreement]} | "
        f"{reason(rulebook, advice, decision.acceptable)}"
    )
