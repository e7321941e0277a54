"""Rows to files and back: sorted, named by natural keys, without primary keys."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.core.serializers import python as rows_format
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models, transaction

from apps.common.management.bulk import BulkWriter, NotInBulkError
from apps.common.rows import unlocked

type RowData = dict[str, Any]

# Apps that are not listed here come after these, by name.
_FIRST = ("catalog", "rules", "scenarios")


class BrokenFixtureError(Exception):
    """A file that cannot be loaded; the message says which and why."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row as a file holds it."""

    file: Path
    data: RowData

    @property
    def model(self) -> str:
        """Return the label of its table, in lower case."""
        return str(self.data["model"]).lower()


def root() -> Path:
    """Return the folder that holds a folder for each app."""
    return Path(settings.BASE_DIR) / "fixtures"


def app_labels(folder: Path) -> list[str]:
    """Return the apps that have files, in the order in which they build on each other."""
    labels = {file.parent.name for file in folder.glob("*/*.json")}
    order = {label: place for place, label in enumerate(_FIRST)}
    return sorted(labels, key=lambda label: (order.get(label, len(order)), label))


def tables(labels: Iterable[str]) -> list[type[models.Model]]:
    """Return the tables of these apps whose rows have a natural key, what they need first.

    By name within that, not by where Python reads a class first: moving code moves no rows.
    """
    configs = [apps.get_app_config(label) for label in labels]
    named = [(config, sorted(config.get_models(), key=_label)) for config in configs]
    ordered = serializers.sort_dependencies(named, allow_cycles=True)
    return [table for table in ordered if hasattr(table, "natural_key")]


def _label(table: type[models.Model]) -> str:
    return table._meta.label_lower


def read(folder: Path) -> list[FileRow]:
    """Return all rows of all files, each checked to be a row."""
    return [
        row
        for label in app_labels(folder)
        for file in sorted((folder / label).glob("*.json"))
        for row in _read_file(file)
    ]


def _read_file(file: Path) -> Iterator[FileRow]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenFixtureError(f"{_name(file)} is not readable JSON: {error}.") from error
    if not isinstance(found, list):
        raise BrokenFixtureError(f"{_name(file)} must hold a list of rows.")
    for place, data in enumerate(found, start=1):
        if not isinstance(data, dict) or not {"model", "fields"} <= data.keys():
            raise BrokenFixtureError(f"{_name(file)}: row {place} has no model or no fields.")
        yield FileRow(file, data)


def load(rows: Sequence[FileRow], order: Sequence[type[models.Model]]) -> int:
    """Write rows in an order in which each finds what it refers to; all of them or none.

    A row may refer to a later one of its own table: such references are filled in at the end.
    """
    places = {table._meta.label_lower: place for place, table in enumerate(order)}
    for row in rows:
        if row.model not in places:
            raise BrokenFixtureError(f"{_name(row.file)}: there is no table {row.model!r} to fill.")
    with unlocked(), transaction.atomic():
        if _written_in_bulk(rows, order):
            return len(rows)
        # Slower, and able to name the row that is wrong.
        deferred: list[tuple[FileRow, DeserializedObject]] = []
        for row in sorted(rows, key=lambda row: places[row.model]):
            found = _save(row)
            if found.deferred_fields:
                deferred.append((row, found))
        for row, found in deferred:
            _guarded(row, found.save_deferred_fields)
        try:
            connection.check_constraints()
        except DatabaseError as error:
            raise BrokenFixtureError(f"The files do not fit together: {error}.") from error
    return len(rows)


def _written_in_bulk(rows: Sequence[FileRow], order: Sequence[type[models.Model]]) -> bool:
    """Write all rows in few statements; False, and nothing written, where that does not do."""
    found: dict[str, list[RowData]] = {}
    for row in rows:
        found.setdefault(row.model, []).append(row.data["fields"])
    writer = BulkWriter()
    try:
        with transaction.atomic():
            for table in order:
                writer.write(table, found.get(table._meta.label_lower, []))
            writer.finish()
            connection.check_constraints()
    except (
        NotInBulkError,
        DatabaseError,
        FieldDoesNotExist,
        AttributeError,
        TypeError,
        ValidationError,
        ValueError,
    ):
        return False
    return True


def _save(row: FileRow) -> DeserializedObject:
    def save() -> DeserializedObject:
        found: DeserializedObject
        (found,) = rows_format.Deserializer([row.data], handle_forward_references=True)
        # The database was empty: a key that it knows was written a moment ago.
        if found.object.pk is not None:
            raise ValueError("a row with the same natural key stands in the files already")
        found.save()
        return found

    return _guarded(row, save)


def _guarded[T](row: FileRow, action: Callable[[], T]) -> T:
    try:
        with transaction.atomic():
            return action()
    except (
        DeserializationError,
        DatabaseError,
        FieldDoesNotExist,
        ObjectDoesNotExist,
        TypeError,
        ValueError,
    ) as error:
        start = json.dumps(row.data["fields"], ensure_ascii=False)[:120]
        reason = " ".join(str(error).split()).rstrip(".")
        raise BrokenFixtureError(
            f"{_name(row.file)}: the row of {row.model} that starts {start} is wrong: {reason}."
        ) from error


def is_empty(order: Iterable[type[models.Model]]) -> bool:
    """Tell whether no table holds a row."""
    return not any(table._default_manager.exists() for table in order)


def export(folder: Path) -> dict[Path, str]:
    """Return the text of each file below a folder, by its path in it.

    A table's rows go to the file that holds them already, or to one named after the table.
    """
    homes = _homes(folder)
    files: dict[Path, list[str]] = {Path(p): [] for p in sorted(set(homes.values()))}
    for table in tables(app_labels(folder)):
        label, name = table._meta.label_lower.split(".")
        home = homes.get(table._meta.label_lower, f"{label}/{name}.json")
        rows = _rows(table)
        if rows or Path(home) in files:
            files.setdefault(Path(home), []).extend(rows)
    return {file: "[\n" + ",\n".join(rows) + "\n]\n" for file, rows in sorted(files.items())}


def _homes(folder: Path) -> dict[str, str]:
    return {row.model: row.file.relative_to(folder).as_posix() for row in read(folder)}


def _rows(table: type[models.Model]) -> list[str]:
    found = serializers.serialize(
        "python",
        table._default_manager.all(),
        use_natural_foreign_keys=True,
        use_natural_primary_keys=True,
    )
    # Only tables whose rows have a natural key come here.
    keys = [row.natural_key() for row in table._default_manager.all()]  # type: ignore[attr-defined]
    paired = sorted(zip(keys, found, strict=True), key=lambda pair: pair[0])
    return [_text(data) for _, data in paired]


def _text(data: RowData) -> str:
    fields = {name: _in_order(value) for name, value in data["fields"].items()}
    row = {"model": data["model"], "fields": fields}
    return json.dumps(row, cls=_Encoder, ensure_ascii=False, indent=1)


def _in_order(value: Any) -> Any:
    """Sort links to several rows, and the keys of JSON: each database has its own order of them."""
    if isinstance(value, dict):
        return dict(sorted(value.items()))
    return sorted(value) if isinstance(value, list) else value


class _Encoder(DjangoJSONEncoder):
    """Writes decimals without the zeros that a database adds."""

    def default(self, o: Any) -> Any:
        return f"{o.normalize():f}" if isinstance(o, Decimal) else super().default(o)


def _name(file: Path) -> str:
    return file.relative_to(file.parents[2]).as_posix()
