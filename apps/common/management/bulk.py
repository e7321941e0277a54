"""Writes many rows in few statements: natural keys are looked up in memory."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

type Key = tuple[object, ...]
type Fields = Mapping[str, Any]
type Table = type[models.Model]

_BATCH = 500


class NotInBulkError(Exception):
    """Rows that need the slower way, which also says what is wrong with them."""


class BulkWriter:
    """Writes one table after the other and remembers what it wrote by its natural key."""

    def __init__(self) -> None:
        """Start with an empty memory."""
        self._known: dict[Table, dict[Key, models.Model]] = {}
        self._open: list[tuple[models.Model, str, Table, Key]] = []

    def write(self, table: Table, rows: Sequence[Fields]) -> None:
        """Create the rows of a table, in their order."""
        made = [self._instance(table, row) for row in rows]
        table._default_manager.bulk_create(made, batch_size=_BATCH)
        # The rows that a key names are at hand, so that it takes no query.
        self._known[table] = {_key(instance): instance for instance in made}
        if len(self._known[table]) != len(made):
            raise NotInBulkError("a row stands twice")
        for field in table._meta.many_to_many:
            self._link(field, zip(made, rows, strict=True))

    def finish(self) -> None:
        """Fill in what refers to a row that was written later."""
        for instance, name, table, key in self._open:
            setattr(instance, name, self._find(table, key))
            type(instance)._default_manager.bulk_update([instance], [name])

    def _instance(self, table: Table, row: Fields) -> models.Model:
        many = {field.name for field in table._meta.many_to_many}
        values: dict[str, object] = {}
        later: list[tuple[str, Table, Key]] = []
        for name, value in row.items():
            if name in many:
                continue
            field = table._meta.get_field(name)
            if not isinstance(field, models.Field):
                raise NotInBulkError(f"{name} is no column")
            if not isinstance(field, models.ForeignKey):
                values[name] = field.to_python(value)
            elif value is None:
                values[name] = None
            elif tuple(value) in self._known.get(field.related_model, {}):
                values[name] = self._find(field.related_model, tuple(value))
            elif field.null:
                later.append((name, field.related_model, tuple(value)))
            else:
                raise NotInBulkError(f"{name} refers to nothing")
        instance = table(**values)
        self._open.extend((instance, *rest) for rest in later)
        return instance

    def _find(self, table: Table, key: Key) -> models.Model:
        try:
            return self._known[table][key]
        except KeyError as error:
            raise NotInBulkError(f"{key} is not in the files") from error

    def _link(self, field: Any, rows: Iterable[tuple[models.Model, Fields]]) -> None:
        through = field.remote_field.through
        here, there = field.m2m_field_name(), field.m2m_reverse_field_name()
        links = [
            through(**{here: instance, there: self._find(field.related_model, tuple(key))})
            for instance, row in rows
            for key in row.get(field.name) or ()
        ]
        through._default_manager.bulk_create(links, batch_size=_BATCH)


def _key(instance: Any) -> Key:
    return tuple(instance.natural_key())
