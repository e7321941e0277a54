"""What it costs to have chosen an option if the volume turns out otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan

from apps.money.needs import Needs
from apps.money.options import OPTIONS, Option
from apps.money.outlook.comparable import cheapest
from apps.money.outlook.curve import LEAST, MOST, at
from apps.money.pricing import Pricer

SCALES = (0.1, 1.0, 10.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """An option at one volume: US dollars a month, and how many above the cheapest there."""

    usd: float
    regret: float


@dataclass(frozen=True, slots=True)
class Column:
    """One volume, requests a day, with the option that is cheapest there (None: unknown)."""

    scale: float
    volume: float
    cheapest: Option | None


@dataclass(frozen=True, slots=True)
class Row:
    """An option at each volume; `most` is what choosing it wrongly costs at worst."""

    option: Option
    cells: tuple[Cell, ...]
    most: float


@dataclass(frozen=True, slots=True)
class Regret:
    """Every option at a tenth of the volume, at the volume and at ten times it."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def regret(pricer: Pricer, needs: Needs, among: Sequence[Option] = OPTIONS) -> Regret:
    """Return each option's cost above the cheapest of `among`, at each of `SCALES`.

    Volumes are kept between 1 and a billion requests a day. At each volume an option is priced
    anew: more requests take more GPUs, and perhaps another model.
    """
    points = [at(pricer, needs, min(MOST, max(LEAST, needs.volume * s))) for s in SCALES]
    columns, least = [], []
    for scale, point in zip(SCALES, points, strict=True):
        best = cheapest(point.prices, among)
        columns.append(Column(scale, point.volume, best))
        least.append(nan if best is None else point.prices[OPTIONS.index(best)].expected)
    rows = []
    for place, option in enumerate(OPTIONS):
        usd = [point.prices[place].expected for point in points]
        cells = tuple(Cell(u, u - best) for u, best in zip(usd, least, strict=True))
        known = [cell.regret for cell in cells if isfinite(cell.regret)]
        rows.append(Row(option, cells, max(known, default=nan)))
    return Regret(tuple(columns), tuple(rows))
