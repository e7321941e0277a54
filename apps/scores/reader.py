"""Reads Epoch AI's eci_scores.csv: a line for each model, with its index and 90 % interval.

What cannot be read with certainty is refused with its line: a wrong score would decide.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from apps.catalog.models import IndexScore
from apps.common.csv_cells import is_blank, without_blank_end
from apps.prices.values import UnsoundSourceError

COLUMNS = ("Model", "eci", "eci_ci_low", "eci_ci_high", "date", "Organization")
GROUP = "Accessibility group"
# The two models that fix the scale, by definition of the index.
ANCHORS = {"Claude 3.5 Sonnet": 130.0, "GPT-5": 150.0}
_OFF = 0.05
_LOWEST, _HIGHEST = 0.0, 400.0
_MOST_BYTES, _MOST_LINES = 5_000_000, 10_000
_LONGEST_NAME, _LONGEST_ORGANISATION = 120, 80
_NUMBER = re.compile(r"-?\d{1,4}(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEIGHTS = {
    "open weights": IndexScore.Weights.OPEN,
    "closed weights": IndexScore.Weights.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One model of a snapshot."""

    name: str
    eci: float
    ci_low: float | None
    ci_high: float | None
    release_date: date | None
    organisation: str
    weights: str


def read(content: bytes, snapshot: date) -> tuple[Line, ...]:
    """Return the lines of a snapshot that was estimated on a day."""
    if len(content) > _MOST_BYTES:
        raise UnsoundSourceError("The source is too large to be a list of scores.")
    lines: dict[str, Line] = {}
    for number, cells in _rows(content):
        where = f"Line {number}"
        line = _line(cells, where, snapshot)
        if line.name in lines:
            raise UnsoundSourceError(f"{where}: {line.name!r} stands twice.")
        lines[line.name] = line
    if not lines:
        raise UnsoundSourceError("The source holds no scores.")
    _check_scale(lines)
    return tuple(lines.values())


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnsoundSourceError(f"The source is not text: {error}.") from error
    if "\0" in text:
        raise UnsoundSourceError("The source is not text: it holds a zero byte.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader if not is_blank(cells)]
    except csv.Error as error:
        raise UnsoundSourceError(
            f"Line {reader.line_num}: the source is not a whole table: {error}."
        ) from error
    header = _header(rows[0][1] if rows else [])
    if len(rows) > _MOST_LINES:
        raise UnsoundSourceError(f"The source holds more than {_MOST_LINES:,} lines.")
    for number, written in rows[1:]:
        cells = without_blank_end(written, len(header))
        if len(cells) != len(header):
            raise UnsoundSourceError(f"Line {number} has too many or too few columns.")
        yield number, dict(zip(header, (cell.strip() for cell in cells), strict=True))


def _header(names: Iterable[str]) -> list[str]:
    header = [name.strip() for name in names]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise UnsoundSourceError(f"Line 1: the source lacks the columns {', '.join(missing)}.")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise UnsoundSourceError(f"Line 1: the columns {', '.join(twice)} stand twice.")
    return header


def _line(cells: Mapping[str, str], where: str, snapshot: date) -> Line:
    name = cells["Model"]
    if not name or len(name) > _LONGEST_NAME:
        raise UnsoundSourceError(f"{where}: {name[:40]!r} is no name of a model.")
    eci = _number(cells["eci"], where)
    if eci is None:
        raise UnsoundSourceError(f"{where}: {name} has no score.")
    low, high = (_number(cells[column], where) for column in ("eci_ci_low", "eci_ci_high"))
    if (low is None) is not (high is None):
        raise UnsoundSourceError(f"{where}: half of the interval of {name} is missing.")
    if low is not None and high is not None and not low <= eci <= high:
        raise UnsoundSourceError(
            f"{where}: the score {eci:g} of {name} is outside its interval, {low:g} to {high:g}."
        )
    return Line(
        name=name,
        eci=eci,
        ci_low=low,
        ci_high=high,
        release_date=_released(cells["date"], where, snapshot),
        organisation=cells["Organization"][:_LONGEST_ORGANISATION],
        weights=_WEIGHTS.get(cells.get(GROUP, "").lower(), IndexScore.Weights.UNKNOWN).value,
    )


def _number(text: str, where: str) -> float | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise UnsoundSourceError(f"{where}: {text[:40]!r} is no score.")
    number = float(text)
    if not _LOWEST <= number <= _HIGHEST:
        raise UnsoundSourceError(f"{where}: the score {number:g} is absurd.")
    return round(number, 2)


def _released(text: str, where: str, snapshot: date) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise UnsoundSourceError(f"{where}: {text[:40]!r} is no date.")
    if day > snapshot:
        raise UnsoundSourceError(f"{where}: {day} is after the snapshot of {snapshot}.")
    return day


def _check_scale(lines: Mapping[str, Line]) -> None:
    for name, score in ANCHORS.items():
        line = lines.get(name)
        if line is not None and abs(line.eci - score) > _OFF:
            raise UnsoundSourceError(
                f"{name} is at {line.eci:g} instead of {score:g}, which fixes the scale: "
                "the scores are on another one."
            )
