"""Marks on a picture of lines, with their words where these cover nothing that matters."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.plots.scales import Scale
from apps.plots.text import Box, Text, around, balanced, block_box

_RING = 5.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that matters, such as where two lines cross."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A mark with its words, or alone where there is no room for words."""

    x: float
    y: float
    r: float
    leader: str
    label: tuple[Text, ...]


def rings(
    marks: Sequence[Mark],
    x: Scale,
    y: Scale,
    covered: Sequence[Box],
    trace: Sequence[tuple[float, float]],
    room: float,
    rows: int,
) -> tuple[Ring, ...]:
    """Draw the marks, their words where they cover neither each other nor, if possible, a line."""
    area = Box(x.start, y.end, x.end, y.start)
    places = [(x.place(mark.x), y.place(mark.y)) for mark in marks]
    taken = [Box(px - _RING, py - _RING, px + _RING, py + _RING) for px, py in places]
    taken += covered
    drawn = []
    for mark, (px, py) in zip(marks, places, strict=True):
        best: tuple[float, tuple[Text, ...], Box] | None = None
        for cost, label in _places(mark.label, px, py, room, rows):
            if best is not None and cost >= best[0]:
                continue
            box = block_box(label)
            if not box.is_within(area) or any(map(box.meets, taken)):
                continue
            cost += _nuisance(px, py, box, [one for one in taken if not one.holds(px, py)], trace)
            if best is None or cost < best[0]:
                best = cost, label, box
        leader = ""
        if best is not None:
            taken.append(best[2])
            leader = _to_box(px, py, best[2])
        drawn.append(Ring(px, py, _RING, leader, best[1] if best else ()))
    return tuple(drawn)


def _places(
    label: str, x: float, y: float, room: float, rows: int
) -> Iterator[tuple[float, tuple[Text, ...]]]:
    """Yield where a mark's words may stand with what speaks against it: far away, or broken up."""
    for more, lines in enumerate(balanced(label, room, rows)):
        for far, distance in enumerate((8.0, 20.0, 36.0, 56.0)):
            for words in around(x, y, distance, lines):
                yield 4 * far + 2 * more, words


def _nearest(x: float, y: float, box: Box) -> tuple[float, float]:
    return max(box.left, min(x, box.right)), max(box.top, min(y, box.bottom))


def _nuisance(
    x: float,
    y: float,
    box: Box,
    others: Sequence[Box],
    trace: Sequence[tuple[float, float]],
) -> float:
    """Count what speaks against a place: words close to others or over lines, ways across them."""
    near_x, near_y = _nearest(x, y, box)
    way = [(x + (near_x - x) * part / 8, y + (near_y - y) * part / 8) for part in range(9)]
    around_box = Box(box.left - 6, box.top - 6, box.right + 6, box.bottom + 6)
    cost = 8 * sum(
        around_box.meets(other) or any(other.holds(*place) for place in way) for other in others
    )
    cost += 3 * sum(box.holds(*place) for place in trace)
    # At the ring itself the way is bound to meet the lines that cross there.
    way = [place for place in way if math.dist(place, (x, y)) > 3 * _RING]
    if any(math.dist(place, other) < 5 for place in way for other in trace):
        cost += 8
    return cost


def _to_box(x: float, y: float, box: Box) -> str:
    """Lead from a ring to words that do not touch it."""
    near_x, near_y = _nearest(x, y, box)
    distance = math.dist((x, y), (near_x, near_y))
    if distance < 3 * _RING:
        return ""
    share = _RING / distance
    from_x, from_y = x + (near_x - x) * share, y + (near_y - y) * share
    return f"M{from_x:.1f} {from_y:.1f}L{near_x:.1f} {near_y:.1f}"
