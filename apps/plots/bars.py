"""Where the parts of a chart lie, in per cent of its width."""

import math
from dataclasses import dataclass

# What is there but tiny still shows as a line.
THINNEST = 0.6


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the left."""

    width: str
    label: str


@dataclass(frozen=True, slots=True)
class RangeBar:
    """A band from low to high with a marker at what is expected."""

    start: str
    width: str
    marker: str
    label: str


@dataclass(frozen=True, slots=True)
class SignedBar:
    """A bar to the right of the zero line for a gain, to the left for a loss."""

    start: str
    width: str
    gain: bool
    label: str


def bar(value: float | None, maximum: float, label: str) -> Bar | None:
    """Place `value` on a scale of 0 to `maximum`; None where it is unknown."""
    part = _part(value, maximum)
    return None if part is None else Bar(_percent(max(part, THINNEST) if part else 0.0), label)


def range_bar(
    low: float | None, expected: float | None, high: float | None, maximum: float, label: str
) -> RangeBar | None:
    """Place a range on a scale of 0 to `maximum`; None where any of it is unknown."""
    start, marker, end = (_part(value, maximum) for value in (low, expected, high))
    if start is None or marker is None or end is None:
        return None
    width = max(end - start, THINNEST)
    return RangeBar(_percent(min(start, 100 - width)), _percent(width), _percent(marker), label)


def signed_bar(points: float | None, width: float, label: str) -> SignedBar | None:
    """Place a bar that is `width` per cent of a half long, on the side that `points` says."""
    part = _part(abs(width), 100)
    if points is None or part is None:
        return None
    gain = points >= 0
    length = max(part / 2, THINNEST) if points else 0.0
    return SignedBar(_percent(50.0 if gain else 50 - length), _percent(length), gain, label)


def _part(value: float | None, maximum: float) -> float | None:
    """Return `value` in per cent of `maximum`, kept within the picture."""
    if value is None or not (math.isfinite(value) and math.isfinite(maximum)):
        return None
    return min(100.0, max(0.0, 100 * value / maximum)) if maximum > 0 else 0.0


def _percent(part: float) -> str:
    return f"{round(part, 2):g}%"
