"""The month's cost against the volume, for every option."""

from dataclasses import dataclass, replace
from math import floor, isfinite, log10

from apps.money.break_even import BreakEven
from apps.money.needs import Needs
from apps.money.options import OPTIONS, Option
from apps.money.priced import OptionPrice
from apps.money.pricing import Pricer

LEAST, MOST = 1.0, 1e9
# Each decade is looked at here: steps that look even on a logarithmic axis.
_WITHIN = (1.0, 2.0, 5.0)
_DECADES = 2

# An option on an API, and the option that would replace it from some volume on.
PAIRS = (
    (Option.CLOSED_API, Option.SELF_CLOUD),
    (Option.CLOSED_API, Option.SELF_ONPREM),
    (Option.HOSTED_OPEN, Option.SELF_CLOUD),
    (Option.HOSTED_OPEN, Option.SELF_ONPREM),
)


@dataclass(frozen=True, slots=True)
class Point:
    """All options at one volume, requests a day; prices in the order of OPTIONS."""

    volume: float
    prices: tuple[OptionPrice, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """From where on self-hosting stays cheaper than an API, with the month's cost there.

    `usd` is None where there is no such volume above 0. `ends` are the break-evens at the ends of
    the bands: dear requests and cheap GPUs, and the other way round.
    """

    api: Option
    own: Option
    found: BreakEven
    usd: float | None
    ends: tuple[BreakEven, BreakEven]


def curve(pricer: Pricer, needs: Needs) -> tuple[Point, ...]:
    """Return the costs at 1, 2 and 5 times each power of ten, two decades around today's volume.

    Today's volume is one of the points. Volumes are between 1 and a billion requests a day.
    """
    middle = floor(log10(needs.volume))
    grid = {
        step * 10.0**decade
        for decade in range(middle - _DECADES, middle + _DECADES + 2)
        for step in _WITHIN
    }
    lowest = max(LEAST, needs.volume / 10**_DECADES)
    highest = min(MOST, needs.volume * 10**_DECADES)
    volumes = {v for v in grid if lowest <= v <= highest} | {float(needs.volume)}
    return tuple(at(pricer, needs, volume) for volume in sorted(volumes))


def at(pricer: Pricer, needs: Needs, volume: float) -> Point:
    """Return the costs at a volume, requests a day."""
    return Point(volume, pricer.detail(replace(needs, volume=volume)))


def crossings(pricer: Pricer, needs: Needs) -> tuple[Crossing, ...]:
    """Return the break-even of each pair that can be priced."""
    found = []
    for api, own in PAIRS:
        even, ends = pricer.break_even(needs, api, own), pricer.break_even_range(needs, api, own)
        if even is not None and ends is not None:
            usd = _usd(pricer, needs, api, even.volume)
            found.append(Crossing(api, own, even, usd, ends))
    return tuple(found)


def _usd(pricer: Pricer, needs: Needs, api: Option, volume: float | None) -> float | None:
    if not volume or not isfinite(volume):
        return None
    return pricer.expected(replace(needs, volume=volume))[OPTIONS.index(api)]
