"""Which inputs move an option's cost most: each is moved alone, all else staying as it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import Any, assert_never

from apps.money.needs import Needs
from apps.money.options import OPTIONS, Option
from apps.money.outlook.comparable import alike, cheapest
from apps.money.outlook.curve import LEAST, MOST
from apps.money.priced import Moves, OnApi, OnDevices, OnGpus, OptionPrice
from apps.money.pricing import Pricer

SHOWN = 6
# Every input is tried at half and at twice what it is, within its range.
FACTOR = 2.0
# Twice nothing is nothing: a share of 0 is tried at this, too.
_FROM_NOTHING = 0.5
# Points of the index that the wanted capability is moved by.
_ECI_POINTS = 5.0
# Whole tokens of one prompt and of one answer, as far as the address takes them.
_MOST_TOKENS = 10_000_000.0

VOLUME, TOKENS_IN, TOKENS_OUT, NEED = "volume", "tokens_in", "tokens_out", "need"
# Assumptions that move an option, by what it pays for; people and prices move whole: `Moves`.
_ON_API = ("retry", "cached", "batch")
_ON_GPUS = ("cached", "efficiency", "spare", "infra", "infra_own", "peak")
_SHARED = ("hard_share",)
_SHARES = {"retry", "cached", "batch"}

type Prices = tuple[OptionPrice, ...]


@dataclass(frozen=True, slots=True)
class End:
    """An input at one end: its value (a factor for prices and people) and what follows.

    `usd` is the option's month, `cheapest` the option that is cheapest then.
    """

    value: float
    usd: float
    cheapest: Option | None


@dataclass(frozen=True, slots=True)
class Swing:
    """One input at its low and at its high end."""

    key: str
    low: End
    high: End

    @property
    def width(self) -> float:
        """US dollars a month between the two ends."""
        return abs(self.high.usd - self.low.usd)


def swings(
    pricer: Pricer,
    needs: Needs,
    option: Option,
    ranges: Mapping[str, tuple[float, float]],
    left: Sequence[Option] = OPTIONS,
    count: int = SHOWN,
) -> tuple[Swing, ...]:
    """Return the inputs that move an option's month most, the widest first.

    `ranges` holds the lowest and the highest value of each assumption; the cheapest at each end is
    one of those of `left` that are alike there. Inputs that do not move the option are left out;
    empty where it cannot be priced.
    """
    found = []
    price = pricer.detail(needs)[OPTIONS.index(option)]
    for key, low, below, high, above in _moved(pricer, needs, price, ranges):
        ends = (_end(v, prices, option, left) for v, prices in ((low, below), (high, above)))
        swing = Swing(key, *ends)
        if isfinite(swing.width) and swing.width > 0:
            found.append(swing)
    found.sort(key=lambda swing: (-swing.width, swing.key))
    return tuple(found[:count])


def _end(value: float, prices: Prices, option: Option, left: Sequence[Option]) -> End:
    # Another task or size may leave an option without a model that is like the others.
    least = cheapest(prices, alike(prices, left))
    return End(value, prices[OPTIONS.index(option)].expected, least)


type _Moved = tuple[str, float, Prices, float, Prices]


def _assumed(price: OptionPrice) -> Iterable[str]:
    """Return the assumptions that can move an option, by what it consists of."""
    found = dict.fromkeys(_SHARED if len(price.parts) > 1 else ())
    for part in price.parts:
        match part:
            case OnApi():
                found |= dict.fromkeys(_ON_API)
            case OnGpus() | OnDevices():
                found |= dict.fromkeys(_ON_GPUS)
            case _:
                assert_never(part)
    return found


def _moved(
    pricer: Pricer,
    needs: Needs,
    price: OptionPrice,
    ranges: Mapping[str, tuple[float, float]],
) -> Iterator[_Moved]:
    """Yield each input with its two values, and all options' prices at each."""
    for key, least, most in (
        (VOLUME, LEAST, MOST),
        (TOKENS_IN, 0.0, _MOST_TOKENS),
        (TOKENS_OUT, 0.0, _MOST_TOKENS),
    ):
        now = needs.volume if key == VOLUME else getattr(needs.ask, key)
        low, high = _ends(now, least, most)
        below, above = (_needing(pricer, needs, key, value) for value in (low, high))
        yield key, low, below, high, above
    if needs.least_eci is not None:
        low, high = needs.least_eci - _ECI_POINTS, needs.least_eci + _ECI_POINTS
        below, above = (pricer.detail(replace(needs, least_eci=eci)) for eci in (low, high))
        yield NEED, low, below, high, above
    for key in _assumed(price):
        now = _now(pricer, needs, key)
        low, high = _ends(now, *ranges.get(key, (0.0, inf)))
        if key == "spare":
            low, high = max(0.0, now - 1), min(ranges.get(key, (0.0, inf))[1], now + 1)
        elif key in _SHARES and now == 0:
            high = min(_FROM_NOTHING, ranges.get(key, (0.0, 1.0))[1])
        below, above = (_assuming(pricer, needs, {key: value}) for value in (low, high))
        yield key, low, below, high, above
    for moves in (Moves.TOKEN_PRICE, Moves.GPU_PRICE, Moves.PEOPLE):
        below, above = (_scaled(pricer, needs, moves, factor) for factor in (1 / FACTOR, FACTOR))
        yield moves, 1 / FACTOR, below, FACTOR, above


def _ends(now: float, least: float, most: float) -> tuple[float, float]:
    return max(least, now / FACTOR), min(most, now * FACTOR)


def _now(pricer: Pricer, needs: Needs, key: str) -> float:
    """Return an assumption's value; peak and hard share come from the answers unless set."""
    value: float | None = getattr(pricer.assumptions, key)
    if value is not None:
        return value
    from_needs: float = getattr(needs, key)
    return from_needs


def _needing(pricer: Pricer, needs: Needs, key: str, value: float) -> Prices:
    if key == VOLUME:
        return pricer.detail(replace(needs, volume=value))
    size = {TOKENS_IN: needs.size.tokens_in, TOKENS_OUT: needs.size.tokens_out, key: value}
    return pricer.detail(needs.with_tokens(size[TOKENS_IN], size[TOKENS_OUT]))


def _assuming(pricer: Pricer, needs: Needs, changes: dict[str, Any]) -> Prices:
    assumed = replace(pricer.assumptions, **changes)
    return Pricer(pricer.market, assumed, pricer.scale).detail(needs)


def _scaled(pricer: Pricer, needs: Needs, moves: Moves, factor: float) -> Prices:
    """Return the options with all prices of one kind, or all people, so many times as dear."""
    found = []
    for price in pricer.detail(needs):
        moved = {
            Moves.TOKEN_PRICE: sum(part.monthly_usd for part in price.on_api),
            Moves.GPU_PRICE: sum(part.monthly_usd for part in price.on_machines),
            Moves.PEOPLE: price.people_usd,
        }
        found.append(replace(price, expected=price.expected + (factor - 1) * moved[moves]))
    return tuple(found)
