"""What the templates of the published decisions may use: one frozen dataclass a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.urls import reverse

from apps.common.citing import SourceDate, SourceNote
from apps.common.format import number
from apps.decision.answers import Answers
from apps.decision.backtest import Advice, Agreement
from apps.decision.rulebook import QuestionKind, Rulebook
from apps.money.options import Group
from apps.money.overrides import AT
from apps.rules.compile import Versions, current
from apps.scenarios.backtest import Backtest, agreeing, backtests, headline, reason
from apps.scenarios.models import PublishedDecision

_WORDS = {
    Agreement.AGREES: "Agrees",
    Agreement.DIFFERS: "Differs",
    Agreement.NONE: "No recommendation",
}


@dataclass(frozen=True, slots=True)
class Advised:
    """What is advised on the market of one day, whether that is what was chosen, and why."""

    day: date
    group: str  # empty where nothing is advised
    headline: str
    agreement: str
    reason: str
    models: int
    snapshot: date | None
    # The index was estimated later than that day: what a team could know of models is not kept.
    is_hindsight: bool

    @classmethod
    def of(cls, rulebook: Rulebook, advice: Advice, acceptable: tuple[Group, ...]) -> Self:
        """Put an advice into words."""
        group = advice.verdict.group
        return cls(
            day=advice.day,
            group=group.value if group else "",
            headline=headline(rulebook, advice),
            agreement=_WORDS[advice.agreement],
            reason=reason(rulebook, advice, acceptable),
            models=advice.models,
            snapshot=advice.snapshot,
            is_hindsight=advice.snapshot is not None and advice.snapshot > advice.day,
        )


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision in the list."""

    organisation: str
    url: str
    decided: tuple[SourceDate, ...]
    chosen_group: str
    also_acceptable: str
    then: Advised
    now: Advised

    @classmethod
    def of(cls, rulebook: Rulebook, row: PublishedDecision, found: Backtest) -> Self:
        """Read the line of a row."""
        return cls(
            organisation=row.organisation,
            url=row.get_absolute_url(),
            decided=_dates(row),
            chosen_group=row.chosen_group,
            also_acceptable=row.also_acceptable,
            then=Advised.of(rulebook, found.then, row.acceptable),
            now=Advised.of(rulebook, found.now, row.acceptable),
        )


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """The list of published decisions, and how many agree."""

    decisions: tuple[DecisionLine, ...]
    agree_then: int
    agree_now: int

    @classmethod
    def of(cls, rows: Iterable[PublishedDecision], versions: Versions, today: date) -> Self:
        """Build the page; without published rules nothing can be advised."""
        if not versions.rules:
            return cls((), 0, 0)
        rows, rulebook = tuple(rows), current(versions).rulebook
        found = backtests(rows, versions, today)
        return cls(
            tuple(
                DecisionLine.of(rulebook, row, one) for row, one in zip(rows, found, strict=True)
            ),
            agreeing(one.then for one in found),
            agreeing(one.now for one in found),
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer, in words."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One published decision."""

    organisation: str
    sentence: str
    decided: tuple[SourceDate, ...]
    chosen_group: str
    chosen: str
    also_acceptable: str
    confidence: str
    caveat: str
    answers: tuple[Answered, ...]
    # Then and today; empty without published rules.
    advice: tuple[Advised, ...]
    sources: tuple[SourceNote, ...]
    load_url: str
    load_then_url: str

    @classmethod
    def of(cls, row: PublishedDecision, versions: Versions, today: date) -> Self:
        """Build the page; without published rules it leads nowhere."""
        rulebook = current(versions).rulebook if versions.rules else None
        advice: tuple[Advised, ...] = ()
        answered: tuple[Answered, ...] = ()
        load = ""
        if rulebook:
            answers = row.answers_under(rulebook)
            (found,) = backtests([row], versions, today)
            advice = tuple(
                Advised.of(rulebook, one, row.acceptable) for one in (found.then, found.now)
            )
            answered = tuple(_answered(rulebook, answers))
            load = f"{reverse('wizard:result')}?{answers.query(rulebook)}"
        return cls(
            organisation=row.organisation,
            sentence=row.sentence,
            decided=_dates(row),
            chosen_group=row.chosen_group,
            chosen=row.chosen,
            also_acceptable=row.also_acceptable,
            confidence=row.get_confidence_display().lower(),
            caveat=row.caveat,
            answers=answered,
            advice=advice,
            sources=(row.cited(), *(one.cited() for one in row.further_sources.all())),
            load_url=load,
            load_then_url=f"{load}&{AT}={row.day.isoformat()}" if load else "",
        )


def _dates(row: PublishedDecision) -> tuple[SourceDate, ...]:
    """Return when it was decided: one date, or the first and the last of a period."""
    return tuple(SourceDate(one) for one in row.decided.split("/"))


def _answered(rulebook: Rulebook, answers: Answers) -> Iterator[Answered]:
    for key, value in answers.pairs:
        question = rulebook.by_key.get(key)
        if question is None:
            continue
        if question.kind is QuestionKind.NUMBER:
            yield Answered(question.short, f"{number(float(value))} a day")
        elif value in question.by_key:
            yield Answered(question.short, question.by_key[value].label)
