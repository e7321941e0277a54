"""Lines on two logarithmic axes, each with its band and with its name at its end."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from apps.plots.scales import (
    Axes,
    Flag,
    Scale,
    clean,
    flag,
    is_size,
    log_scale,
    log_ticks,
    margin,
    x_ticks,
    y_ticks,
)
from apps.plots.text import LINE, SIZE, Text, block, centred, fit, spread, width, wrap

_DOT, _RING = 4.0, 5.0
# A name further than this from its line's end gets a leader.
_NEAR = 5.0


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What is expected at `x`, and between what it lies; NaN where it is unknown."""

    x: float
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A line; `style` is 0 for solid, 1 for dashed and 2 for dotted."""

    name: str
    tone: str
    style: int
    is_muted: bool
    points: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that matters, such as where two lines cross; the page says in words what it is."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ring:
    """A mark as it is drawn."""

    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is drawn, the mark of its group at its end, and its name beside."""

    tone: str
    style: int
    is_muted: bool
    band: str
    path: str
    end: str
    leader: str
    name: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a line meets 'you are here'."""

    x: float
    y: float
    tone: str


@dataclass(frozen=True, slots=True)
class LogLayout:
    """The picture at one width."""

    name: str
    width: float
    height: float
    size: float
    axes: Axes
    lines: tuple[Line, ...]
    here: Flag | None
    dots: tuple[Dot, ...]
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class LogPlot:
    """The picture at every width."""

    layouts: tuple[LogLayout, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    width: float
    area: float
    names: float
    gap: float
    rows: int


_SHEETS = (
    _Sheet("narrow", 320, 300, 104, 14, 3),
    _Sheet("wide", 680, 340, 176, 24, 2),
)


def log_plot(
    curves: Sequence[Curve],
    here: tuple[float, str] | None,
    marks: Sequence[Mark],
    x_title: str,
    y_title: str,
    x_text: Callable[[float], str],
    y_text: Callable[[float], str],
) -> LogPlot | None:
    """Draw curves over their volumes; None where no point of any is known."""
    cleaned = [_clean(curve) for curve in curves]
    shown = [curve for curve in cleaned if any(is_size(point.middle) for point in curve.points)]
    if not shown:
        return None
    if here is not None and not is_size(here[0]):
        here = None
    marks = [mark for mark in marks if is_size(mark.x) and is_size(mark.y)]
    return LogPlot(
        tuple(
            _layout(sheet, shown, here, marks, (x_title, y_title), (x_text, y_text))
            for sheet in _SHEETS
        )
    )


def _clean(curve: Curve) -> Curve:
    points = sorted(
        (point for point in curve.points if is_size(point.x)), key=lambda point: point.x
    )
    return Curve(curve.name, curve.tone.lower(), curve.style, curve.is_muted, tuple(points))


def _layout(
    sheet: _Sheet,
    curves: Sequence[Curve],
    here: tuple[float, str] | None,
    marks: Sequence[Mark],
    titles: tuple[str, str],
    texts: tuple[Callable[[float], str], Callable[[float], str]],
) -> LogLayout:
    points = [point for curve in curves for point in curve.points if is_size(point.middle)]
    xs = [point.x for point in points] + [mark.x for mark in marks] + ([here[0]] if here else [])
    ys = [mark.y for mark in marks]
    for point in points:
        ys += [size for size in (point.low, point.middle, point.high) if is_size(size)]

    names = [wrap(curve.name, sheet.names, sheet.rows, is_bold=True) for curve in curves]
    heights = [LINE * max(1, len(name)) + 3 for name in names]
    names_wide = max((width(line, is_bold=True) for name in names for line in name), default=0.0)
    top = 2 * SIZE + 26 if here else SIZE + 16
    bottom = round(top + max(sheet.area, sum(heights)), 2)
    values = log_ticks(log_scale(ys, 0, 1))
    left = round(margin(map(texts[1], values), sheet.width / 3) + 8, 1)
    right = round(sheet.width - names_wide - sheet.gap - 2, 1)

    x = log_scale(xs, left, right)
    y = log_scale(ys, bottom, top)
    dots = _dots(curves, here[0], x, y) if here else ()
    lines = _lines(curves, names, heights, x, y, right + sheet.gap)
    here_flag = flag(here[1], x.place(here[0]), SIZE + 8, bottom, sheet.width) if here else None
    return LogLayout(
        name=sheet.name,
        width=sheet.width,
        height=round(bottom + 2 * LINE + 14, 1),
        size=SIZE,
        axes=Axes(
            left=left,
            right=right,
            top=top,
            bottom=bottom,
            x_ticks=x_ticks(x, log_ticks(x), texts[0], bottom + LINE + 4, 0, sheet.width),
            y_ticks=y_ticks(y, values, texts[1], left - 8),
            titles=(
                Text(0, SIZE, fit(titles[1], sheet.width)),
                centred(
                    fit(titles[0], sheet.width),
                    (left + right) / 2,
                    bottom + 2 * LINE + 8,
                    0,
                    sheet.width,
                ),
            ),
        ),
        lines=lines,
        here=here_flag,
        dots=dots,
        rings=tuple(Ring(x.place(mark.x), y.place(mark.y), _RING) for mark in marks),
    )


def _lines(
    curves: Sequence[Curve],
    names: Sequence[tuple[str, ...]],
    heights: Sequence[float],
    x: Scale,
    y: Scale,
    column: float,
) -> tuple[Line, ...]:
    ends = []
    for curve in curves:
        last = next(point for point in reversed(curve.points) if is_size(point.middle))
        ends.append((x.place(last.x), y.place(last.middle)))
    centres = spread([end[1] for end in ends], heights, y.end, y.start)
    lines = []
    for curve, name, height, end, centre in zip(curves, names, heights, ends, centres, strict=True):
        far = abs(centre - end[1]) > _NEAR or end[0] < x.end
        lines.append(
            Line(
                tone=curve.tone,
                style=curve.style,
                is_muted=curve.is_muted,
                band=_band(curve, x, y),
                path=_path(curve, x, y),
                end=_end(curve.tone, *end),
                leader=_leader(end, x.end, column - 3, centre) if far else "",
                name=block(name, column, centre - height / 2 + 2.5, "start"),
            )
        )
    return tuple(lines)


def _runs(curve: Curve, is_known: Callable[[CurvePoint], bool]) -> Iterator[list[CurvePoint]]:
    """Yield the pieces between what is unknown."""
    run: list[CurvePoint] = []
    for point in curve.points:
        if is_known(point):
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(curve: Curve, x: Scale, y: Scale) -> str:
    pieces = []
    for run in _runs(curve, lambda point: is_size(point.middle)):
        places = [(x.place(point.x), y.place(point.middle)) for point in run]
        # A line of one point has no length: its round ends make it a dot.
        pieces.append("M" + "L".join(map(_pair, places if len(places) > 1 else places * 2)))
    return "".join(pieces)


def _band(curve: Curve, x: Scale, y: Scale) -> str:
    pieces = []
    for run in _runs(curve, _has_band):
        there = [(x.place(point.x), y.place(point.high)) for point in run]
        back = [(x.place(point.x), y.place(point.low)) for point in reversed(run)]
        if len(run) > 1:
            pieces.append("M" + "L".join(map(_pair, there + back)) + "Z")
    return "".join(pieces)


def _has_band(point: CurvePoint) -> bool:
    return all(map(is_size, (point.low, point.middle, point.high)))


def _pair(place: tuple[float, float]) -> str:
    return f"{place[0]:g} {place[1]:g}"


def _end(tone: str, x: float, y: float) -> str:
    """Return the sign of the group: a square, a circle or a diamond."""
    r = _DOT
    if tone == "closed":
        return f"M{x - r:.2f} {y - r:.2f}h{2 * r:g}v{2 * r:g}h{-2 * r:g}z"
    if tone == "hybrid":
        r *= 1.3
        return f"M{x:g} {y - r:.2f}l{r:g} {r:g}l{-r:g} {r:g}l{-r:g} {-r:g}z"
    return f"M{x - r:.2f} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z"


def _leader(end: tuple[float, float], right: float, column: float, centre: float) -> str:
    """Lead from a line's end to its name: level to the edge of the area, then to the words."""
    level = f"M{end[0]:g} {end[1]:g}H{right:g}" if end[0] < right else f"M{right:g} {end[1]:g}"
    return f"{level}L{column:.1f} {centre:.1f}"


def _dots(curves: Sequence[Curve], at: float, x: Scale, y: Scale) -> tuple[Dot, ...]:
    place = x.place(at)
    dots = []
    for curve in curves:
        for run in _runs(curve, lambda point: is_size(point.middle)):
            for one, other in pairwise(run):
                if one.x <= at <= other.x:
                    first, last = y.place(one.middle), y.place(other.middle)
                    logs = [math.log(clean(size)) for size in (one.x, at, other.x)]
                    length = logs[2] - logs[0]
                    share = (logs[1] - logs[0]) / length if length else 0.0
                    dots.append(Dot(place, round(first + (last - first) * share, 2), curve.tone))
                    break
    return tuple(dots)
