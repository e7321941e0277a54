"""Versions of the rules: copy one to a draft, publish a draft, both whole or not at all."""

from collections.abc import Callable, Iterable
from datetime import date

from django.apps import apps
from django.db import models, transaction

from apps.common.rows import unlocked
from apps.decision import rulebook as compiled
from apps.decision.checks import problems
from apps.rules.compile import compile_rulebook
from apps.rules.models import Part, Rulebook, Status

# The copy of each row, by its table and key.
type _Copies = dict[tuple[type[models.Model], int], models.Model]
# Yields what speaks against publishing sound rules on a day, each a sentence.
type Check = Callable[[compiled.Rulebook, date], Iterable[str]]

_checks: list[Check] = []


def register(check: Check) -> None:
    """Have each draft looked at by another app before it is published."""
    _checks.append(check)


class NotPublishableError(Exception):
    """A draft that must not be published; `reasons` are sentences for its editor."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@transaction.atomic
def copy_to_draft(rulebook: Rulebook) -> Rulebook:
    """Copy a version with all its rows to a draft with the next number."""
    newest = Rulebook.objects.select_for_update().order_by("-version").first()
    draft: Rulebook = Rulebook.objects.get(pk=rulebook.pk)
    draft.pk, draft.status, draft.published_on = None, Status.DRAFT, None
    draft.version = newest.version + 1 if newest else 1
    draft.note = f"Copied from version {rulebook.version}."
    draft.save(force_insert=True)
    copies: _Copies = {(Rulebook, rulebook.pk): draft}
    for table in apps.get_app_config("rules").get_models():
        # In the order of their definition: what a row refers to is copied before it.
        if issubclass(table, Part):
            _copy_rows(table, rulebook, copies)
    return draft


def _copy_rows(table: type[Part], rulebook: Rulebook, copies: _Copies) -> None:
    """Copy a table's rows of a version, each referring to copies where it referred to rows."""
    rows = list(table.objects.filter(**{table.path("pk"): rulebook.pk}).order_by("pk"))
    keys = [row.pk for row in rows]
    for row in rows:
        row.pk, row._state.adding = None, True
        for field in table._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and getattr(row, field.attname) is not None:
                key = (field.related_model, getattr(row, field.attname))
                setattr(row, field.name, copies[key])
    for key, row in zip(keys, table.objects.bulk_create(rows), strict=True):
        copies[table, key] = row


@transaction.atomic
def publish(draft: Rulebook, today: date) -> None:
    """Publish a draft and retire the version before it, if nothing is wrong with the draft."""
    row = Rulebook.objects.with_everything().select_for_update().get(pk=draft.pk)
    reasons = reasons_against(row, today)
    if reasons:
        raise NotPublishableError(reasons)
    with unlocked():
        Rulebook.objects.published().update(status=Status.RETIRED)
        Rulebook.objects.filter(pk=row.pk).update(status=Status.PUBLISHED, published_on=today)


def reasons_against(row: Rulebook, today: date) -> tuple[str, ...]:
    """Return what speaks against publishing: broken rules, or what a check finds in sound ones."""
    if row.status != Status.DRAFT:
        return (f"Version {row.version} is {row.status}; only a draft can be published.",)
    rulebook = compile_rulebook(row)
    broken = problems(rulebook)
    return broken or tuple(reason for check in _checks for reason in check(rulebook, today))
