"""The published rulebook, compiled from its rows once for each version."""

from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Subquery

from apps.catalog.models import CatalogVersion
from apps.common.unavailable import NotReadyError
from apps.decision.rulebook import (
    AssumptionText,
    ChecklistItem,
    Choice,
    Combine,
    CriterionText,
    HostClause,
    NextStep,
    OptionText,
    Parameter,
    Question,
    QuestionKind,
    Risk,
    Rulebook,
    ShareBasis,
    StepKind,
    Thresholds,
    Veto,
)
from apps.decision.scoring import Tables
from apps.decision.vocabulary import Criterion
from apps.money.cache import Latest
from apps.money.options import Option
from apps.rules import models

_MOST_BYTES = 4_000_000
_tables: Latest[None, Tables] = Latest(_MOST_BYTES)


class NoRulebookError(NotReadyError):
    """No version is published, so nothing can be decided."""


class Versions(NamedTuple):
    """What names the state of the published rules, None without any, and that of the catalog.

    Of the rules their row and the token of its state: another token is another state.
    """

    rules: tuple[int, str] | None
    catalog: str


def versions() -> Versions:
    """Return the versions of now, both with one query."""
    with connection.cursor() as cursor:
        cursor.execute(*_versions_query())
        found = cursor.fetchone()
    if found is None:
        return Versions(None, CatalogVersion.current())
    return Versions((found[0], found[1]), found[2] or "")


@cache
def _versions_query() -> tuple[str, tuple[Any, ...]]:
    """Return the query of every request, written once: that takes longer than to run it."""
    catalog = Subquery(CatalogVersion.objects.values("token")[:1])
    rows = models.Rulebook.objects.published().order_by("pk")
    return rows.values_list("pk", "token", catalog)[:1].query.sql_with_params()


def current(now: Versions | None = None) -> Tables:
    """Return the tables of the published rulebook; one query where the versions are not known."""
    rules = (now or versions()).rules
    if rules is None:
        raise NoRulebookError("No rulebook is published; publish one in the admin or run seed.")
    return _tables.get(None, rules, lambda: _compile(rules[0]))


def _compile(pk: int) -> Tables:
    return Tables(compile_rulebook(models.Rulebook.objects.with_everything().get(pk=pk)))


def drafts() -> tuple[Rulebook, ...]:
    """Return the rules of each draft as its rows are now."""
    return tuple(map(compile_rulebook, models.Rulebook.objects.drafts().with_everything()))


def compiled(row: models.Rulebook) -> Rulebook:
    """Return the rules of one version as its rows are now."""
    return compile_rulebook(models.Rulebook.objects.with_everything().get(pk=row.pk))


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
        capability_floor=row.capability_floor,
        rest_floor=row.rest_floor,
        hybrid_capability=row.hybrid_capability,
        hybrid_penalty=row.hybrid_penalty,
        hard_consequence_weight=row.hard_consequence_weight,
        hard_consequence_value=row.hard_consequence_value,
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
        asked_if=tuple(
            (condition.parent, frozenset(condition.answers.split()))
            for condition in row.conditions.all()
        ),
        combine=Combine(row.combine),
        when_unsure=row.when_unsure,
        shares_basis=_shares_basis(row),
        states=tuple(int(state) for state in row.states.split()),
        state_shares=tuple(float(share) for share in row.state_shares.split()),
        low=row.low,
        high=row.high,
    )


def _shares_basis(row: models.Question) -> ShareBasis | None:
    if row.shares_as_of is None:
        return None
    return ShareBasis(row.shares_reason, row.shares_source, row.shares_url, row.shares_as_of)


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
        requires=tuple(
            HostClause(frozenset(asked.facts.split()), asked.unless_question)
            for asked in row.host_requirements.all()
        ),
        share=row.share,
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
