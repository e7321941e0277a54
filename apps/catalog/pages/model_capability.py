"""What a model can do, as its page shows it: its index, and what it solves of each task."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from apps.catalog.capabilities import capability_of, index_on
from apps.catalog.models import Capability, Model
from apps.catalog.pages.labels import Badge, stale_badge
from apps.common.citing import SourceNote
from apps.common.format import share
from apps.money.needs import Level


@dataclass(frozen=True, slots=True)
class TaskLevel:
    """A kind of work that the rules know, and how hard it is."""

    name: str
    level: Level


type FindLevels = Callable[[], Sequence[TaskLevel]]

_finders: list[FindLevels] = []


def register(find: FindLevels) -> None:
    """Ask `find` for the levels of work whenever a page shows what a model can do."""
    if find not in _finders:
        _finders.append(find)


def task_levels() -> tuple[TaskLevel, ...]:
    """Return all levels of work, in the order in which they are asked for."""
    return tuple(level for find in _finders for level in find())


@dataclass(frozen=True, slots=True)
class Chance:
    """The share of one kind of work that a model is expected to solve."""

    task: str
    share: str


@dataclass(frozen=True, slots=True)
class CapabilityBlock:
    """Where a model stands on the index, and which line of it stands for the model."""

    eci: str
    interval: str  # empty where it is not known
    counted: str  # what is reckoned with where that is less; else empty
    line: str  # empty for an estimate
    grade: str
    note: str
    stale: Badge | None
    snapshot: date
    index_source: SourceNote
    source: SourceNote
    chances: tuple[Chance, ...]


def capability_block(
    model: Model, day: date, levels: Sequence[TaskLevel]
) -> CapabilityBlock | None:
    """Return what is known on a day; None where no line of the index stands for the model."""
    row: Capability | None = getattr(model, "capability", None)
    if row is None:
        return None
    index = index_on(day, [row.index_name])
    found = capability_of(model, index)
    if found is None:
        return None
    known = found.low is not None and found.high is not None
    return CapabilityBlock(
        eci=f"{found.eci:.1f}",
        interval=f"{found.low:.1f} to {found.high:.1f}" if known else "",
        counted=f"{found.counted:.1f}" if found.counted < found.eci else "",
        line=found.stands_for,
        grade=row.get_grade_display(),
        note=found.note,
        stale=stale_badge(row.checked_on, day),
        snapshot=found.snapshot,
        index_source=(index[row.index_name] if found.stands_for else row).source.cited(),
        source=row.source.cited(),
        chances=tuple(Chance(one.name, share(one.level.chance(found.counted))) for one in levels),
    )
