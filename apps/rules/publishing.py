"""Versions of the rules: copy one to a draft, publish a draft, both whole or not at all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from apps.common.rows import unlocked
from apps.decision import rulebook as compiled
from apps.decision.checks import problems
from apps.rules.compile import compile_rulebook
from apps.rules.lint import shortcomings
from apps.rules.models import Part, Provenance, Rulebook, Status
from apps.rules.musts import weakened

# How the note of a copy begins until its editors say what is new.
COPIED = "Copied from version "
# The copy of each row, by its table and key.
type _Copies = dict[tuple[type[models.Model], int], models.Model]
# Yields what speaks against publishing sound rules on a day, each a sentence.
type Check = Callable[[compiled.Rulebook, date], Iterable[str]]

_checks: list[Check] = [shortcomings]


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
    draft.note = f"{COPIED}{rulebook.version}."
    draft.save(force_insert=True)
    Provenance.objects.create(rulebook=draft, copied_from=rulebook)
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


@dataclass(frozen=True, slots=True)
class Approval:
    """What goes with publishing: words of one's own, who does it, and what was confirmed."""

    note: str
    by: AbstractBaseUser | None = None
    confirmed: frozenset[str] = frozenset()


def publish(draft: Rulebook, today: date, approval: Approval) -> None:
    """Publish a draft and retire the version before it, if nothing is wrong with the draft.

    What takes long is done before anything is locked; nobody may have changed the draft since.
    """
    row = Rulebook.objects.with_everything().get(pk=draft.pk)
    seen, before = compile_rulebook(row), published()
    reasons = reasons_against(row, today)
    if row.status == Status.DRAFT:
        reasons += tuple(_unapproved(row, seen, before, approval))
    if reasons:
        raise NotPublishableError(reasons)
    with transaction.atomic():
        row = Rulebook.objects.with_everything().select_for_update().get(pk=draft.pk)
        if (compile_rulebook(row), published()) != (seen, before) or row.status != Status.DRAFT:
            raise NotPublishableError(("Somebody changed the rules meanwhile: look again.",))
        with unlocked():
            Rulebook.objects.published().update(status=Status.RETIRED)
            Rulebook.objects.filter(pk=row.pk).update(
                status=Status.PUBLISHED, published_on=today, note=approval.note.strip()
            )
        Provenance.objects.update_or_create(
            rulebook=row, defaults={"published_by_id": approval.by.pk if approval.by else None}
        )


def published() -> compiled.Rulebook | None:
    """Return the published rules as their rows are now; None where there are none."""
    row = Rulebook.objects.published().with_everything().first()
    return compile_rulebook(row) if row else None


def _unapproved(
    row: Rulebook,
    rules: compiled.Rulebook,
    before: compiled.Rulebook | None,
    approval: Approval,
) -> Iterator[str]:
    if not approval.note.strip() or approval.note.startswith(COPIED):
        yield "Say in the note what is new in this version, and why."
    if is_own(row, approval.by):
        yield "You edited this draft last: somebody else has to publish it."
    for found in weakened(before, rules) if before else ():
        if found.key not in approval.confirmed:
            yield f"Confirm this, or take it back: {found.sentence}"


def is_own(draft: Rulebook, user: AbstractBaseUser | None) -> bool:
    """Tell whether somebody would publish what nobody else has looked at."""
    if user is None or settings.PUBLISH_ALONE:
        return False
    story = Provenance.objects.filter(rulebook=draft).first()
    return story is not None and story.edited_by_id == user.pk


def reasons_against(row: Rulebook, today: date) -> tuple[str, ...]:
    """Return what speaks against publishing: broken rules, or what a check finds in sound ones."""
    if row.status != Status.DRAFT:
        return (f"Version {row.version} is {row.status}; only a draft can be published.",)
    try:
        rulebook = compile_rulebook(row)
        broken = problems(rulebook)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return (f"The rules cannot be read: {error}.",)
    return broken or tuple(reason for check in _checks for reason in _asked(check, rulebook, today))


def _asked(check: Check, rulebook: compiled.Rulebook, today: date) -> Iterator[str]:
    """Ask a check; where the rules break it, that is a reason of its own."""
    try:
        yield from check(rulebook, today)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        yield f"The rules cannot be computed with: {error}."
