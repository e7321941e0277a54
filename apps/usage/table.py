"""A file as it was brought, read as a table: bytes become text, and text becomes numbered lines."""

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

MAX_BYTES = 5_000_000
MAX_COLUMNS = 500
SHORT = 40

_SEPARATORS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r'\A"?sep=([^\r\n])"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_EXCEL = "This is an Excel file; export it as CSV."
_ZIP = "This is a ZIP archive; unpack it and choose the CSV file inside."
_IMAGE = "This is an image; the table itself is needed, as CSV."
_OTHER_FILES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _EXCEL),
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"%PDF", "This is a PDF file; export the table as CSV."),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"RIFF", _IMAGE),
    (b"\x1f\x8b", "This is a compressed file; unpack it and choose the CSV file inside."),
)


class UnreadableUsageError(ValueError):
    """A file of usage that cannot be read; its text is a sentence for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Table:
    """The column names of a file, and its lines that hold anything, each with its number."""

    names: tuple[str, ...]
    lines: Iterator[tuple[int, list[str]]]


def fold(name: str) -> str:
    """Write a column's name as names are compared: without case, spaces, underscores, hyphens."""
    return "".join(name.casefold().replace("_", " ").replace("-", " ").split())


def short(text: str, length: int = SHORT) -> str:
    """Cut a text from the file to what a sentence may repeat of it."""
    shown = "".join(
        c if c.isprintable() else "\ufffd" for c in " ".join(text[: 4 * length].split())
    )
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"


def read_table(data: bytes, known: frozenset[str]) -> Table:
    """Read the bytes as a table, with the separator that finds most of the `known` folded names.

    Raises UnreadableUsageError, also while the lines are read.
    """
    text = _text(data)
    skipped = 0
    separators: tuple[str, ...] = _SEPARATORS
    if declared := _SEPARATOR_LINE.match(text):
        if declared[1] not in _SEPARATORS:
            raise UnreadableUsageError(
                f"The first line declares the separator “{short(declared[1])}”; "
                "commas, semicolons and tabs are read."
            )
        separators = (declared[1],)
        text = text[declared.end() :]
        skipped = 1
    best, most = separators[0], (-1, -1)
    for separator in separators:
        names = _first_line(text, separator)
        found = (sum(fold(name) in known for name in names), len(names))
        if found > most:
            best, most = separator, found
    lines = _lines(text, best, skipped)
    header = next(lines, None)
    if header is None:
        raise UnreadableUsageError("The file is empty.")
    names = header[1]
    if len(names) > MAX_COLUMNS:
        raise UnreadableUsageError(
            f"The file has {len(names):,} columns; at most {MAX_COLUMNS} are read."
        )
    return Table(tuple(names), lines)


def _text(data: bytes) -> str:
    """Decode the bytes, refusing by name what is another kind of file."""
    if len(data) > MAX_BYTES:
        raise UnreadableUsageError(
            f"The file has {len(data):,} bytes; at most {MAX_BYTES // 1_000_000} MB are read. "
            "Export a shorter period, or one row a day."
        )
    for start, sentence in _OTHER_FILES:
        if data.startswith(start):
            # A workbook is a ZIP archive too, told by the table of contents that Office writes.
            workbook = sentence == _ZIP and b"[Content_Types].xml" in data
            raise UnreadableUsageError(_EXCEL if workbook else sentence)
    utf16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        where = "" if utf16 else f" on line {1 + data.count(b'\n', 0, error.start)}"
        raise UnreadableUsageError(
            f"The file holds bytes{where} that are no text in UTF-8 or UTF-16; "
            "save it as CSV in UTF-8."
        ) from None
    if "\0" in text:
        raise UnreadableUsageError("The file is not text; export the usage as CSV.")
    beginning = text.lstrip()[:1]
    if not beginning:
        raise UnreadableUsageError("The file is empty.")
    if beginning in "{[":
        raise UnreadableUsageError("This is a JSON file; export the usage as CSV.")
    if beginning == "<":
        raise UnreadableUsageError("This is a web page or XML file; export the usage as CSV.")
    return text


def _first_line(text: str, separator: str) -> list[str]:
    """Return the cells of the first line that holds anything, or none where it does not parse."""
    try:
        return next(_lines(text, separator, 0), (0, []))[1]
    except UnreadableUsageError:
        return []


def _lines(text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
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
            limit = csv.field_size_limit()
            if "field limit" in str(error):
                raise UnreadableUsageError(
                    f"Line {number:,} holds a cell of more than {limit:,} characters; "
                    "usage has none so long."
                ) from None
            raise UnreadableUsageError(
                f"Line {number:,} cannot be split into cells: its quotation marks do not pair up."
            ) from None
        if any(cells):
            yield number, cells
