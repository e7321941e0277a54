"""What models can do, measured: the line of the index that stands for each, on one day's scale."""

from collections.abc import Collection, Mapping
from datetime import date

from apps.catalog.models import Capability, IndexScore, Model
from apps.money import market
from apps.money.market import CapabilityGrade


def index_on(day: date, names: Collection[str] | None = None) -> Mapping[str, IndexScore]:
    """Return the index by its own names: the first snapshot of a day or after it, else the newest.

    The whole index is estimated anew at each snapshot, so that the scores of two are never mixed.
    With `names` only those lines are read, with their source.
    """
    scores = IndexScore.objects.of_snapshot_on(day)
    if names is not None:
        scores = scores.filter(name__in=names).select_related("source")
    return {score.name: score for score in scores}


def capability_of(model: Model, index: Mapping[str, IndexScore]) -> market.Capability | None:
    """Return what a model can do; None where no line of the index stands for it."""
    row: Capability | None = getattr(model, "capability", None)
    if row is None:
        return None
    grade = CapabilityGrade(row.grade)
    if row.estimate is not None:
        return market.Capability(
            eci=row.estimate,
            low=row.estimate_low,
            high=row.estimate_high,
            grade=grade,
            stands_for="",
            snapshot=row.checked_on,
            note=row.note,
        )
    score = index.get(row.index_name)
    if score is None:
        return None
    return market.Capability(
        score.eci, score.ci_low, score.ci_high, grade, score.name, score.snapshot, row.note
    )
