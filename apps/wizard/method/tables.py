"""The tables of the rules: what rules an option out, and what moves each criterion."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from apps.common.citing import SourceDate, SourceNote
from apps.decision.rulebook import Choice, CriterionText, Question, Rulebook
from apps.decision.vocabulary import CRITERIA, Criterion
from apps.engine import sentences
from apps.money.options import OPTIONS
from apps.rules.words import HOST_FACTS, PARAMETERS


@dataclass(frozen=True, slots=True)
class VetoRow:
    """An answer and what it rules out."""

    question: str
    answer: str
    rules_out: str
    only_if: str  # empty where the answer is enough alone


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """What an answer asks of the hosts whose prices count."""

    question: str
    answer: str
    asks: str
    only_while: str  # empty where it always holds


@dataclass(frozen=True, slots=True)
class ShareRow:
    """How common an answer is taken to be, and why."""

    question: str
    answer: str
    share: float
    reason: str
    source: SourceNote


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
    # Empty where the value is computed; None for an option of which it follows from the parts.
    base: tuple[float | None, ...]
    effects: tuple[EffectRow, ...]


@dataclass(frozen=True, slots=True)
class CostScale:
    """From which difference of bills on cost counts, and from which with all its points."""

    floor_usd: float
    points: float
    top_usd: float


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number that an answer hands to the costs or to the choice of models."""

    question: str
    answer: str
    what: str
    value: float


def vetoes(rulebook: Rulebook) -> Iterable[VetoRow]:
    """Yield the vetoes; those of an answer that need another answer stand in a row of their own."""
    for question in rulebook.questions:
        for choice in question.choices:
            out: dict[tuple[str, str] | None, list[str]] = {}
            for veto in choice.vetoes:
                out.setdefault(veto.only_if, []).append(sentences.name(rulebook, veto.option))
            for only_if, names in out.items():
                beside = sentences.ruled_out(rulebook, (only_if,)) if only_if else ""
                yield VetoRow(question.short, choice.label, sentences.listed(names), beside)


def requirements(rulebook: Rulebook) -> Iterable[RequirementRow]:
    """Yield what each answer asks of hosts; of several facts in a row one is enough."""
    for question in rulebook.questions:
        for choice in question.choices:
            for clause in choice.requires:
                words = [word for fact, word in HOST_FACTS.items() if fact in clause.any_of]
                other = rulebook.by_key.get(clause.unless)
                only_while = f"nothing is named under “{other.short}”" if other else ""
                asks = sentences.listed(words, "or")
                yield RequirementRow(question.short, choice.label, asks, only_while)


def shares(rulebook: Rulebook) -> Iterable[ShareRow]:
    """Yield how common answers are taken to be, where they are not all taken alike."""
    for question in rulebook.questions:
        basis = question.shares_basis
        if basis is None:
            continue
        source = SourceNote(basis.source, basis.source_url, dated=SourceDate.of(basis.as_of))
        given = [(choice.label, choice.share) for choice in question.choices]
        given += zip(
            (f"{state:,}" for state in question.states), question.state_shares, strict=False
        )
        for answer, share in given:
            if share is not None:
                yield ShareRow(question.short, answer, share, basis.reason, source)


def criteria(rulebook: Rulebook) -> tuple[CriterionBlock, ...]:
    """Return the criteria in the order of every table."""
    return tuple(_criterion(rulebook, criterion) for criterion in CRITERIA)


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
        else tuple(rulebook.base.get((criterion, option)) for option in OPTIONS),
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


def cost_scale(rulebook: Rulebook) -> CostScale:
    """Return the scale of cost: it ends three powers of ten above its floor."""
    floor = rulebook.cost_floor_usd
    return CostScale(floor, rulebook.cost_points, floor * 1000)


def numbers(rulebook: Rulebook) -> Iterable[NumberRow]:
    """Yield the numbers that answers hand to the costs or to the choice of models."""
    for question in rulebook.questions:
        for choice in question.choices:
            for parameter, value in choice.parameters.items():
                yield NumberRow(question.short, choice.label, PARAMETERS[parameter], value)
