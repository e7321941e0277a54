"""Scales, the few ticks on them, and the axes that show them."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from apps.plots.text import LINE, SIZE, Text, centred, fit, text_box, width

# Beyond these a number is as good as endless or nothing, and sums would leave what floats hold.
HUGEST, TINIEST = 1e300, 1e-300
# Fewer powers of ten than these are no logarithmic axis, more lines than these no thin grid.
_DECADES, _MOST_LINES = 1.0, 9
# Between the labels of an axis.
_APART = 8.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns values into places; low and high are logarithms where `is_log`."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool

    def place(self, value: float) -> float:
        """Return where a value lies, never out of the picture."""
        size = math.log10(clean(value)) if self.is_log else clean(value)
        part = max(0.0, min(1.0, (size - self.low) / (self.high - self.low)))
        return round(self.start + (self.end - self.start) * part, 2)


@dataclass(frozen=True, slots=True)
class Tick:
    """A value on an axis; the line has no label where there is no room for one."""

    place: float
    label: Text | None


@dataclass(frozen=True, slots=True)
class Axes:
    """The drawing area, its grid and what the axes are called."""

    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    titles: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """An upright line with its label in a box on top: you are here."""

    x: float
    top: float
    bottom: float
    left: float
    y: float
    width: float
    height: float
    label: Text


def is_size(value: float) -> bool:
    """Say whether a value has a place on a logarithmic axis."""
    return math.isfinite(value) and value > 0


def clean(value: float) -> float:
    """Keep a finite value within what sums and logarithms can hold."""
    if abs(value) < TINIEST:
        return TINIEST if value > 0 else 0.0
    return max(-HUGEST, min(HUGEST, value))


def log_scale(values: Iterable[float], start: float, end: float) -> Scale:
    """Return a logarithmic scale that holds these values and a power of ten at least."""
    logs = [math.log10(clean(value)) for value in values]
    low, high = min(logs), max(logs)
    missing = max(0.0, _DECADES - (high - low)) / 2
    return Scale(low - missing, high + missing, start, end, True)


def linear_scale(values: Iterable[float], start: float, end: float) -> Scale:
    """Return a linear scale that holds these values, with some length where all are one."""
    sizes = [clean(value) for value in values]
    low, high = min(sizes), max(sizes)
    largest = max(abs(low), abs(high))
    if high - low <= largest * 1e-6 or high - low < TINIEST * 1e6:
        more = largest / 10 if largest >= TINIEST * 1e6 else 1.0
        low, high = low if low == 0 else low - more, high + more
    return Scale(low, high, start, end, False)


def log_ticks(scale: Scale) -> list[float]:
    """Return the powers of ten on a scale; finer steps where it holds less than two."""
    first, last = math.ceil(scale.low - 1e-9), math.floor(scale.high + 1e-9)
    if last > first:
        step = math.ceil((last - first + 1) / _MOST_LINES)
        first = math.ceil(first / step) * step
        return [10.0**power for power in range(first, last + 1, step)]
    fine = [part * 10.0**power for power in range(first - 1, last + 2) for part in (1, 2, 5)]
    return [value for value in fine if scale.low - 1e-9 <= math.log10(value) <= scale.high + 1e-9]


def linear_scale_with_ticks(
    values: Iterable[float], start: float, end: float
) -> tuple[Scale, list[float]]:
    """Return a scale with three or four round ticks, longer than its values where it needs to."""
    scale = linear_scale(values, start, end)
    low, high = scale.low, scale.high
    power = math.floor(math.log10(high - low)) - 1
    for step in (
        part * 10.0**at for at in (power, power + 1, power + 2) for part in (1, 2, 2.5, 5)
    ):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < 4:
            break
    if last - first < 2:
        # The nearer end grows to its next tick, which is the smaller loss of room.
        if low - (first - 1) * step < (last + 1) * step - high:
            first -= 1
        else:
            last += 1
    # 3 times 0.1 is to be 0.3.
    ticks = [float(f"{number * step:.12g}") for number in range(first, last + 1)]
    return Scale(min(low, ticks[0]), max(high, ticks[-1]), start, end, False), ticks


def x_ticks(
    scale: Scale,
    values: Sequence[float],
    text: Callable[[float], str],
    y: float,
    left: float,
    right: float,
) -> tuple[Tick, ...]:
    """Place ticks below the picture, with as many labels as fit beside each other."""
    places = [scale.place(value) for value in values]
    labels = [
        centred(fit(text(value), right - left), place, y, left, right)
        for value, place in zip(values, places, strict=True)
    ]
    for step in range(1, len(labels) + 1):
        for offset in range(step):
            shown = range(offset, len(labels), step)
            boxes = [text_box(labels[at]) for at in shown]
            if all(one.right + _APART <= other.left for one, other in pairwise(boxes)):
                return tuple(
                    Tick(place, labels[at] if at in shown else None)
                    for at, place in enumerate(places)
                )
    return ()


def y_ticks(
    scale: Scale, values: Sequence[float], text: Callable[[float], str], right: float
) -> tuple[Tick, ...]:
    """Place ticks beside the picture, each label's middle at its line where there is room."""
    ticks: list[Tick] = []
    last = math.inf
    for value in values:
        place = scale.place(value)
        label = None
        if last - place >= LINE:
            label = Text(right, round(place + SIZE * 0.34, 1), fit(text(value), right), "end")
            last = place
        ticks.append(Tick(place, label))
    return tuple(ticks)


def margin(labels: Iterable[str], most: float) -> float:
    """Return the room that the labels of an upright axis take."""
    return min(most, math.ceil(max((width(label) for label in labels), default=0.0)))


def flag(label: str, x: float, y: float, bottom: float, right: float) -> Flag:
    """Put a label in a box on top of an upright line, within the picture."""
    words = fit(label, right - 16, is_bold=True)
    wide = width(words, is_bold=True) + 14
    left = max(0.0, min(x - wide / 2, right - wide))
    high = SIZE + 8
    return Flag(
        x=x,
        top=round(y + high, 2),
        bottom=bottom,
        left=round(left, 1),
        y=y,
        width=round(wide, 1),
        height=high,
        label=Text(round(left + wide / 2, 1), round(y + 4 + 0.83 * SIZE, 1), words, "middle"),
    )
