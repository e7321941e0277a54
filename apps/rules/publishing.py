"""Versions of the rules: copy one to a draft, publish a draft, both whole or not at all."""

from datetime import date

from django.core import serializers
from django.db import models, transaction

from apps.catalog.compile import current_market
from apps.decision.answers import Answers
from apps.decision.assumed import assumptions
from apps.decision.checks import problems
from apps.decision.flow import next_question
from apps.decision.scoring import Tables
from apps.decision.uncertainty import cells
from apps.decision.verdict import verdict
from apps.money.pricing import Pricer
from apps.rules.compile import compile_rulebook
from apps.rules.models import (
    Assumption,
    BaseValue,
    ChecklistItem,
    Choice,
    ChoiceParameter,
    CriterionText,
    OptionRisk,
    OptionStep,
    OptionText,
    PointEffect,
    Question,
    Rulebook,
    Status,
    ValueEffect,
    VetoEffect,
)
from apps.rules.scenario_answers import scenario_answers
from apps.scenarios.models import Scenario

# Each table of a version with the way to its rulebook, a row's parents before the row.
_TABLES: tuple[tuple[type[models.Model], str], ...] = (
    (Question, "rulebook"),
    (Choice, "question__rulebook"),
    (ValueEffect, "choice__question__rulebook"),
    (PointEffect, "choice__question__rulebook"),
    (VetoEffect, "choice__question__rulebook"),
    (ChoiceParameter, "choice__question__rulebook"),
    (ChecklistItem, "choice__question__rulebook"),
    (BaseValue, "rulebook"),
    (OptionText, "rulebook"),
    (OptionRisk, "option_text__rulebook"),
    (OptionStep, "option_text__rulebook"),
    (CriterionText, "rulebook"),
    (Assumption, "rulebook"),
)


class NotPublishableError(Exception):
    """A draft that must not be published; `reasons` are sentences for its editor."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@transaction.atomic
def copy_to_draft(rulebook: Rulebook) -> Rulebook:
    """Copy a version with all its rows to a draft with the next number."""
    newest = Rulebook.objects.select_for_update().order_by("-version").first()
    version = newest.version + 1 if newest else 1
    draft: Rulebook = Rulebook.objects.get(pk=rulebook.pk)
    draft.pk, draft.version, draft.status, draft.published_on = None, version, Status.DRAFT, None
    draft.note = f"Copied from version {rulebook.version}."
    draft.save(force_insert=True)
    for table, path in _TABLES:
        rows = table._default_manager.filter(**{path: rulebook}).order_by("pk")
        plain = serializers.serialize(
            "python", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True
        )
        for row in plain:
            # Every natural key begins with the version.
            row["fields"] = {
                name: [version, *value[1:]] if isinstance(value, list | tuple) else value
                for name, value in row["fields"].items()
            }
        for copy in serializers.deserialize("python", plain):
            copy.save()
    return draft


@transaction.atomic
def publish(draft: Rulebook, today: date) -> None:
    """Publish a draft and retire the version before it, if nothing is wrong with the draft."""
    row = Rulebook.objects.select_for_update().with_everything().get(pk=draft.pk)
    reasons = reasons_against(row, today)
    if reasons:
        raise NotPublishableError(reasons)
    Rulebook.objects.published().update(status=Status.RETIRED)
    Rulebook.objects.filter(pk=row.pk).update(status=Status.PUBLISHED, published_on=today)


def reasons_against(row: Rulebook, today: date) -> tuple[str, ...]:
    """Return what speaks against publishing: broken rules, or a scenario that comes out wrong."""
    if row.status != Status.DRAFT:
        return (f"Version {row.version} is {row.status}; only a draft can be published.",)
    rulebook = compile_rulebook(row)
    broken = problems(rulebook)
    if broken:
        return broken
    tables = Tables(rulebook)
    prices = Pricer(current_market(today), assumptions(rulebook, Answers()))
    found = []
    for scenario in Scenario.objects.in_order():
        answers = scenario_answers(rulebook, scenario)
        missing = next_question(rulebook, answers)
        if missing is not None:
            found.append(f"Scenario “{scenario.title}” does not answer “{missing.short}”.")
            continue
        group = verdict(cells(tables, answers, prices), rulebook.thresholds).group
        if group is None or group.value != scenario.winner:
            now = group.value if group else "nothing"
            found.append(
                f"Scenario “{scenario.title}” would come out as {now}, not {scenario.winner}."
            )
    return tuple(found)
