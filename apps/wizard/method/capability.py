"""What models can do: the index, how hard each task is on its scale, and where models stand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from apps.catalog.models import BenchmarkDifficulty, Capability
from apps.common.citing import SourceNote
from apps.engine.engine import Engine
from apps.engine.work_levels import levels_of
from apps.money import market
from apps.money.market import Candidate

# Benchmarks within so many points of a task are named beside it.
_NEAR = 6.0


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """A benchmark with its difficulty and slope on the scale of the index."""

    name: str
    difficulty: float
    slope: float


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A task: how hard it is, how sharply it tells models apart, and benchmarks as hard."""

    task: str
    difficulty: float
    slope: float
    benchmarks: tuple[BenchmarkRow, ...]


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model on the index, and the line that stands for it."""

    model: str
    url: str
    provider: str
    eci: float
    interval: str  # empty where it is not known
    line: str  # empty for an estimate
    grade: str
    snapshot: date


@dataclass(frozen=True, slots=True)
class CapabilityTables:
    """The tasks, the models with the best first, and where the difficulties were read."""

    levels: tuple[LevelRow, ...]
    models: tuple[ModelRow, ...]
    near: float
    sources: tuple[SourceNote, ...]


def capability_tables(engine: Engine, rows: Iterable[BenchmarkDifficulty]) -> CapabilityTables:
    """Return what models can do on the day of the engine."""
    benchmarks = tuple(rows)
    measured = (
        _model(candidate, candidate.capability)
        for candidate in engine.market.candidates
        if candidate.capability is not None
    )
    return CapabilityTables(
        levels=tuple(_levels(engine, benchmarks)),
        models=tuple(sorted(measured, key=lambda row: (-row.eci, row.model))),
        near=_NEAR,
        sources=tuple(dict.fromkeys(row.source.cited() for row in benchmarks)),
    )


def _levels(engine: Engine, benchmarks: Sequence[BenchmarkDifficulty]) -> Iterator[LevelRow]:
    for task in levels_of(engine.rulebook):
        difficulty = task.level.difficulty
        near = (row for row in benchmarks if abs(row.difficulty - difficulty) <= _NEAR)
        named = tuple(BenchmarkRow(row.benchmark, row.difficulty, row.slope) for row in near)
        yield LevelRow(task.name, difficulty, task.level.slope, named)


def _model(candidate: Candidate, found: market.Capability) -> ModelRow:
    known = found.low is not None and found.high is not None
    return ModelRow(
        model=candidate.name,
        url=reverse("catalog:detail", args=[candidate.slug]),
        provider=candidate.provider,
        eci=found.eci,
        interval=f"{found.low:.1f} to {found.high:.1f}" if known else "",
        line=found.stands_for,
        grade=str(Capability.Grade(found.grade).label),
        snapshot=found.snapshot,
    )
