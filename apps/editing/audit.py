"""The state of a row with all that belongs to it: compared, kept when it changes, put back."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import User as AnyUser
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from apps.common.format import UNKNOWN
from apps.editing.models import Change

type Fields = dict[str, Any]
# Rows by "app.table:key", each with its fields as JSON has them.
type State = dict[str, Fields]
type Who = AnyUser | AnonymousUser | None


@dataclass(frozen=True, slots=True)
class Line:
    """One field of one row, before and after, in words."""

    row: str
    field: str
    old: str
    new: str


def state(row: models.Model, parts: Sequence[str] = ()) -> State:
    """Read a row and the rows at `parts`, such as `offers__prices`, as the database has them."""
    table = type(row)._base_manager
    found: list[models.Model] = list(table.filter(pk=row.pk))
    for part in parts:
        found += _below(row, part.split("__"))
    plain = json.loads(json.dumps(serializers.serialize("python", found), cls=DjangoJSONEncoder))
    return {f"{data['model']}:{data['pk']}": data["fields"] for data in plain}


def _below(row: models.Model, path: list[str]) -> list[models.Model]:
    """Return the rows at the end of a path of reverse relations, in one query."""
    lookup: list[str] = []
    table = type(row)
    for name in path:
        relation: Any = table._meta.get_field(name)
        lookup.insert(0, relation.field.name)
        table = relation.related_model
    return list(table._base_manager.filter(**{"__".join(lookup): row.pk}).order_by("pk"))


def differences(before: State, after: State) -> list[dict[str, Any]]:
    """Return the rows that differ, each with its differing fields as [old, new]."""
    rows = []
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        kind = "added" if old is None else "removed" if new is None else "changed"
        names = {**(old or {}), **(new or {})}
        pairs = {name: [(old or {}).get(name), (new or {}).get(name)] for name in names}
        fields = {n: p for n, p in pairs.items() if kind != "changed" or p[0] != p[1]}
        rows.append({"row": key, "kind": kind, "fields": fields})
    return rows


def keep(row: models.Model, before: State, after: State, user: Who, comment: str) -> Change | None:
    """Keep what changed; None where nothing did."""
    rows = differences(before, after)
    if not rows:
        return None
    return Change.objects.create(
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        name=str(row)[:200],
        user=user if isinstance(user, AnyUser) else None,
        comment=comment[:300],
        rows=rows,
    )


@contextmanager
def kept(
    rows: Iterable[models.Model], user: Who, comment: str, parts: Sequence[str] = ()
) -> Iterator[None]:
    """Keep what happens to these rows inside, all together or not at all."""
    with transaction.atomic():
        before = [(row, row.pk, state(row, parts)) for row in rows]
        yield
        for row, key, old in before:
            row.pk = key
            keep(row, old, state(row, parts), user, comment)


def put_back(change: Change, user: Who) -> None:
    """Give every field that a change touched its old value again, and keep that as a change.

    Raises ValidationError or a database error where the old values fit no longer; then nothing
    is written.
    """
    with transaction.atomic():
        touched = [_named(row["row"]) for row in change.rows]
        before = _present(touched)
        for row, (table, key) in zip(change.rows, touched, strict=True):
            if row["kind"] == "added":
                for gone in table._base_manager.filter(pk=key):
                    gone.delete()
        for row, (table, key) in zip(change.rows, touched, strict=True):
            if row["kind"] != "added":
                _restore(table, key, row["fields"], before.get(row["row"]))
        rows = differences(before, _present(touched))
        if rows:
            Change.objects.create(
                content_type=change.content_type,
                object_id=change.object_id,
                name=change.name,
                user=user if isinstance(user, AnyUser) else None,
                comment=f"Put back the change of {change.made_at:%Y-%m-%d %H:%M}.",
                rows=rows,
            )


def removed(change: Change) -> models.Model | None:
    """Return the row that a change removed, as it was and not saved; None where there is none."""
    for row in change.rows:
        table, key = _named(row["row"])
        if row["kind"] == "removed" and table == change.content_type.model_class():
            fields = {name: pair[0] for name, pair in row["fields"].items()}
            data = {"model": table._meta.label_lower, "pk": key, "fields": fields}
            for found in serializers.deserialize("python", [data], ignorenonexistent=True):
                gone: models.Model = found.object
                return gone
    return None


def _restore(
    table: type[models.Model], key: str, fields: dict[str, list[Any]], now: Fields | None
) -> None:
    values = {**(now or {}), **{name: pair[0] for name, pair in fields.items()}}
    known = {f.name for f in (*table._meta.fields, *table._meta.many_to_many)}
    data = {
        "model": table._meta.label_lower,
        "pk": key,
        "fields": {name: value for name, value in values.items() if name in known},
    }
    for found in serializers.deserialize("python", [data]):
        # A row that is there must not count as its own double.
        found.object._state.adding = now is None
        found.object.full_clean()
        found.save()


def _named(row: str) -> tuple[type[models.Model], str]:
    label, key = row.split(":", 1)
    return apps.get_model(label), key


def _present(rows: Iterable[tuple[type[models.Model], str]]) -> State:
    found: State = {}
    for table, key in rows:
        for row in table._base_manager.filter(pk=key):
            found |= state(row)
    return found


def lines(rows: Iterable[dict[str, Any]]) -> Iterator[Line]:
    """Yield each changed field in words; an added or removed row shows what it holds."""
    for row in rows:
        table, key = _named(row["row"])
        name = row_name(table, key)
        for field, (old, new) in row["fields"].items():
            if row["kind"] == "changed" or (old not in (None, "", []) or new not in (None, "", [])):
                texts = [shown(table, field, value) for value in (old, new)]
                yield Line(
                    f"{name} ({row['kind']})" if row["kind"] != "changed" else name,
                    label(table, field),
                    *texts,
                )


def row_name(table: type[models.Model], key: str) -> str:
    """Name a row, and where it is gone its table."""
    row = table._base_manager.filter(pk=key).first()
    kind = str(table._meta.verbose_name)
    return f"{kind} {row}" if row is not None else f"{kind} {key}"


def label(table: type[models.Model], field: str) -> str:
    """Return a field's name for people."""
    try:
        found = table._meta.get_field(field)
    except FieldDoesNotExist:
        return field
    return str(getattr(found, "verbose_name", field))


def shown(table: type[models.Model], field: str, value: Any) -> str:
    """Return a value in words; what is unknown is a dash."""
    if value is None or value in ("", []):
        return UNKNOWN
    try:
        found: Any = table._meta.get_field(field)
    except FieldDoesNotExist:
        return str(value)
    if found.is_relation:
        keys = value if isinstance(value, list) else [value]
        return ", ".join(_related(found.related_model, key) for key in keys)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(dict(found.flatchoices).get(value, value))


def _related(table: type[models.Model], key: Any) -> str:
    try:
        return str(table._base_manager.get(pk=key))
    except (ObjectDoesNotExist, ValueError, TypeError):
        return str(key)
