"""The verdict of a set of answers: one lead, a split by an unknown must-have, or a conflict."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.decision.rulebook import Thresholds
from apps.decision.uncertainty import PLACES, Lead, Strength, Won, strength, won
from apps.money.options import OPTIONS, Group, Option


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is recommended; group and option are None where nothing can be.

    `leading` is what wins most states even where that is too few to recommend it; it is None
    where an unknown must-have splits the verdict.
    """

    group: Group | None
    option: Option | None
    strength: Strength
    share: float
    leading: Option | None


def verdict(cells: Sequence[Won], thresholds: Thresholds) -> Verdict:
    """Return the verdict; where the cells of an unknown veto disagree, it is split."""
    leads = {cell.lead.option for cell in cells}
    if len(leads) > 1:
        return Verdict(None, None, Strength.SPLIT, 0.0, None)
    # All cells agree on the option; the share is that of all states together.
    whole = together(cells)
    sure = strength(whole, thresholds)
    if sure in {Strength.NONE, Strength.CONFLICT}:
        return Verdict(None, None, sure, whole.share, whole.option)
    return Verdict(whole.group, whole.option, sure, whole.share, whole.option)


def together(cells: Sequence[Won]) -> Lead:
    """Return the lead over all states, where every cell has the same one."""
    first = cells[0].lead
    if len(cells) == 1 or first.option is None:
        return first
    acceptability = won(cells)
    share = round(float(acceptability[PLACES[first.option.group]].sum()), 12)
    return Lead(first.option, share, float(acceptability[OPTIONS.index(first.option)]))
