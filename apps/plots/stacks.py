"""Totals as bars of parts, told apart by shade and by pattern."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apps.plots.scales import Tick, clean, linear_scale_with_ticks, margin, x_ticks
from apps.plots.text import LINE, SIZE, Text, block, fit, wrap

MOST_PARTS = 5
_BAR, _GAP = 22.0, 12.0


@dataclass(frozen=True, slots=True)
class Stack:
    """A total and its parts in the order of their names; NaN where a part is unknown."""

    name: str
    tone: str
    parts: tuple[float, ...]
    total_label: str


@dataclass(frozen=True, slots=True)
class Part:
    """The name of a part, and the number of its shade and pattern."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class StackPart:
    """A part of a bar; `about` says it in words."""

    x: float
    y: float
    width: float
    height: float
    number: int
    about: str


@dataclass(frozen=True, slots=True)
class StackRow:
    """A bar, its name above and its total at its end."""

    tone: str
    name: tuple[Text, ...]
    parts: tuple[StackPart, ...]
    total: Text


@dataclass(frozen=True, slots=True)
class StackedLayout:
    """The picture at one width."""

    name: str
    width: float
    height: float
    size: float
    bottom: float
    rows: tuple[StackRow, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Stacked:
    """The picture at every width, and its parts for the heads of a table's columns."""

    layouts: tuple[StackedLayout, ...]
    parts: tuple[Part, ...]


def stacked(
    stacks: Sequence[Stack], parts: Sequence[str], x_text: Callable[[float], str]
) -> Stacked | None:
    """Draw stacks in their order, of five parts at most; None where there is no stack."""
    if not stacks or not parts:
        return None
    if len(parts) > MOST_PARTS:
        raise ValueError(f"{MOST_PARTS} parts can be told apart, not {len(parts)}.")
    return Stacked(
        tuple(
            _layout(name, wide, stacks, parts, x_text)
            for name, wide in (("narrow", 320.0), ("wide", 680.0))
        ),
        tuple(Part(name, number) for number, name in enumerate(parts)),
    )


def _layout(
    name: str,
    wide: float,
    stacks: Sequence[Stack],
    parts: Sequence[str],
    x_text: Callable[[float], str],
) -> StackedLayout:
    most = wide / 3
    room = margin((stack.total_label for stack in stacks), most) + 8
    edges = [_edges(stack.parts[: len(parts)]) for stack in stacks]
    x, values = linear_scale_with_ticks([0.0, *(ends[-1] for ends in edges)], 1, round(wide - room))
    rows = []
    y = 3.0
    for stack, ends in zip(stacks, edges, strict=True):
        lines = wrap(stack.name, wide, is_bold=True)
        top = round(y + LINE * len(lines) + 3, 2)
        places = [x.place(end) for end in ends]
        drawn = tuple(
            StackPart(
                x=places[at],
                y=top,
                width=round(places[at + 1] - places[at], 2),
                height=_BAR,
                number=at,
                about=f"{parts[at]}: {x_text(stack.parts[at])}",
            )
            for at in range(len(ends) - 1)
            if places[at + 1] > places[at]
        )
        total = Text(
            round(places[-1] + 6, 1),
            round(top + _BAR / 2 + 0.34 * SIZE, 1),
            fit(stack.total_label, most),
        )
        rows.append(StackRow(stack.tone.lower(), block(lines, 0, y, "start"), drawn, total))
        y = top + _BAR + _GAP
    bottom = round(y - _GAP + 8, 2)
    return StackedLayout(
        name=name,
        width=wide,
        height=round(bottom + LINE + 6, 1),
        size=SIZE,
        bottom=bottom,
        rows=tuple(rows),
        ticks=x_ticks(x, values, x_text, bottom + LINE, 0, wide),
    )


def _edges(parts: Sequence[float]) -> list[float]:
    """Return where each part begins, and the end of the last; the unknown takes no room."""
    edges = [0.0]
    for part in parts:
        size = max(0.0, clean(part)) if math.isfinite(part) else 0.0
        edges.append(edges[-1] + size)
    return edges
