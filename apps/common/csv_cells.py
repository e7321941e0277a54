"""Rows as CSV that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

# A spreadsheet runs a cell that begins with one of these.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
# A quote before a text makes it text; so that each can be read back, a quote gets one as well.
_QUOTED = (*_FORMULAS, "'")


class _Line:
    """Hands back each line that the writer makes, so that it can be sent at once."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield a line of CSV for each row."""
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow(map(cell, row))


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """Return the rows as a file of this name, sent line by line."""
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def cell(value: object) -> str:
    """Write a value for a spreadsheet; unknown is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return cell(" ".join(value))
    # A number is no formula, whatever its sign.
    return f"'{value}" if isinstance(value, str) and value.startswith(_QUOTED) else str(value)


def plain(text: str) -> str:
    """Read a cell that `cell` wrote: without the quote before its text."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_QUOTED) else text


def without_blank_end(cells: list[str], width: int) -> list[str]:
    """Return a row without the blank cells past a width, which spreadsheets leave."""
    return cells if any(map(str.strip, cells[width:])) else cells[:width]


def is_blank(cells: Iterable[str]) -> bool:
    """Tell whether a row says nothing: spreadsheets leave such rows at the end."""
    return not any(map(str.strip, cells))
