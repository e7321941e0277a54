"""Rows as CSV and back: what a file would add and change, and what is refused, before it does."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.forms.models import model_to_dict, modelform_factory

from apps.common.csv_cells import is_blank, plain, without_blank_end
from apps.common.rows import NaturalRow
from apps.editing import states
from apps.editing.fields import formfield
from apps.editing.forms import FieldForm

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000


class UnreadableSheetError(Exception):
    """A file that cannot be read; the message is a sentence for its editor."""


@dataclass(slots=True)
class Planned:
    """What a line of the file would do: added, changed, same or refused."""

    number: int
    name: str
    kind: str = "same"
    lines: list[states.Line] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    form: Any = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do."""

    rows: list[Planned]

    def of_kind(self, kind: str) -> list[Planned]:
        """Return the lines of one kind."""
        return [row for row in self.rows if row.kind == kind]

    @property
    def added(self) -> list[Planned]:
        """Return the new rows."""
        return self.of_kind("added")

    @property
    def changed(self) -> list[Planned]:
        """Return the rows that change."""
        return self.of_kind("changed")

    @property
    def refused(self) -> list[Planned]:
        """Return the lines that cannot be taken."""
        return self.of_kind("refused")

    @property
    def same(self) -> list[Planned]:
        """Return the lines that change nothing."""
        return self.of_kind("same")

    @property
    def token(self) -> str:
        """Name exactly what would be done: another state of the database gives another token."""
        told = [
            (r.number, r.name, r.kind, [(x.row, x.field, x.old, x.new) for x in r.lines], r.reasons)
            for r in self.rows
        ]
        text = json.dumps(told, cls=DjangoJSONEncoder)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def can_be_applied(self) -> bool:
        """Tell whether there is something to write, and nothing that is refused."""
        return not self.refused and bool(self.added or self.changed)


class Sheet:
    """The columns of a table: its natural key, then fields."""

    def __init__(
        self, table: type[NaturalRow], form: type[FieldForm], fields: Sequence[str]
    ) -> None:
        """Take the fields beside the key."""
        self.table, self.fields = table, tuple(fields)
        self.key = {_header(path): path for path in table.natural_fields}
        self.columns = (*self.key, *self.fields)
        owners = {path.split("__")[0] for path in table.natural_fields}
        names = [*sorted(owners), *self.fields]
        self.form: Any = modelform_factory(
            table, form=form, fields=names, formfield_callback=formfield
        )

    def rows(self, rows: models.QuerySet[Any]) -> Iterator[Sequence[str]]:
        """Yield the header and the cells of each row."""
        yield self.columns
        relations = [f for f in self.fields if self.table._meta.get_field(f).many_to_one]
        paths = [p.rpartition("__")[0] for p in self.key.values() if "__" in p]
        many = [f for f in self.fields if self.table._meta.get_field(f).many_to_many]
        found = rows.select_related(*{*relations, *paths}).prefetch_related(*many)
        for row in found.iterator(chunk_size=500):
            cells = dict(zip(self.key, map(str, row.natural_key()), strict=True))
            cells |= {name: _text(row, name) for name in self.fields}
            self.form.to_sheet(row, cells)
            yield [cells[name] for name in self.columns]

    def plan(self, text: str) -> Plan:
        """Compare a file with the database.

        Raises UnreadableSheetError where it is not a table of these columns.
        """
        header, lines = self._read(text)
        keys = {
            tuple(str(part) for part in values[:-1]): values[-1]
            for values in self.table._default_manager.order_by().values_list(
                *self.key.values(), "pk"
            )
        }
        wanted = [self._key(header, cells) for _, cells in lines]
        pks = [keys[key] for key in wanted if key in keys]
        rows = self.table._default_manager.in_bulk(pks)
        known = _Names()
        seen: dict[tuple[str, ...], int] = {}
        planned = []
        for (number, cells), key in zip(lines, wanted, strict=True):
            row = Planned(number, " / ".join(key))
            if len(cells) != len(header):
                row.reasons.append(f"It has {len(cells)} cells, the header has {len(header)}.")
            elif key in seen:
                row.reasons.append(f"It names the same row as line {seen[key]}.")
            else:
                seen[key] = number
                found = dict(zip(header, cells, strict=True))
                self._plan_row(row, found, rows.get(keys.get(key)), known)
            if row.reasons:
                row.kind = "refused"
            planned.append(row)
        return Plan(planned)

    def _read(self, text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
        first = text.split("\n", 1)[0]
        separator = ";" if ";" in first and "," not in first else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        try:
            lines = [
                (reader.line_num, [_plain(c) for c in cells])
                for cells in reader
                if not is_blank(cells)
            ]
        except csv.Error as error:
            raise UnreadableSheetError(f"Line {reader.line_num} is not CSV: {error}.") from error
        if not lines:
            raise UnreadableSheetError("The file is empty.")
        names = [name.strip() for name in lines.pop(0)[1]]
        header = without_blank_end(names, len([name for name in names if name]))
        lines = [(number, without_blank_end(cells, len(header))) for number, cells in lines]
        missing = [name for name in self.key if name not in header]
        unknown = [name for name in header if name not in self.columns]
        if missing:
            raise UnreadableSheetError(f"The column {', '.join(missing)} is missing.")
        if unknown:
            raise UnreadableSheetError(
                f"There is no column {', '.join(repr(name) for name in unknown)}. "
                f"The columns are {', '.join(self.columns)}."
            )
        if len(set(header)) != len(header):
            raise UnreadableSheetError("A column stands in the header twice.")
        if len(lines) > MOST_ROWS:
            raise UnreadableSheetError(f"The file has more than {MOST_ROWS:,} rows: split it.")
        return header, lines

    def _key(self, header: list[str], cells: list[str]) -> tuple[str, ...]:
        found = dict(zip(header, cells, strict=False))
        return tuple(found.get(name, "") for name in self.key)

    def _plan_row(
        self, row: Planned, cells: dict[str, str], instance: Any, known: "_Names"
    ) -> None:
        data = self._start(instance)
        for name, value in cells.items():
            if name in self.fields:
                data[name] = self._value(name, value, known, row)
        self._owners(data, cells, instance, known, row)
        self.form.from_sheet(data, cells)
        if row.reasons:
            return
        form = self.form(data, instance=instance)
        if instance is not None and not form.has_changed():
            # Most lines of a file that comes back: they were checked when they were saved.
            return
        if not form.is_valid():
            for name, errors in form.errors.items():
                start = "" if name == "__all__" else f"{name}: "
                row.reasons += [f"{start}{error}" for error in errors]
            return
        row.form = form
        names = [name for name in form.changed_data if name in self.fields]
        row.kind = "added" if instance is None else "changed" if names else "same"
        for name in names:
            old = None if instance is None else form[name].initial
            new = form.cleaned_data[name]
            old, new = (_stored(value) for value in (old, new))
            texts = [states.shown(self.table, name, value) for value in (old, new)]
            row.lines.append(states.Line(row.name, states.label(self.table, name), *texts))

    def _start(self, instance: Any) -> dict[str, Any]:
        if instance is None:
            blank = self.form().initial
            return {name: value for name, value in blank.items() if value is not None}
        found = model_to_dict(instance, self.form._meta.fields)
        return {
            name: [row.pk for row in value] if isinstance(value, list) else value
            for name, value in found.items()
            if value is not None
        }

    def _value(self, name: str, text: str, known: "_Names", row: Planned) -> Any:
        found: Any = self.table._meta.get_field(name)
        if found.many_to_many:
            return [known.key(found.related_model, word, name, row) for word in text.split()]
        if found.many_to_one and text:
            return "" if text == "unknown" else known.key(found.related_model, text, name, row)
        if isinstance(found, models.BooleanField):
            words = {"yes": "true", "no": "false", "true": "true", "false": "false", "": "unknown"}
            if text.lower() not in words:
                row.reasons.append(f"{name}: write yes or no, or nothing where it is unknown.")
            return words.get(text.lower(), "")
        return text

    def _owners(
        self, data: dict[str, Any], cells: dict[str, str], row: Any, known: "_Names", to: Planned
    ) -> None:
        """Give the fields of the natural key their values."""
        parts: dict[str, dict[str, str]] = {}
        for header, path in self.key.items():
            owner, _, rest = path.partition("__")
            parts.setdefault(owner, {})[rest] = cells[header]
        for owner, values in parts.items():
            field: Any = self.table._meta.get_field(owner)
            if row is not None:
                # The key of what it belongs to; reading the row itself would be a query a line.
                data[owner] = getattr(row, field.attname)
            elif "" in values:
                data[owner] = values[""]
            else:
                table: Any = field.related_model
                found = table._default_manager.filter(**values).first()
                if found is None:
                    to.reasons.append(f"There is no {owner} {' / '.join(values.values())}.")
                else:
                    data[owner] = found.pk


class _Names:
    """Keys of rows by their slug, each table read once."""

    def __init__(self) -> None:
        self._tables: dict[Any, dict[str, int]] = {}

    def key(self, table: Any, slug: str, column: str, row: Planned) -> int | str:
        """Return the key, or note that there is none."""
        if table not in self._tables:
            pairs = table._default_manager.order_by().values_list(_key_field(table), "pk")
            self._tables[table] = dict(pairs)
        found = self._tables[table].get(slug)
        if found is None:
            row.reasons.append(f"{column}: there is no {table._meta.verbose_name} {slug!r}.")
        return "" if found is None else found


def decode(content: bytes) -> str:
    """Return the text of a file; raises UnreadableSheetError where it is too large or not text."""
    if len(content) > MOST_BYTES:
        raise UnreadableSheetError(
            f"The file is larger than {MOST_BYTES // 1_000_000} MB: split it."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSheetError(
            "The file is not in UTF-8: save it as “CSV UTF-8” and choose it again."
        ) from error
    if "\0" in text:
        raise UnreadableSheetError("The file is not a CSV file.")
    return text


def apply(plan: Plan) -> Iterable[Any]:
    """Write what was planned and return the rows; to be called in a transaction."""
    return [row.form.save() for row in (*plan.added, *plan.changed)]


def _header(path: str) -> str:
    return path.removesuffix("__slug").split("__")[-1]


def _key_field(table: Any) -> str:
    """Return the field that names a row of a table: its only natural key, else its slug."""
    natural: tuple[str, ...] = getattr(table, "natural_fields", ())
    return str(natural[0]) if len(natural) == 1 else "slug"


def _text(row: Any, name: str) -> str:
    found: Any = row._meta.get_field(name)
    if found.many_to_many:
        return " ".join(sorted(other.slug for other in getattr(row, name).all()))
    value = getattr(row, name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if found.many_to_one:
        return str(getattr(value, _key_field(type(value))))
    if isinstance(found, models.DecimalField):
        return f"{value.normalize():f}"
    return str(value)


def _stored(value: Any) -> Any:
    """Return a form's value as history keeps it."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, models.QuerySet | list):
        return sorted(getattr(row, "pk", row) for row in value)
    return value


def _plain(text: str) -> str:
    text = text.strip(" \n")
    unquoted = plain(text)
    return text.strip() if unquoted == text else unquoted
