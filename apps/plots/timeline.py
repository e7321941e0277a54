"""Values over time, each level until it changes, up to today and as announced."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apps.plots.scales import (
    Axes,
    Flag,
    Scale,
    flag,
    linear_scale,
    linear_scale_with_ticks,
    margin,
    x_ticks,
    y_ticks,
)
from apps.plots.text import LINE, SIZE, Text, block, fit, spread, width

_GAP = 12.0


@dataclass(frozen=True, slots=True)
class Level:
    """What holds from a day on; None where nothing is known."""

    start: float
    value: float | None
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Series:
    """Levels in the order of time, the last known one with a name at its end."""

    name: str
    tone: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    """What has been, what is announced, and the name beside."""

    tone: str
    path: str
    ahead: str
    name: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class TimeLayout:
    """The picture at one width."""

    name: str
    width: float
    height: float
    size: float
    axes: Axes
    lines: tuple[DrawnSeries, ...]
    here: Flag


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture at every width."""

    layouts: tuple[TimeLayout, ...]


def timeline(
    series: Sequence[Series],
    end: float,
    here: tuple[float, str],
    y_title: str,
    x_text: Callable[[float], str],
    y_text: Callable[[float], str],
    floor: float = 0.0,
) -> Timeline | None:
    """Draw levels from the first day to `end`, from `floor` up; None where none is known."""
    series = [one for one in series if any(level.value is not None for level in one.levels)]
    if not series:
        return None
    return Timeline(
        tuple(
            _layout(name, wide, series, end, here, y_title, (x_text, y_text), floor)
            for name, wide in (("narrow", 320.0), ("wide", 680.0))
        )
    )


def _layout(
    layout: str,
    wide: float,
    series: Sequence[Series],
    end: float,
    here: tuple[float, str],
    y_title: str,
    texts: tuple[Callable[[float], str], Callable[[float], str]],
    floor: float,
) -> TimeLayout:
    top, bottom = 2 * SIZE + 26, 240.0
    known = [level.value for one in series for level in one.levels if level.value is not None]
    y, values = linear_scale_with_ticks([floor, *known], bottom, top)
    names = max(width(one.name, is_bold=True) for one in series)
    left = round(margin(map(texts[1], values), wide / 3) + 8, 1)
    right = round(wide - names - _GAP - 2, 1)
    first = min(level.start for one in series for level in one.levels)
    x = linear_scale([first, end], left, right)
    return TimeLayout(
        name=layout,
        width=wide,
        height=round(bottom + LINE + 10, 1),
        size=SIZE,
        axes=Axes(
            left=left,
            right=right,
            top=top,
            bottom=bottom,
            x_ticks=x_ticks(x, [first, end], texts[0], bottom + LINE + 4, 0, wide),
            y_ticks=y_ticks(y, values, texts[1], left - 8),
            titles=(Text(0, SIZE, fit(y_title, wide)),),
        ),
        lines=_lines(series, end, x, y, right + _GAP),
        here=flag(here[1], x.place(here[0]), SIZE + 8, bottom, wide),
    )


def _lines(
    series: Sequence[Series], end: float, x: Scale, y: Scale, column: float
) -> tuple[DrawnSeries, ...]:
    ends = [y.place(_last(one)) for one in series]
    centres = spread(ends, [LINE + 3] * len(series), y.end, y.start)
    return tuple(
        DrawnSeries(
            one.tone,
            *_paths(one.levels, end, x, y),
            block((one.name,), column, centre - LINE / 2, "start"),
        )
        for one, centre in zip(series, centres, strict=True)
    )


def _last(series: Series) -> float:
    return next(level.value for level in reversed(series.levels) if level.value is not None)


def _paths(levels: Sequence[Level], end: float, x: Scale, y: Scale) -> tuple[str, str]:
    """Draw what has been and what is announced, with a gap where nothing is known."""
    been = ahead = ""
    before: float | None = None
    ends = [*(level.start for level in levels[1:]), end]
    for level, until in zip(levels, ends, strict=True):
        place = None if level.value is None else y.place(level.value)
        if place is not None:
            riser = place if before is None else before
            piece = f"M{x.place(level.start):g} {riser:g}V{place:g}H{x.place(until):g}"
            been, ahead = (been, ahead + piece) if level.is_ahead else (been + piece, ahead)
        before = place
    return been, ahead
