"""A cost that grows in steps: each GPU is rented whole."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from apps.plots.scales import (
    Axes,
    Flag,
    Scale,
    flag,
    linear_scale_with_ticks,
    margin,
    x_ticks,
    y_ticks,
)
from apps.plots.text import LINE, SIZE, Box, Text, centred, fit, text_box, width


@dataclass(frozen=True, slots=True)
class Step:
    """What it costs from one volume to the next."""

    start: float
    end: float
    usd: float
    label: str


@dataclass(frozen=True, slots=True)
class Spot:
    """The tread that today's volume stands on."""

    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """The words of a tread."""

    text: Text
    is_here: bool


@dataclass(frozen=True, slots=True)
class StairsLayout:
    """The picture at one width."""

    name: str
    width: float
    height: float
    size: float
    axes: Axes
    path: str
    area: str
    labels: tuple[Label, ...]
    here: Flag | None
    spot: Spot | None


@dataclass(frozen=True, slots=True)
class Staircase:
    """The picture at every width."""

    layouts: tuple[StairsLayout, ...]


type _Tread = tuple[float, float, float]


def staircase(
    steps: Sequence[Step],
    here: tuple[float, str] | None,
    x_title: str,
    y_title: str,
    x_text: Callable[[float], str],
    y_text: Callable[[float], str],
) -> Staircase | None:
    """Draw steps from left to right; None where there is no step with a known cost."""
    known = sorted(
        (s for s in steps if all(map(math.isfinite, (s.start, s.end, s.usd))) and s.start <= s.end),
        key=lambda step: (step.start, step.end),
    )
    if not known:
        return None
    if here is not None and not math.isfinite(here[0]):
        here = None
    return Staircase(
        tuple(
            _layout(name, wide, high, known, here, (x_title, y_title), (x_text, y_text))
            for name, wide, high in (("narrow", 320.0, 220.0), ("wide", 680.0, 260.0))
        )
    )


def _layout(
    name: str,
    wide: float,
    high: float,
    steps: Sequence[Step],
    here: tuple[float, str] | None,
    titles: tuple[str, str],
    texts: tuple[Callable[[float], str], Callable[[float], str]],
) -> StairsLayout:
    top = 2 * SIZE + 38 if here else SIZE + 34
    bottom = top + high
    y, values = linear_scale_with_ticks([0.0, *(step.usd for step in steps)], bottom, top)
    left = round(margin(map(texts[1], values), wide / 3) + 8, 1)
    right = wide - 8
    xs = [end for step in steps for end in (step.start, step.end)]
    x, x_values = linear_scale_with_ticks([*xs, here[0]] if here else xs, left, right)

    treads = [(x.place(step.start), x.place(step.end), y.place(step.usd)) for step in steps]
    here_flag = flag(here[1], x.place(here[0]), SIZE + 8, bottom, wide) if here else None
    spot = _spot(steps, here[0], x, y) if here else None
    return StairsLayout(
        name=name,
        width=wide,
        height=round(bottom + 2 * LINE + 14, 1),
        size=SIZE,
        axes=Axes(
            left=left,
            right=right,
            top=top,
            bottom=bottom,
            x_ticks=x_ticks(x, x_values, texts[0], bottom + LINE + 4, 0, wide),
            y_ticks=y_ticks(y, values, texts[1], left - 8),
            titles=(
                Text(0, SIZE, fit(titles[1], wide)),
                centred(fit(titles[0], wide), (left + right) / 2, bottom + 2 * LINE + 8, 0, wide),
            ),
        ),
        path=_path(treads),
        area="".join(
            f"M{start:g} {y.place(0):g}V{level:g}H{end:g}V{y.place(0):g}Z"
            for start, end, level in treads
        ),
        labels=_labels(steps, treads, here_flag, spot, Box(left, top - LINE - 4, wide, bottom)),
        here=here_flag,
        spot=spot,
    )


def _path(treads: Sequence[_Tread]) -> str:
    """Draw treads, joined by upright risers where one begins at the other's end."""
    path = ""
    before = math.nan
    for start, end, level in treads:
        path += f"V{level:g}" if start == before else f"M{start:g} {level:g}"
        path += f"H{end:g}"
        before = end
    return path


def _spot(steps: Sequence[Step], at: float, x: Scale, y: Scale) -> Spot | None:
    """Return the tread under a volume; at a riser it is the lower one, which still suffices."""
    for number, step in enumerate(steps):
        if step.start <= at <= step.end:
            return Spot(number, x.place(at), y.place(step.usd))
    return None


def _labels(
    steps: Sequence[Step],
    treads: Sequence[_Tread],
    here: Flag | None,
    spot: Spot | None,
    area: Box,
) -> tuple[Label, ...]:
    """Label what has room, today's tread and the last one first."""
    taken = [_riser(one, other) for one, other in pairwise(treads)]
    taken += [Box(start, level - 2, end, level + 2) for start, end, level in treads]
    if here is not None:
        taken.append(Box(here.x - 5, here.top, here.x + 5, here.bottom))
    if spot is not None:
        taken.append(Box(spot.x - 8, spot.y - 8, spot.x + 8, spot.y + 8))
    labels = {}
    for at in sorted(
        range(len(steps)),
        key=lambda at: (spot is None or spot.number != at, at != len(steps) - 1, at),
    ):
        is_here = spot is not None and spot.number == at
        words = fit(steps[at].label, area.right - area.left, is_bold=is_here)
        half = width(words, is_bold=is_here) / 2
        for x, y in _places(treads[at], half, spot if is_here else None):
            text = Text(round(x, 1), round(y, 1), words, "middle")
            box = text_box(text, is_bold=is_here)
            if words and box.is_within(area) and not any(map(box.meets, taken)):
                labels[at] = Label(text, is_here)
                taken.append(Box(box.left - 6, box.top, box.right + 6, box.bottom))
                break
    return tuple(labels[at] for at in sorted(labels))


def _places(tread: _Tread, half: float, spot: Spot | None) -> Iterator[tuple[float, float]]:
    """Yield where a tread's words may stand: above it, and today's also beside its spot."""
    start, end, level = tread
    above = level - 7
    if 2 * half <= end - start:
        yield (start + end) / 2, above
    yield end - half - 5, above
    if spot is not None:
        below = level + SIZE + 5
        yield spot.x + half + 10, below
        yield spot.x - half - 10, below


def _riser(one: _Tread, other: _Tread) -> Box:
    low, high = max(one[2], other[2]), min(one[2], other[2])
    return Box(one[1] - 2, high - 2, max(one[1], other[0]) + 2, low + 2)
