"""What the templates of the scenarios and the guide may use: one frozen dataclass a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.urls import reverse

from apps.common.citing import SourceNote
from apps.decision.rulebook import Rulebook
from apps.scenarios.models import (
    Basis,
    Definition,
    EvidenceNote,
    HybridPattern,
    Scenario,
    Side,
    Sourced,
    Statement,
    Takeaway,
    TradeOff,
    TradeOffKind,
)


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A scenario in the list: its title, its address, who wins and why in one sentence."""

    title: str
    url: str
    winner: str
    summary: str

    @classmethod
    def of(cls, row: Scenario) -> Self:
        """Read the line of a row."""
        return cls(row.title, row.get_absolute_url(), row.winner, row.summary)


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list of scenarios."""

    scenarios: tuple[ScenarioLine, ...]

    @classmethod
    def of(cls, rows: Iterable[Scenario]) -> Self:
        """Build the page."""
        return cls(tuple(ScenarioLine.of(row) for row in rows))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A note with its source; a judgement is marked as one."""

    text: str
    is_judgement: bool
    source: SourceNote

    @classmethod
    def of(cls, row: EvidenceNote) -> Self:
        """Read a note."""
        return cls(row.text, row.basis == Basis.JUDGEMENT, row.cited())


@dataclass(frozen=True, slots=True)
class DetailPage:
    """One scenario."""

    title: str
    summary: str
    situation: str
    winner: str
    why: str
    when_not: str
    evidence: tuple[Evidence, ...]
    source: SourceNote
    load_url: str
    questions_url: str

    @classmethod
    def of(cls, row: Scenario, rulebook: Rulebook | None) -> Self:
        """Build the page; without published rules it leads nowhere."""
        query = first = ""
        if rulebook:
            query = row.answers_under(rulebook).query(rulebook)
            first = reverse("wizard:question", args=[rulebook.questions[0].key])
        return cls(
            title=row.title,
            summary=row.summary,
            situation=row.situation,
            winner=row.winner,
            why=row.why,
            when_not=row.when_not,
            evidence=tuple(Evidence.of(note) for note in row.evidence.all()),
            source=row.cited(),
            load_url=f"{reverse('wizard:result')}?{query}" if rulebook else "",
            questions_url=f"{first}?{query}" if rulebook else "",
        )


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means here."""

    slug: str
    term: str
    text: str
    examples: str


@dataclass(frozen=True, slots=True)
class Point:
    """An advantage or a disadvantage, and the criterion that weighs it."""

    title: str
    text: str
    criterion: str
    is_judgement: bool


@dataclass(frozen=True, slots=True)
class SideOfIt:
    """One side's trade-offs; the group's word goes with its mark."""

    group: str
    advantages: tuple[Point, ...]
    disadvantages: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A way to split the work."""

    title: str
    text: str
    closed_part: str
    open_part: str


@dataclass(frozen=True, slots=True)
class About:
    """What the guide says of itself."""

    title: str
    text: str
    source: SourceNote


@dataclass(frozen=True, slots=True)
class GuideRows:
    """Everything that the guide shows, each table read once."""

    definitions: Iterable[Definition]
    trade_offs: Iterable[TradeOff]
    patterns: Iterable[HybridPattern]
    takeaways: Iterable[Takeaway]
    statements: Iterable[Statement]


@dataclass(frozen=True, slots=True)
class GuidePage:
    """The guide; each part with the sources that it rests on."""

    definitions: tuple[Term, ...]
    definition_sources: tuple[SourceNote, ...]
    sides: tuple[SideOfIt, ...]
    trade_off_sources: tuple[SourceNote, ...]
    patterns: tuple[Split, ...]
    pattern_sources: tuple[SourceNote, ...]
    takeaways: tuple[str, ...]
    takeaway_sources: tuple[SourceNote, ...]
    about: tuple[About, ...]

    @classmethod
    def of(cls, rows: GuideRows) -> Self:
        """Build the page."""
        definitions, patterns = tuple(rows.definitions), tuple(rows.patterns)
        takeaways, trade_offs = tuple(rows.takeaways), tuple(rows.trade_offs)
        return cls(
            definitions=tuple(Term(d.slug, d.term, d.text, d.examples) for d in definitions),
            definition_sources=_sources(definitions),
            sides=tuple(_side(side, trade_offs) for side in Side),
            trade_off_sources=_sources(trade_offs),
            patterns=tuple(Split(p.title, p.text, p.closed_part, p.open_part) for p in patterns),
            pattern_sources=_sources(patterns),
            takeaways=tuple(takeaway.text for takeaway in takeaways),
            takeaway_sources=_sources(takeaways),
            about=tuple(About(s.title, s.text, s.cited()) for s in rows.statements),
        )


def _sources(rows: Iterable[Sourced]) -> tuple[SourceNote, ...]:
    """Return every source once, in the order of the page."""
    return tuple(dict.fromkeys(row.cited() for row in rows))


def _side(side: Side, rows: tuple[TradeOff, ...]) -> SideOfIt:
    return SideOfIt(
        group=side.label,
        advantages=_points(side, TradeOffKind.ADVANTAGE, rows),
        disadvantages=_points(side, TradeOffKind.DISADVANTAGE, rows),
    )


def _points(side: Side, kind: TradeOffKind, rows: tuple[TradeOff, ...]) -> tuple[Point, ...]:
    return tuple(
        Point(row.title, row.text, row.get_criterion_display(), row.basis == Basis.JUDGEMENT)
        for row in rows
        if row.side == side and row.kind == kind
    )
