"""Decisions that were taken beside what the rules advise: a report, never a test to tune to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from apps.decision.answers import Answers
from apps.decision.assumed import assumptions
from apps.decision.decide import Comparison, OptionResult, compared, option_results, typical
from apps.decision.scoring import Said, Tables
from apps.decision.uncertainty import cells
from apps.decision.verdict import Verdict, verdict
from apps.money.market import Market
from apps.money.options import Group
from apps.money.pricing import Pricer


class Agreement(StrEnum):
    """How what is advised relates to what was chosen."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NONE = "none"  # nothing is advised, so that there is nothing to compare


@dataclass(frozen=True)
class Advice:
    """What the rules advise on one market, beside the groups that were acceptable.

    `against` compares the advised option with the nearest of the other side: on disagreement what
    was chosen, on agreement what was not. It is None where nothing of the other side is possible.
    """

    day: date
    models: int
    # The day on which the capability of these models was estimated; None without a model.
    snapshot: date | None
    verdict: Verdict
    agreement: Agreement
    against: Comparison | None
    options: tuple[OptionResult, ...]

    @property
    def advised(self) -> OptionResult | None:
        """All about the option that is advised."""
        return next((o for o in self.options if o.option is self.verdict.option), None)


def advise(
    tables: Tables, market: Market, answers: Answers, acceptable: Collection[Group]
) -> Advice:
    """Return what is advised on a market; pure: the same arguments give the same advice."""
    pricer = Pricer(market, assumptions(tables.rulebook, answers), tables.scale)
    found = cells(tables, answers, pricer)
    outcome = verdict(found, tables.rulebook.thresholds)
    cell, row = typical(found, outcome)
    needs = tables.needs(cell.batch.state(row), Said.of(answers))
    options = option_results(tables, answers, found, pricer.detail(needs))
    agreement = agreement_of(outcome.group, acceptable)
    comparisons = compared(outcome.option, options, found)
    return Advice(
        day=market.as_of,
        models=len(market.candidates),
        snapshot=_snapshot(market),
        verdict=outcome,
        agreement=agreement,
        against=_other_side(comparisons, acceptable, agreement),
        options=options,
    )


def agreement_of(group: Group | None, acceptable: Collection[Group]) -> Agreement:
    """Return whether an advised group is one of those that were acceptable."""
    if group is None:
        return Agreement.NONE
    return Agreement.AGREES if group in acceptable else Agreement.DIFFERS


def _other_side(
    comparisons: Sequence[Comparison], acceptable: Collection[Group], agreement: Agreement
) -> Comparison | None:
    wants_chosen = agreement is Agreement.DIFFERS
    return next((c for c in comparisons if (c.other.group in acceptable) is wants_chosen), None)


def _snapshot(market: Market) -> date | None:
    """Return the snapshot of the index; an editor's estimate has the day of its check instead."""
    days = [c.capability.snapshot for c in market.candidates if c.capability]
    return min(days, default=None)


def ruled_out(advice: Advice, group: Group) -> bool:
    """Tell whether the answers rule out every option of a group."""
    return all(o.feasible is False for o in advice.options if o.option.group is group)
