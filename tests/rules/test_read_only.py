"""What was published stays as it was, whichever way somebody tries to write it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from apps.common.rows import unlocked
from apps.decision.rulebook import Rulebook as Compiled
from apps.rules import compile, publishing
from apps.rules.models import Part, Question, ReadOnlyError, Rulebook, Status, Versioned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

TODAY = date(2026, 11, 25)
APPROVED = publishing.Approval("What is new.")
TABLES = [t for t in apps.get_app_config("rules").get_models() if issubclass(t, Versioned)]
PARTS = [table for table in TABLES if issubclass(table, Part)]
type Write = Callable[[Any], object]


def field_of(row: Versioned) -> str:
    """Return the name of a field that holds a value of the row's own."""
    return next(f.name for f in row._meta.concrete_fields if not (f.is_relation or f.primary_key))


def compiled() -> Compiled:
    return compile.compile_rulebook(Rulebook.objects.with_everything().get(version=1))


def again(row: Versioned) -> Any:
    """Return the row as one that was never saved."""
    row.pk = None
    row._state.adding = True
    return row


def update(rows: Any, row: Versioned) -> None:
    """Give a row the value again that it has."""
    rows.filter(pk=row.pk).update(**{field_of(row): getattr(row, field_of(row))})


def siblings(row: Any) -> Any:
    """Return the rows as they are reached from what they belong to."""
    if isinstance(row, Rulebook):
        return Rulebook._base_manager
    return getattr(getattr(row, row.owner().name), row.owner().remote_field.related_name)


WRITES: dict[str, Write] = {
    "save": lambda row: row.save(),
    "save of a field": lambda row: row.save(update_fields=[field_of(row)]),
    "save as a fixture": lambda row: row.save_base(raw=True),
    "delete": lambda row: row.delete(),
    "delete of several": lambda row: type(row).objects.filter(pk=row.pk).delete(),
    "update": lambda row: update(type(row).objects, row),
    "update of siblings": lambda row: update(siblings(row), row),
    "update in bulk": lambda row: type(row).objects.bulk_update([row], [field_of(row)]),
    "a new row": lambda row: again(row).save(),
    "new rows in bulk": lambda row: type(row).objects.bulk_create([again(row)]),
    "a row that replaces another": lambda row: type(row).objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=[field_of(row)]
    ),
}


def tried(name: str, row: Versioned) -> None:
    with transaction.atomic():
        WRITES[name](row)


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.RETIRED])
@pytest.mark.parametrize("table", TABLES)
def test_a_row_of_what_was_published_is_not_written(table: type[Versioned], status: Status) -> None:
    with unlocked():
        Rulebook.objects.update(status=status)
    before = compiled()
    for name in WRITES:
        with pytest.raises(ReadOnlyError, match="only read; copy it to a draft"):
            tried(name, table.objects.all()[0])
    assert compiled() == before


@pytest.mark.parametrize("table", TABLES)
def test_a_row_of_a_draft_is_written(table: type[Versioned]) -> None:
    with unlocked():
        Rulebook.objects.update(status=Status.DRAFT)
    for name in WRITES:
        row = table.objects.order_by("-pk")[0]
        with transaction.atomic():
            if "new" in name:
                table.objects.filter(pk=row.pk).delete()
            tried(name, row)
            transaction.set_rollback(True)


@pytest.mark.parametrize("table", PARTS)
def test_a_row_of_a_draft_does_not_move_into_what_was_published(table: type[Part]) -> None:
    published = table.objects.all()[0]
    draft = publishing.copy_to_draft(Rulebook.objects.get())
    row = table.objects.filter(**{table.path("pk"): draft.pk})[0]
    setattr(row, table.owner().attname, getattr(published, table.owner().attname))
    with pytest.raises(ReadOnlyError):
        row.save()


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.RETIRED])
def test_a_draft_is_published_and_retired_by_publishing_only(status: Status) -> None:
    draft = publishing.copy_to_draft(Rulebook.objects.get())
    with pytest.raises(ReadOnlyError):
        Rulebook.objects.filter(pk=draft.pk).update(status=status, published_on=TODAY)
    draft.status, draft.published_on = status, TODAY
    with pytest.raises(ReadOnlyError):
        draft.save()
    with pytest.raises(ReadOnlyError):
        Rulebook.objects.create(version=9, status=status, published_on=TODAY)
    assert Rulebook.objects.get(pk=draft.pk).status == Status.DRAFT


def test_a_version_that_was_read_as_a_draft_is_locked_once_it_is_published() -> None:
    draft = publishing.copy_to_draft(Rulebook.objects.get())
    question = Question.objects.select_related("rulebook").filter(rulebook=draft)[0]
    publishing.publish(draft, TODAY, APPROVED)
    assert question.rulebook.status == Status.DRAFT
    with pytest.raises(ReadOnlyError):
        question.save()
    with pytest.raises(ReadOnlyError):
        draft.save()


def test_a_retired_version_stays_as_it_was() -> None:
    before = compiled()
    publishing.publish(publishing.copy_to_draft(Rulebook.objects.get()), TODAY, APPROVED)
    assert Rulebook.objects.get(version=1).status == Status.RETIRED
    assert compiled() == before


def test_every_process_sees_at_once_what_is_published(client: Client) -> None:
    assert "version 1," in client.get("/how-it-works/").text
    # What another process writes reaches this one by the database alone.
    publishing.publish(publishing.copy_to_draft(Rulebook.objects.get()), TODAY, APPROVED)
    assert "version 2," in client.get("/how-it-works/").text


def test_rules_that_take_the_place_of_others_of_the_same_number_are_seen() -> None:
    before = compile.current()
    assert compile.current() is before
    with unlocked():
        Rulebook.objects.update(close_call=4.5)
    assert compile.current().rulebook.thresholds.close_call == 4.5
