"""Excel workbooks, read as tables once their real size is known to be small."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from apps.usage.errors import UnreadableUsageError

_MAX_PARTS = 500
_MAX_UNPACKED = 40_000_000
_MAX_CELLS = 2_000_000
_MAX_TEXT = 200_000_000
_MAX_SHEETS = 20
_CHUNK = 1 << 20
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]*)([0-9]+)["']""")
_ENTRY = b"[Content_Types].xml"
_BROKEN = "This Excel file cannot be read; export it as CSV."
_TOO_LARGE = "This Excel file is too large once unpacked; export the table alone, as CSV."


def is_workbook(data: bytes) -> bool:
    """Tell a workbook from other archives by the table of contents that Office writes."""
    return data.startswith(b"PK\x03\x04") and _ENTRY in data


def sheets(data: bytes) -> Iterator[list[list[str]]]:
    """Yield the rows of each sheet as texts; raises UnreadableUsageError."""
    try:
        _check(data)
        with CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
            for name in workbook.sheet_names[:_MAX_SHEETS]:
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield [[_text(cell) for cell in row] for row in rows]
    # zipfile raises RuntimeError for encrypted parts, NotImplementedError for rare packings.
    except (CalamineError, BadZipFile, EOFError, OSError, RuntimeError, ValueError) as error:
        if isinstance(error, UnreadableUsageError):
            raise
        raise UnreadableUsageError(_BROKEN) from None


def _check(data: bytes) -> None:
    """Unpack every part once, counting: what an archive says of its own sizes may be a lie."""
    unpacked = longest = texts = 0
    with ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > _MAX_PARTS:
            raise UnreadableUsageError(_TOO_LARGE)
        for part in parts:
            content = _unpacked(archive, part.filename, _MAX_UNPACKED - unpacked)
            unpacked += len(content)
            if part.filename.casefold().endswith("sharedstrings.xml"):
                longest = max(map(len, content.split(b"</si>")))
            elif "worksheets/" in part.filename.casefold():
                _check_extent(content)
                texts += content.count(b"<c")
    # A single long text may stand in every cell.
    if longest * texts > _MAX_TEXT:
        raise UnreadableUsageError(_TOO_LARGE)


def _unpacked(archive: ZipFile, name: str, most: int) -> bytes:
    content = bytearray()
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            content += chunk
            if len(content) > most:
                raise UnreadableUsageError(_TOO_LARGE)
    return bytes(content)


def _check_extent(sheet: bytes) -> None:
    """Refuse a sheet with a cell far out: all the empty ones before it would be made."""
    if b"\0" in sheet:
        raise UnreadableUsageError(_BROKEN)
    rows = columns = 1
    for letters, digits in _PLACE.findall(sheet):
        rows = max(rows, int(digits[:9]))
        place = 0
        for letter in letters[:5]:
            place = place * 26 + letter - 64
        columns = max(columns, place)
    if rows * columns > _MAX_CELLS:
        raise UnreadableUsageError(_TOO_LARGE)


def _text(cell: object) -> str:
    """Write a cell as a CSV file would hold it."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    return str(cell).strip()
