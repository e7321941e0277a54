"""What moves a result most: bars around the result of today."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apps.plots.scales import Flag, Tick, flag, linear_scale_with_ticks, margin, x_ticks
from apps.plots.text import LINE, SIZE, Text, block, fit, text_box, width, wrap

_BAR, _GAP = 18.0, 14.0
LOW_KEY, HIGH_KEY = "input at its low end", "input at its high end"


@dataclass(frozen=True, slots=True)
class Swing:
    """The result in US dollars when one input is at its low and at its high value."""

    name: str
    low_label: str
    high_label: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SwingBar:
    """The part of a bar on one side; `label` is the input's value there."""

    x: float
    y: float
    width: float
    height: float
    is_high: bool
    label: Text


@dataclass(frozen=True, slots=True)
class SwingRow:
    """An input's name above its bar."""

    name: tuple[Text, ...]
    bars: tuple[SwingBar, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A box of the kind that a side has, and which side that is."""

    x: float
    y: float
    size: float
    is_high: bool
    label: Text


@dataclass(frozen=True, slots=True)
class TornadoLayout:
    """The picture at one width."""

    name: str
    width: float
    height: float
    size: float
    bottom: float
    keys: tuple[Key, ...]
    base: Flag
    base_path: str
    rows: tuple[SwingRow, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Tornado:
    """The picture at every width."""

    layouts: tuple[TornadoLayout, ...]


def tornado(
    swings: Sequence[Swing], base: float, base_label: str, x_text: Callable[[float], str]
) -> Tornado | None:
    """Draw swings in their order; None where none is known, or what they swing around."""
    known = [s for s in swings if math.isfinite(s.low) and math.isfinite(s.high)]
    if not known or not math.isfinite(base):
        return None
    return Tornado(
        tuple(
            _layout(name, wide, known, base, base_label, x_text)
            for name, wide in (("narrow", 320.0), ("wide", 680.0))
        )
    )


def _layout(
    name: str,
    wide: float,
    swings: Sequence[Swing],
    base: float,
    base_label: str,
    x_text: Callable[[float], str],
) -> TornadoLayout:
    # Either end of a bar can be the input's low value: a dearer GPU costs more, more caching less.
    most = wide / 4
    room = margin((label for s in swings for label in (s.low_label, s.high_label)), most) + 8
    sizes = [base, *(size for s in swings for size in (s.low, s.high))]
    x, values = linear_scale_with_ticks(sizes, round(room, 1), round(wide - room, 1))
    origin = x.place(base)

    keys, top = _keys(wide)
    y = top + SIZE + 8 + _GAP
    rows = []
    for swing in swings:
        lines = wrap(swing.name, wide, is_bold=True)
        bar_top = y + LINE * len(lines) + 3
        rows.append(
            SwingRow(block(lines, 0, y, "start"), _bars(swing, x.place, origin, bar_top, most))
        )
        y = bar_top + _BAR + _GAP
    bottom = round(y - _GAP + 8, 2)
    return TornadoLayout(
        name=name,
        width=wide,
        height=round(bottom + LINE + 6, 1),
        size=SIZE,
        bottom=bottom,
        keys=keys,
        base=flag(base_label, origin, top, bottom, wide),
        base_path=_upright(origin, top + SIZE + 8, bottom, rows),
        rows=tuple(rows),
        ticks=x_ticks(x, values, x_text, bottom + LINE, 0, wide),
    )


def _keys(wide: float) -> tuple[tuple[Key, ...], float]:
    """Say which kind of bar is which side; on a phone below each other."""
    keys = []
    x, y = 0.0, 4.0
    for is_high, words in ((False, LOW_KEY), (True, HIGH_KEY)):
        needed = 20 + width(words)
        if x and x + needed > wide:
            x, y = 0.0, y + LINE + 2
        text = Text(round(x + 20, 1), round(y + 0.83 * SIZE - 0.5, 1), words)
        keys.append(Key(round(x + 1, 1), y, 13.0, is_high, text))
        x += needed + 24
    return tuple(keys), y + LINE + 12


def _upright(x: float, top: float, bottom: float, rows: Sequence[SwingRow]) -> str:
    """Draw the line at the base, interrupted where a name crosses it."""
    path = ""
    for text in (text for row in rows for text in row.name):
        box = text_box(text, is_bold=True)
        if box.left - 3 < x < box.right + 3:
            path += f"M{x:g} {top:g}V{max(top, box.top - 2):.1f}"
            top = box.bottom + 2
    return f"{path}M{x:g} {top:.1f}V{bottom:g}"


def _bars(
    swing: Swing, place: Callable[[float], float], origin: float, top: float, most: float
) -> tuple[SwingBar, ...]:
    ends = [place(swing.low), place(swing.high)]
    # Where both ends lie on one side, the shorter bar is drawn over the longer, and its label
    # stands on the side that is left empty.
    same_side = (ends[0] - origin) * (ends[1] - origin) > 0
    far = max((0, 1), key=lambda at: abs(ends[at] - origin))
    bars = []
    for at in (far, 1 - far):
        end = ends[at]
        to_left = end < origin or (end == origin and ends[1 - at] > origin)
        if end == origin == ends[1 - at]:
            to_left = at == 0
        label_left, label_end = to_left, end
        if same_side and at != far:
            label_left, label_end = not to_left, origin
        words = fit((swing.low_label, swing.high_label)[at], most)
        bars.append(
            SwingBar(
                x=round(min(origin, end), 2),
                y=round(top, 2),
                width=round(abs(end - origin), 2),
                height=_BAR,
                is_high=at == 1,
                label=Text(
                    round(label_end + (-6 if label_left else 6), 1),
                    round(top + _BAR / 2 + 0.34 * SIZE, 1),
                    words,
                    "end" if label_left else "start",
                ),
            )
        )
    return tuple(bars)
