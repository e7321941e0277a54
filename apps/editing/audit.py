"""Who changed what and when, kept by django-reversion: rows are recorded and put back."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

import reversion
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Max
from reversion.models import Version

from apps.editing.states import (
    Fields,
    Line,
    Relations,
    State,
    cascading,
    differences,
    held,
    lines,
    load,
    locate,
    part,
    state,
    state_of,
    walk,
)

type Who = AbstractBaseUser | AnonymousUser | None

# Rows are seeded, and programs change them; what belongs to a row has pages of its own, too.
FOUND = "As it was found before the next change. What is new here was not changed on this page."
DELETED = "Deleted."


class NotPutBackError(Exception):
    """A state that cannot be put back; the message is a sentence for its editor."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row as it was recorded, with what had changed."""

    version: Version
    lines: list[Line]


@transaction.atomic
def record(rows: Iterable[models.Model], user: Who = None, comment: str = FOUND) -> None:
    """Record rows of a table as the database has them, unless they were recorded like that."""
    for row in _loaded(rows, held):
        _write(row, held, user, comment)


@transaction.atomic
def record_deletion(rows: Iterable[models.Model], user: Who) -> None:
    """Record all that goes when rows of a table are deleted, before it goes."""
    for row in _loaded(rows, cascading, always=True):
        _write(row, cascading, user, DELETED)


@contextmanager
def changing(rows: Sequence[models.Model], user: Who, comment: str) -> Iterator[None]:
    """Record what happens to rows of a table inside, all together or not at all."""
    with transaction.atomic():
        record(rows)
        yield
        record(rows, user, comment)


def _loaded(
    rows: Iterable[models.Model], relations: Relations, *, always: bool = False
) -> list[models.Model]:
    """Read rows of a table again, those that are not as they were recorded last."""
    tables = {row.pk: type(row) for row in rows}
    if not tables:
        return []
    (table,) = set(tables.values())
    found = load(table._base_manager.filter(pk__in=list(tables)), relations)
    if always:
        return list(found)
    versions = Version.objects.get_for_model(table).filter(object_id__in=[str(k) for k in tables])
    last = versions.order_by().values("object_id").annotate(last=Max("pk")).values("last")
    recorded = {version.object_id: known for version, known in states(versions.filter(pk__in=last))}
    return [row for row in found if recorded.get(str(row.pk)) != state_of(row)]


def _write(row: models.Model, relations: Relations, user: Who, comment: str) -> None:
    # By hand, for what belongs to a row was read with it: a signal for each row reads it anew.
    with reversion.create_revision(manage_manually=True, atomic=False):
        reversion.set_user(user if isinstance(user, AbstractBaseUser) else None)
        reversion.set_comment(comment)
        for each in walk(row, relations):
            reversion.add_to_revision(each)


def states(
    versions: Iterable[Version], relations: Relations = held
) -> Iterator[tuple[Version, State]]:
    """Yield each version with its row, and what belonged to that, as they were recorded."""
    versions = list(versions)
    whole: dict[int, State] = {}
    beside = Version.objects.filter(revision__in={version.revision_id for version in versions})
    for version in beside.select_related("content_type").order_by("pk"):
        whole.setdefault(version.revision_id, {})[_key(version)] = _fields(version)
    for version in versions:
        yield version, part(whole[version.revision_id], _key(version), relations)


def _key(version: Version) -> str:
    table = version.content_type.model_class()
    return f"{table._meta.label_lower}:{version.object_id}"


def _fields(version: Version) -> Fields:
    fields: Fields = json.loads(version.serialized_data)[0]["fields"]
    return fields


def history(row: models.Model, most: int) -> list[Recorded]:
    """Return the last times that a row was recorded, the latest first."""
    versions = Version.objects.get_for_object(row).select_related("revision__user")
    found = list(states(versions[: most + 1]))
    told = []
    for place, (version, now) in enumerate(found[:most]):
        if place + 1 < len(found):
            before = found[place + 1][1]
        else:
            # All that was found is no news; all of a row that was added is.
            before = now if version.revision.comment == FOUND else {}
        told.append(Recorded(version, list(lines(differences(before, now)))))
    return told


def whole_history(row: models.Model, most: int) -> list[Recorded]:
    """Return the last changes of a row and of all that belongs to it, the latest first.

    A change that was recorded with the row is told once, there.
    """
    told = history(row, most)
    known = set(Version.objects.get_for_object(row).values_list("revision_id", flat=True))
    found = load(type(row)._base_manager.filter(pk=row.pk), cascading).first()
    tables: dict[type[models.Model], list[str]] = {}
    for each in walk(found, cascading) if found else ():
        if each != row:
            tables.setdefault(type(each), []).append(str(each.pk))
    for table, keys in tables.items():
        for one in _changes(table, keys, most):
            if one.version.revision_id not in known:
                known.add(one.version.revision_id)
                told.append(one)
    told.sort(key=lambda one: one.version.pk, reverse=True)
    return told[:most]


def _changes(table: type[models.Model], keys: Sequence[str], most: int) -> Iterator[Recorded]:
    """Yield the last changes of rows of a table, each against what was recorded of it before."""
    recorded = Version.objects.get_for_model(table).filter(object_id__in=keys)
    latest = list(recorded.select_related("revision__user").order_by("-pk")[: 2 * most])
    found = dict(states(latest))
    for place, version in enumerate(latest[:most]):
        before = next((v for v in latest[place + 1 :] if v.object_id == version.object_id), None)
        if before is None and version.revision.comment == FOUND:
            continue
        lines_ = list(lines(differences(found[before] if before else {}, found[version])))
        if lines_:
            yield Recorded(version, lines_)


def since(version: Version) -> list[Line]:
    """Return what putting a version back would change, now and then."""
    row = row_of(version)
    then = _then(version, row)
    return list(lines(differences(state(row) if row is not None else {}, then)))


def row_of(version: Version) -> models.Model | None:
    """Return the row as it is now; None where it is gone."""
    table: type[models.Model] = version.content_type.model_class()
    return table._base_manager.filter(pk=version.object_id).first()


def _then(version: Version, row: models.Model | None) -> State:
    ((_, then),) = states([version], cascading if row is None else held)
    return then


def put_back(version: Version, user: Who) -> models.Model:
    """Give a row, and what belongs to it, the state of a version, or change nothing.

    Raises NotPutBackError.
    """
    try:
        with transaction.atomic():
            return _put_back(version, user)
    except ValidationError as error:
        raise NotPutBackError(" ".join(error.messages)) from error
    except (DatabaseError, DeserializationError, CycleError) as error:
        raise NotPutBackError("Other rows depend on what is there now.") from error


def _put_back(version: Version, user: Who) -> models.Model:
    row = row_of(version)
    now: State = {}
    if row is not None:
        # What is undone now can be wanted again.
        record([row])
        now = state(row)
    then = _then(version, row)
    for key in now.keys() - then.keys():
        table, pk = locate(key)
        for gone in table._base_manager.filter(pk=pk):
            gone.delete()
    for key in _in_order(then):
        if then[key] != now.get(key):
            _restore(key, then[key])
    # References are looked at when a transaction ends, which is too late to say so.
    connection.check_constraints()
    restored = row_of(version)
    if restored is None:
        raise ValidationError("Its own rows contradict each other.")
    when = f"{version.revision.date_created:%Y-%m-%d %H:%M}"
    record([restored], user, f"Put back as of {when}.")
    return restored


def _in_order(rows: State) -> Iterable[str]:
    """Return the rows of a state, each after those that it refers to."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for key, fields in rows.items():
        table, _ = locate(key)
        keys = [
            f"{field.related_model._meta.label_lower}:{fields.get(field.name)}"
            for field in table._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
        ]
        order.add(key, *(other for other in keys if other in rows and other != key))
    return order.static_order()


def _restore(key: str, fields: Fields) -> None:
    table, pk = locate(key)
    known = {field.name for field in (*table._meta.fields, *table._meta.many_to_many)}
    data = {
        "model": table._meta.label_lower,
        "pk": pk,
        "fields": {name: value for name, value in fields.items() if name in known},
    }
    for found in serializers.deserialize("python", [data]):
        row: Any = found.object
        # A row that is there must not count as its own double.
        row._state.adding = not table._base_manager.filter(pk=pk).exists()
        row.full_clean()
        row.save()
        for name, rows in (found.m2m_data or {}).items():
            getattr(row, name).set(rows)
