"""A file as it was brought, read as a table: bytes become text, and text becomes numbered lines."""

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import StringIO
from itertools import chain, islice

from charset_normalizer import from_bytes

from apps.usage.columns import recognised
from apps.usage.errors import UnreadableUsageError, short
from apps.usage.nested import MAX_COLUMNS, check_columns, read_json, unfold
from apps.usage.workbook import is_workbook, sheets

MAX_BYTES = 5_000_000
MAX_ROWS = 200_000
# A report may stand above the table: its lines are looked through for the header.
_MAX_PREAMBLE = 40
_MAX_SAMPLE = 20_000

type Line = tuple[int, list[str]]

_SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r'\A"?sep=([^\r\n])"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_ALPHABETS = ["cp1252", "cp1250", "cp1254"]
_ENCODINGS = [*_ALPHABETS, "cp1251", "cp1253", "cp932", "gb18030", "big5", "cp949"]
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_ZIP = "This is a ZIP archive; unpack it and choose the CSV file inside."
_IMAGE = "This is an image; the table itself is needed, as CSV."
_OTHER_FILES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel file; save it as XLSX or CSV."),
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"%PDF", "This is a PDF file; export the table as CSV."),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"RIFF", _IMAGE),
    (b"\x1f\x8b", "This is a compressed file; unpack it and choose the CSV file inside."),
)


@dataclass(frozen=True, slots=True)
class Table:
    """The column names of a file, its lines that hold anything, each with its number, and the rest.

    `preamble` is what stands above the header; `notes` say how the file was read.
    """

    names: tuple[str, ...]
    lines: Iterator[Line]
    preamble: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    has_semicolons: bool = False


def read_table(data: bytes) -> Table:
    """Read the bytes as a table, of whose separators or sheets the one with most known names.

    Raises UnreadableUsageError, also while the lines are read.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableUsageError(
            f"The file has {len(data):,} bytes; at most {MAX_BYTES // 1_000_000} MB are read. "
            "Export a shorter period, or one row a day."
        )
    if is_workbook(data):
        return _of_workbook(data)
    text, notes = _text(data)
    return _unfolded(_of_json(text, notes) if text.lstrip()[0] in "{[" else _of_text(text, notes))


def _of_json(text: str, notes: tuple[str, ...]) -> Table:
    names, rows = read_json(text)
    check_columns(len(names))
    return Table(names, _numbered(rows), notes=notes)


def _unfolded(table: Table) -> Table:
    """Return a table with the counts that lie in cells of JSON, where it has such cells."""
    first = list(islice(table.lines, _MAX_PREAMBLE))
    lines = chain(first, table.lines)
    if not any(text[:1] == "{" for _, cells in first for text in cells):
        return replace(table, lines=lines)
    names, unfolded = unfold(table.names, list(islice(lines, MAX_ROWS + 1)))
    check_columns(len(names))
    return replace(table, names=names, lines=iter(unfolded))


def _of_workbook(data: bytes) -> Table:
    found = [_headed(_numbered(rows)) for rows in sheets(data)]
    with_names = [table for table in found if table is not None]
    if not with_names:
        raise UnreadableUsageError("The file is empty.")
    return max(with_names, key=lambda table: recognised(table.names))


def _numbered(rows: Iterable[list[str]]) -> Iterator[Line]:
    return ((number, cells) for number, cells in enumerate(rows, 1) if any(cells))


def _of_text(text: str, notes: tuple[str, ...]) -> Table:
    skipped = 0
    separators: tuple[str, ...] = _SEPARATORS
    if declared := _SEPARATOR_LINE.match(text):
        if declared[1] not in _SEPARATORS:
            raise UnreadableUsageError(
                f"The first line declares the separator “{short(declared[1])}”; "
                "commas, semicolons, tabs and bars are read."
            )
        separators = (declared[1],)
        text = text[declared.end() :]
        skipped = 1
    best = max(separators, key=lambda separator: _worth(text, separator))
    table = _headed(_lines(text, best, skipped), notes, has_semicolons=best == ";")
    if table is None:
        raise UnreadableUsageError("The file is empty.")
    return table


def _headed(
    lines: Iterator[Line], notes: tuple[str, ...] = (), *, has_semicolons: bool = False
) -> Table | None:
    """Find the header: the line of the first ones with most known names, or else the first."""
    first = list(islice(lines, _MAX_PREAMBLE))
    if not first:
        return None
    at = max(range(len(first)), key=lambda place: (_told(first[place][1]), -place))
    if _told(first[at][1]) < 2:
        at = 0
    names = tuple(first[at][1])
    check_columns(len(names))
    preamble = tuple(" ".join(filter(None, cells)) for _, cells in first[:at])
    if at:
        lines_above = "1 line" if at == 1 else f"{at} lines"
        notes = (*notes, f"The {lines_above} above the header were not read as rows.")
    return Table(names, chain(first[at + 1 :], lines), preamble, notes, has_semicolons)


def _told(cells: Sequence[str]) -> int:
    """Count the known names of a line; a header holds no numbers and no days."""
    if len(cells) > MAX_COLUMNS or any(text[:1].isdigit() for text in cells):
        return 0
    return recognised(cells)


def _worth(text: str, separator: str) -> tuple[int, int]:
    """Return how many known names a separator finds, then how many cells."""
    first: list[list[str]] = []
    # What cannot be split is refused once the separator is known.
    with suppress(UnreadableUsageError):
        first.extend(cells for _, cells in islice(_lines(text, separator, 0), _MAX_PREAMBLE))
    return max(map(_told, first), default=-1), len(first[0]) if first else -1


def _text(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode the bytes, refusing by name what is another kind of file."""
    for start, sentence in _OTHER_FILES:
        if data.startswith(start):
            raise UnreadableUsageError(sentence)
    text, notes = _decoded(data)
    if _CONTROLS.search(text):
        raise UnreadableUsageError("The file is not text; export the usage as CSV.")
    beginning = text.lstrip()[:1]
    if not beginning:
        raise UnreadableUsageError("The file is empty.")
    if beginning == "<":
        raise UnreadableUsageError("This is a web page or XML file; export the usage as CSV.")
    return text, notes


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    utf16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    encoding = None if utf16 else _encoding(data)
    try:
        if encoding is not None:
            note = f"The file is not in UTF-8; its letters were read as {encoding}."
            return data.decode(encoding), (note,)
    except UnicodeDecodeError:
        pass
    raise UnreadableUsageError(
        "The file holds bytes that are no text in a known encoding; save it as CSV in UTF-8."
    )


def _encoding(data: bytes) -> str | None:
    """Guess the encoding from the lines that are not plain ASCII: the others say nothing."""
    lines = (line[:_MAX_SAMPLE] for line in data.splitlines() if not line.isascii())
    sample = b"\n".join(islice(lines, 200))[:_MAX_SAMPLE]
    # Letters of two bytes stand in runs; single ones are accents of an alphabet.
    is_alphabet = not re.search(rb"[\x80-\xff]{2}", sample)
    found = from_bytes(sample, cp_isolation=_ALPHABETS if is_alphabet else _ENCODINGS).best()
    if found is None:
        return None
    return "cp1252" if "cp1252" in found.could_be_from_charset else found.encoding


def _lines(text: str, separator: str, skipped: int) -> Iterator[Line]:
    """Yield each line that holds anything, its cells without the spaces around them.

    A line is known by the number of the one it starts on.
    """
    # A quotation mark that is never closed would swallow the rest of the file: strict refuses it.
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = skipped + reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise _unsplit(number, error) from None
        if any(cells):
            yield number, cells


def _unsplit(number: int, error: csv.Error) -> UnreadableUsageError:
    if "field limit" in str(error):
        return UnreadableUsageError(
            f"Line {number:,} holds a cell of more than {csv.field_size_limit():,} characters; "
            "usage has none so long."
        )
    return UnreadableUsageError(
        f"Line {number:,} cannot be split into cells: its quotation marks do not pair up."
    )


def named(names: Sequence[str], most: int = 8) -> str:
    """Return the first names of a header, as a sentence lists them."""
    filled = [f"“{short(name)}”" for name in names if name]
    more = len(filled) - most
    return ", ".join(filled[:most]) + (f" and {more} more" if more > 0 else "")
