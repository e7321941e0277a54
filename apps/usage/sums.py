"""Rows that repeat the sum of others, told by their label or by their numbers."""

import re
from collections.abc import Sequence

type Vector = tuple[int, ...]

_LABEL = re.compile(
    r"(grand|sub)?[\s_-]*totals?|sums?|(gesamt|zwischen)?summe|gesamt|insgesamt|sous-total|totale|"
    r"suma|сумма|итого|合計|总计|合计",
    re.IGNORECASE,
)


def is_labelled(text: str) -> bool:
    """Tell whether a text says that its row is a sum."""
    if text[:1].isdigit():
        return False
    return text[:1].isalpha() and bool(_LABEL.fullmatch(text[:40].strip().rstrip(":")))


def sums_among(rows: Sequence[Vector]) -> set[int]:
    """Return the places of the rows that equal the sum of those before or after them.

    Two days may be alike, so a row that repeats a single other one counts as its sum only where
    the last row proves it: it is then the sum of all rows without the repeated ones.
    """
    if len(rows) < 3:
        return set()
    repeated = _found(rows, fewest=1)
    rest = [row for place, row in enumerate(rows) if place not in repeated]
    if len(rows) - 1 in repeated and len(rest) > 1 and _added(rest) == rows[-1]:
        return repeated
    if sum(value > 0 for value in rows[0]) > 1 and _added(rows[1:]) == rows[0]:
        return {0}
    return _found(rows, fewest=2)


def _found(rows: Sequence[Vector], *, fewest: int) -> set[int]:
    """Return the rows that equal the block above them, or everything above them, once each."""
    found: set[int] = set()
    width = len(rows[0]) if rows else 0
    nothing = (0,) * width
    block, everything = nothing, nothing
    in_block = so_far = 0
    for place, row in enumerate(rows):
        # A sum of a single number could be chance.
        says_much = sum(value > 0 for value in row) > 1
        is_block = in_block >= fewest and row == block
        is_all = so_far > 1 and row == everything
        if says_much and (is_block or is_all):
            found.add(place)
            block, in_block = nothing, 0
            continue
        block, in_block = _plus(block, row), in_block + 1
        everything, so_far = _plus(everything, row), so_far + 1
    return found


def _plus(left: Vector, right: Vector) -> Vector:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def _added(rows: Sequence[Vector]) -> Vector:
    return tuple(map(sum, zip(*rows, strict=True)))
