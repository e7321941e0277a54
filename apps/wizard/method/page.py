"""How a recommendation is computed: a block for each section of the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from apps.catalog.models import BenchmarkDifficulty, Gpu, ThroughputProfile
from apps.decision.answers import Answers
from apps.decision.rulebook import QuestionKind, Rulebook, Thresholds
from apps.decision.uncertainty import MOST_STATES
from apps.decision.vocabulary import TIE_ORDER
from apps.engine import assumption_rows, links, sentences
from apps.engine.contexts import AssumedRow
from apps.engine.engine import Engine
from apps.money.memory import RESERVED_GB, USABLE, WEIGHTS_OVERHEAD
from apps.money.workload import HOURS_PER_MONTH
from apps.wizard.method import facts, tables
from apps.wizard.method.capability import CapabilityTables, capability_tables
from apps.wizard.method.facts import GpuRow, ProfileRow
from apps.wizard.method.tables import (
    CostScale,
    CriterionBlock,
    NumberRow,
    RequirementRow,
    ShareRow,
    VetoRow,
)
from apps.wizard.method.wins import WinsBlock, wins_block


@dataclass(frozen=True, slots=True)
class Rows:
    """The catalog's rows that the page lists."""

    difficulties: Iterable[BenchmarkDifficulty]
    gpus: Iterable[Gpu]
    profiles: Iterable[ThroughputProfile]


@dataclass(frozen=True, slots=True)
class StrengthBlock:
    """How sure a result is, and who wins a tie."""

    thresholds: Thresholds
    ties: str


@dataclass(frozen=True, slots=True)
class UnsureBlock:
    """How answers that are not sure are tried."""

    most_states: int
    volumes: str


@dataclass(frozen=True, slots=True)
class MoneyBlock:
    """The constants of the costs, from beside their formulas."""

    weights_overhead: float
    usable: float
    reserved_gb: float
    hours_per_month: int


@dataclass(frozen=True, slots=True)
class DatesBlock:
    """From when the rules and the prices are."""

    version: int
    published_on: date | None
    data_date: date


@dataclass(frozen=True, slots=True)
class MethodPage:
    """How a recommendation is computed."""

    questions: int
    wins: WinsBlock
    vetoes: tuple[VetoRow, ...]
    requirements: tuple[RequirementRow, ...]
    criteria: tuple[CriterionBlock, ...]
    cost: CostScale
    strength: StrengthBlock
    unsure: UnsureBlock
    shares: tuple[ShareRow, ...]
    money: MoneyBlock
    numbers: tuple[NumberRow, ...]
    assumptions: tuple[AssumedRow, ...]
    capability: CapabilityTables
    gpus: tuple[GpuRow, ...]
    profiles: tuple[ProfileRow, ...]
    dates: DatesBlock


def method_page(engine: Engine, rows: Rows) -> MethodPage:
    """Return everything that the page shows, from the rules and the rows that decide today."""
    rulebook = engine.rulebook
    return MethodPage(
        questions=len(rulebook.questions),
        wins=wins_block(engine),
        vetoes=tuple(tables.vetoes(rulebook)),
        requirements=tuple(tables.requirements(rulebook)),
        criteria=tables.criteria(rulebook),
        cost=tables.cost_scale(rulebook),
        strength=_strength(rulebook),
        unsure=UnsureBlock(MOST_STATES, _volumes(rulebook)),
        shares=tuple(tables.shares(rulebook)),
        money=MoneyBlock(WEIGHTS_OVERHEAD, USABLE, RESERVED_GB, HOURS_PER_MONTH),
        numbers=tuple(tables.numbers(rulebook)),
        assumptions=assumption_rows.rows(engine, Answers(), partial(links.result_url, rulebook)),
        capability=capability_tables(engine, rows.difficulties),
        gpus=tuple(map(facts.gpu, rows.gpus)),
        profiles=tuple(map(facts.profile, rows.profiles)),
        dates=DatesBlock(rulebook.version, rulebook.published_on, engine.market.as_of),
    )


def _strength(rulebook: Rulebook) -> StrengthBlock:
    names = [sentences.name(rulebook, option) for option in TIE_ORDER]
    return StrengthBlock(rulebook.thresholds, sentences.listed(names, "then"))


def _volumes(rulebook: Rulebook) -> str:
    number = next((q for q in rulebook.questions if q.kind is QuestionKind.NUMBER), None)
    return sentences.listed([f"{state:,}" for state in number.states]) if number else ""
