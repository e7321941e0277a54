"""The published rulebook, compiled from its rows once for each version."""

from functools import lru_cache

from apps.decision.rulebook import (
    AssumptionText,
    ChecklistItem,
    Choice,
    CriterionText,
    NextStep,
    OptionText,
    Parameter,
    Question,
    QuestionKind,
    Risk,
    Rulebook,
    StepKind,
    Thresholds,
    Veto,
)
from apps.decision.scoring import Tables
from apps.decision.vocabulary import Criterion
from apps.money.options import Option
from apps.rules import models


class NoRulebookError(Exception):
    """No version is published, so nothing can be decided."""


def current() -> Tables:
    """Return the tables of the published rulebook; one query while the version stays."""
    row = models.Rulebook.objects.published().values("pk", "version").first()
    if row is None:
        raise NoRulebookError("No rulebook is published; publish one in the admin or run seed.")
    return _tables(row["pk"], row["version"])


@lru_cache(maxsize=4)
def _tables(pk: int, version: int) -> Tables:
    """Keep the last versions; a published version is read-only, so its number is enough."""
    row = models.Rulebook.objects.with_everything().get(pk=pk, version=version)
    return Tables(compile_rulebook(row))


def forget() -> None:
    """Drop what is kept, for tests and for a version that an editor takes back."""
    _tables.cache_clear()


def compile_rulebook(row: models.Rulebook) -> Rulebook:
    """Turn the rows of one version into plain values."""
    return Rulebook(
        version=row.version,
        published_on=row.published_on,
        questions=tuple(_question(question) for question in row.questions.all()),
        base={
            (Criterion(value.criterion), Option(value.option)): value.value
            for value in row.base_values.all()
        },
        options={Option(text.option): _option(text) for text in row.option_texts.all()},
        criteria={
            Criterion(text.criterion): CriterionText(
                criterion=Criterion(text.criterion),
                name=text.name,
                about=text.about,
                better=text.better,
                basis=text.basis,
                basis_url=text.basis_url,
                as_of=text.as_of,
            )
            for text in row.criterion_texts.all()
        },
        assumptions=tuple(
            AssumptionText(
                key=assumption.key,
                label=assumption.label,
                default=assumption.default,
                low=assumption.low,
                high=assumption.high,
                unit=assumption.unit,
                source=assumption.source,
                source_url=assumption.source_url,
                as_of=assumption.as_of,
            )
            for assumption in row.assumptions.all()
        ),
        thresholds=Thresholds(
            close_call=row.close_call,
            clear=row.clear,
            robust=row.robust,
            likely=row.likely,
            leaning=row.leaning,
        ),
        no_model=row.no_model,
        cost_floor_usd=row.cost_floor_usd,
        cost_points=row.cost_points,
    )


def _question(row: models.Question) -> Question:
    return Question(
        key=row.key,
        kind=QuestionKind(row.kind),
        title=row.title,
        why=row.why,
        missing=row.missing,
        short=row.short,
        choices=tuple(_choice(choice) for choice in row.choices.all()),
        hint=row.hint,
        asked_if=(row.asked_if_question, frozenset(row.asked_if_answers.split()))
        if row.asked_if_question
        else None,
        states=tuple(int(state) for state in row.states.split()),
        low=row.low,
        high=row.high,
    )


def _choice(row: models.Choice) -> Choice:
    return Choice(
        key=row.key,
        label=row.label,
        consequence=row.consequence,
        phrase=row.phrase,
        deltas={
            (Criterion(effect.criterion), Option(effect.option)): effect.delta
            for effect in row.value_effects.all()
        },
        points={Criterion(effect.criterion): effect.points for effect in row.point_effects.all()},
        vetoes=tuple(
            Veto(
                Option(veto.option),
                (veto.only_if.question.key, veto.only_if.key) if veto.only_if else None,
            )
            for veto in row.veto_effects.all()
        ),
        parameters={Parameter(entry.parameter): entry.value for entry in row.parameters.all()},
        checklist=tuple(
            ChecklistItem(item.text, item.source, item.source_url, item.as_of)
            for item in row.checklist.all()
        ),
    )


def _option(row: models.OptionText) -> OptionText:
    return OptionText(
        option=Option(row.option),
        name=row.name,
        headline=row.headline,
        sentence=row.sentence,
        risks=tuple(Risk(risk.text, risk.trip_wire) for risk in row.risks.all()),
        steps=tuple(NextStep(StepKind(step.kind), step.text) for step in row.steps.all()),
    )
