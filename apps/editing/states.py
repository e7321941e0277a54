"""What a row holds with all that belongs to it, as plain values: read, compared, said in words."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import reversion
from django.apps import apps
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Prefetch
from reversion.models import Version

from apps.common.format import UNKNOWN
from apps.common.rows import NaturalRow

type Fields = dict[str, Any]
# Rows by "app.table:key", each with its fields as JSON has them; what belongs to a row is after it.
type State = dict[str, Fields]
# Names a row of a table by its key.
type Name = Callable[[type[models.Model], Any], str]
# The names of a table's relations to rows that belong to its rows.
type Relations = Callable[[type[models.Model]], Iterable[str]]

_HELD: dict[type[models.Model], tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of one row, before and after, in words."""

    row: str
    field: str
    old: str
    new: str


def register(table: type[models.Model], relations: Iterable[str] = ()) -> None:
    """Have a table's rows recorded, each with the rows at these relations."""
    if not reversion.is_registered(table):
        reversion.register(table)
    _HELD[table] = tuple(dict.fromkeys((*_HELD.get(table, ()), *relations)))


def held(table: type[models.Model]) -> Iterable[str]:
    """Name the relations to the rows that are edited together with a row."""
    return _HELD.get(table, ())


def cascading(table: type[models.Model]) -> Iterable[str]:
    """Name the relations to the recorded rows that go when a row is deleted."""
    for relation in table._meta.related_objects:
        if relation.on_delete is models.CASCADE and reversion.is_registered(relation.related_model):
            yield relation.name


def load(rows: models.QuerySet[Any], relations: Relations = held) -> models.QuerySet[Any]:
    """Return rows that load what belongs to them, and their names, with a query for each table."""
    table = rows.model
    below = [
        Prefetch(name, load(_related(table, name)._base_manager.all(), relations))
        for name in relations(table)
    ]
    return named(rows).prefetch_related(*below)


def named(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Return rows with the rows that their names are made of."""
    if not issubclass(rows.model, NaturalRow):
        return rows
    owners = {path.rpartition("__")[0] for path in rows.model.natural_fields} - {""}
    return rows.select_related(*owners) if owners else rows


def walk(row: models.Model, relations: Relations = held) -> Iterator[models.Model]:
    """Yield a row that was loaded, then what belongs to it."""
    yield row
    for name in relations(type(row)):
        below: Any = getattr(row, name, None)
        if isinstance(below, models.Manager):
            for each in below.all():
                yield from walk(each, relations)
        elif below is not None:
            yield from walk(below, relations)


def state(row: models.Model) -> State:
    """Read a row and what belongs to it as the database has them; empty where it is gone."""
    found = load(type(row)._base_manager.filter(pk=row.pk)).first()
    return {} if found is None else state_of(found)


def state_of(row: models.Model) -> State:
    """Return a row that was loaded, and what belongs to it."""
    plain = serializers.serialize("python", walk(row))
    rows = json.loads(json.dumps(plain, cls=DjangoJSONEncoder))
    return {f"{data['model']}:{data['pk']}": data["fields"] for data in rows}


def part(found: State, key: str, relations: Relations) -> State:
    """Return a row of a state, then what belongs to it."""
    table, pk = locate(key)
    cut = {key: found[key]}
    for name in relations(table):
        relation: Any = table._meta.get_field(name)
        start = f"{relation.related_model._meta.label_lower}:"
        for other, fields in found.items():
            if other.startswith(start) and str(fields[relation.field.name]) == pk:
                cut |= part(found, other, relations)
    return cut


def locate(key: str) -> tuple[type[models.Model], str]:
    """Return the table and the primary key of a row of a state."""
    label, pk = key.split(":", 1)
    return apps.get_model(label), pk


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
        fields = {n: p for n, p in pairs.items() if _tells(kind, *p)}
        rows.append({"row": key, "kind": kind, "fields": fields})
    return rows


def _tells(kind: str, old: Any, new: Any) -> bool:
    empty: tuple[Any, ...] = (None, "", [])
    return old != new if kind == "changed" else old not in empty or new not in empty


def lines(rows: Iterable[dict[str, Any]]) -> Iterator[Line]:
    """Yield each differing field in words; an added or removed row shows what it holds."""
    # Many rows refer to the same few.
    known = cache(name_of)
    for row in rows:
        table, pk = locate(row["row"])
        name = f"{table._meta.verbose_name} {known(table, pk)}"
        if row["kind"] != "changed":
            name = f"{name} ({row['kind']})"
        for field, pair in row["fields"].items():
            old, new = (shown(table, field, value, known) for value in pair)
            yield Line(name, label(table, field), old, new)


def name_of(table: type[models.Model], key: Any) -> str:
    """Name a row; where it is gone, as it was called when it was recorded last."""
    try:
        row: object = named(table._base_manager.filter(pk=key)).first()
    except (ValueError, TypeError):
        return str(key)
    if row is None and reversion.is_registered(table):
        row = Version.objects.get_for_object_reference(table, key).first()
    return str(key if row is None else row)


def label(table: type[models.Model], field: str) -> str:
    """Return a field's name for people."""
    try:
        found = table._meta.get_field(field)
    except FieldDoesNotExist:
        return field
    return str(getattr(found, "verbose_name", field))


def shown(table: type[models.Model], field: str, value: Any, name: Name = name_of) -> str:
    """Return a value in words; what is unknown is a dash."""
    if value is None or value in ("", []):
        return UNKNOWN
    try:
        found: Any = table._meta.get_field(field)
    except FieldDoesNotExist:
        return str(value)
    if found.is_relation:
        keys = value if isinstance(value, list) else [value]
        return ", ".join(name(found.related_model, key) for key in keys)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(dict(found.flatchoices).get(value, value))


def _related(table: type[models.Model], name: str) -> type[models.Model]:
    relation: Any = table._meta.get_field(name)
    found: type[models.Model] = relation.related_model
    return found
