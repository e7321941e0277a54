"""The page that shows how a recommendation is computed, with every table behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.urls import reverse

from apps.catalog.models import Gpu, Source, ThroughputProfile, TierGrade
from apps.decision.answers import Answers
from apps.decision.rulebook import (
    Choice,
    CriterionText,
    Parameter,
    Question,
    QuestionKind,
    Rulebook,
    Thresholds,
)
from apps.decision.uncertainty import MOST_STATES, Cell, mean
from apps.decision.vocabulary import CRITERIA, TIE_ORDER, Criterion
from apps.engine import assumption_rows, links, sentences
from apps.engine.contexts import AssumedRow
from apps.engine.engine import Engine
from apps.money.memory import RESERVED_GB, UNKNOWN_OVERHEAD, USABLE, WEIGHTS_OVERHEAD
from apps.money.options import OPTIONS, Option
from apps.money.workload import HOURS_PER_MONTH

_PARAMETERS = {
    Parameter.TIER: "capability tier of the model",
    Parameter.REST_TIER: "tier of the open part of a hybrid",
    Parameter.HARD_SHARE: "share of requests that a hybrid sends to a closed API",
    Parameter.PEAK: "busiest hour, times the mean hour",
    Parameter.TOKENS_IN: "tokens in",
    Parameter.TOKENS_OUT: "tokens out",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The catalog's rows that the page lists."""

    tiers: Iterable[TierGrade]
    gpus: Iterable[Gpu]
    profiles: Iterable[ThroughputProfile]


@dataclass(frozen=True, slots=True)
class SourceLink:
    """Where something was read, and when."""

    title: str
    url: str  # empty where it has none
    date: date


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option: what it is, and in how many combinations of answers it wins."""

    name: str
    group: str
    sentence: str
    share: float


@dataclass(frozen=True, slots=True)
class WinRow:
    """The shares of the options under one answer to the must-haves."""

    condition: str
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class VetoRow:
    """An answer and what it rules out."""

    question: str
    answer: str
    rules_out: str
    only_if: str  # empty where the answer is enough alone


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What one answer does to one criterion."""

    question: str
    answer: str
    points: float
    changes: tuple[float, ...]  # in the order of the options


@dataclass(frozen=True, slots=True)
class CriterionBlock:
    """One criterion with all that moves it."""

    key: str
    name: str
    about: str
    basis: str
    basis_url: str
    as_of: date
    base: tuple[float, ...]  # empty where the value is computed
    effects: tuple[EffectRow, ...]


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number that an answer hands to the costs or to the choice of models."""

    question: str
    answer: str
    what: str
    value: float


@dataclass(frozen=True, slots=True)
class TierRow:
    """A model's capability tier and what it rests on."""

    model: str
    url: str
    provider: str
    tier: int
    tier_name: str
    grade: str
    reason: str
    source: SourceLink
    date: date


@dataclass(frozen=True, slots=True)
class GpuRow:
    """A GPU with its memory and its hourly prices."""

    name: str
    vram_gb: float
    rent: float | None
    rent_source: SourceLink | None
    own: float | None
    own_source: SourceLink | None
    source: SourceLink


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A measured profile: microseconds of one GPU at full load."""

    model: str
    gpu: str
    precision: str
    active_params_b: float
    input_us: float
    output_us: float
    context_us: float
    worst_fit_percent: float
    source: SourceLink


@dataclass(frozen=True, slots=True)
class MethodPage:
    """How a recommendation is computed."""

    version: int
    published_on: date | None
    data_date: date
    questions: int
    options: tuple[OptionRow, ...]
    groups: tuple[tuple[str, float], ...]
    none_share: float
    samples: int
    wins: tuple[WinRow, ...]
    vetoes: tuple[VetoRow, ...]
    criteria: tuple[CriterionBlock, ...]
    cost_floor_usd: float
    cost_points: float
    cost_top_usd: float  # from this difference on, cost counts with all its points
    numbers: tuple[NumberRow, ...]
    thresholds: Thresholds
    ties: str
    most_states: int
    unsure_volume: str
    assumptions: tuple[AssumedRow, ...]
    tiers: tuple[TierRow, ...]
    gpus: tuple[GpuRow, ...]
    profiles: tuple[ProfileRow, ...]
    weights_overhead: float
    unknown_overhead: float
    usable: float
    reserved_gb: float
    hours_per_month: int
    json_url: str


def page(engine: Engine, rows: Rows) -> MethodPage:
    """Return everything that the page shows, from the rules and the rows that decide today."""
    rulebook = engine.rulebook
    cells = engine.standing(Answers())
    won = mean(cells, "acceptability")
    shares = {option: float(won[place]) for place, option in enumerate(OPTIONS)}
    groups: dict[str, float] = {}
    for option, part in shares.items():
        groups[option.group.value] = groups.get(option.group.value, 0.0) + part
    return MethodPage(
        version=rulebook.version,
        published_on=rulebook.published_on,
        data_date=engine.market.as_of,
        questions=len(rulebook.questions),
        options=tuple(_option(rulebook, option, shares[option]) for option in OPTIONS),
        groups=tuple(groups.items()),
        none_share=max(0.0, 1 - sum(shares.values())),
        samples=sum(cell.batch.size for cell in cells),
        wins=tuple(_win(rulebook, cell) for cell in cells),
        vetoes=tuple(_vetoes(rulebook)),
        criteria=tuple(_criterion(rulebook, criterion) for criterion in CRITERIA),
        cost_floor_usd=rulebook.cost_floor_usd,
        cost_points=rulebook.cost_points,
        # Three powers of ten above the floor, as the score has it.
        cost_top_usd=rulebook.cost_floor_usd * 1000,
        numbers=tuple(_numbers(rulebook)),
        thresholds=rulebook.thresholds,
        ties=sentences.listed([sentences.name(rulebook, option) for option in TIE_ORDER], "then"),
        most_states=MOST_STATES,
        unsure_volume=_unsure_volume(rulebook),
        assumptions=assumption_rows.rows(engine, Answers(), partial(links.result_url, rulebook)),
        tiers=tuple(_tier(row) for row in rows.tiers),
        gpus=tuple(_gpu(row) for row in rows.gpus),
        profiles=tuple(_profile(row) for row in rows.profiles),
        weights_overhead=WEIGHTS_OVERHEAD,
        unknown_overhead=UNKNOWN_OVERHEAD,
        usable=USABLE,
        reserved_gb=RESERVED_GB,
        hours_per_month=HOURS_PER_MONTH,
        json_url=reverse("wizard:result-json"),
    )


def _option(rulebook: Rulebook, option: Option, won: float) -> OptionRow:
    text = rulebook.options[option]
    return OptionRow(text.name, option.group.value, text.sentence, won)


def _win(rulebook: Rulebook, cell: Cell) -> WinRow:
    return WinRow(sentences.condition(rulebook, cell.condition), tuple(cell.acceptability.tolist()))


def _vetoes(rulebook: Rulebook) -> Iterable[VetoRow]:
    """Yield the vetoes; those of an answer that need another answer stand in a row of their own."""
    for question in rulebook.questions:
        for choice in question.choices:
            out: dict[tuple[str, str] | None, list[str]] = {}
            for veto in choice.vetoes:
                out.setdefault(veto.only_if, []).append(sentences.name(rulebook, veto.option))
            for only_if, names in out.items():
                beside = sentences.ruled_out(rulebook, (only_if,)) if only_if else ""
                yield VetoRow(question.short, choice.label, sentences.listed(names), beside)


def _criterion(rulebook: Rulebook, criterion: Criterion) -> CriterionBlock:
    text: CriterionText = rulebook.criteria[criterion]
    return CriterionBlock(
        key=criterion.value,
        name=text.name,
        about=text.about,
        basis=text.basis,
        basis_url=text.basis_url,
        as_of=text.as_of,
        base=()
        if criterion is Criterion.COST
        else tuple(rulebook.base.get((criterion, option), 0.0) for option in OPTIONS),
        effects=tuple(
            _effect(question, choice, criterion)
            for question in rulebook.questions
            for choice in question.choices
            if _moves(choice, criterion)
        ),
    )


def _moves(choice: Choice, criterion: Criterion) -> bool:
    deltas = (value for (moved, _), value in choice.deltas.items() if moved is criterion)
    return bool(choice.points.get(criterion)) or any(deltas)


def _effect(question: Question, choice: Choice, criterion: Criterion) -> EffectRow:
    return EffectRow(
        question.short,
        choice.label,
        choice.points.get(criterion, 0.0),
        tuple(choice.deltas.get((criterion, option), 0.0) for option in OPTIONS),
    )


def _numbers(rulebook: Rulebook) -> Iterable[NumberRow]:
    for question in rulebook.questions:
        for choice in question.choices:
            for parameter, value in choice.parameters.items():
                yield NumberRow(question.short, choice.label, _PARAMETERS[parameter], value)


def _unsure_volume(rulebook: Rulebook) -> str:
    number = next((q for q in rulebook.questions if q.kind is QuestionKind.NUMBER), None)
    return sentences.listed([f"{state:,}" for state in number.states]) if number else ""


def _source(row: Source | None) -> SourceLink | None:
    return SourceLink(row.title, row.url, row.read_on) if row else None


def _tier(row: TierGrade) -> TierRow:
    return TierRow(
        model=row.model.name,
        url=reverse("catalog:detail", args=[row.model.slug]),
        provider=row.model.provider.name,
        tier=row.tier,
        tier_name=row.get_tier_display(),
        grade=row.get_grade_display(),
        reason=row.reason,
        source=SourceLink(row.source.title, row.source.url, row.source.read_on),
        date=row.date,
    )


def _gpu(row: Gpu) -> GpuRow:
    return GpuRow(
        name=row.name,
        vram_gb=row.vram_gb,
        rent=row.rent_hourly,
        rent_source=_source(row.rent_source),
        own=row.own_hourly,
        own_source=_source(row.own_source),
        source=SourceLink(row.source.title, row.source.url, row.source.read_on),
    )


def _profile(row: ThroughputProfile) -> ProfileRow:
    return ProfileRow(
        model=row.model_slug,
        gpu=row.gpu_slug.upper(),
        precision=row.precision,
        active_params_b=row.active_params_b,
        input_us=row.seconds_per_input_token * 1e6,
        output_us=row.seconds_per_output_token * 1e6,
        context_us=row.seconds_per_output_token_per_context_token * 1e6,
        worst_fit_percent=row.worst_fit_error_percent,
        source=SourceLink(row.source.title, row.source.url, row.source.read_on),
    )
