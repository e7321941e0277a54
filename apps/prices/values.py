"""What a source says, as plain values: prices in US dollars a million tokens, None is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

FIELDS = (
    *("input", "output", "cached", "cache_write", "cache_write_1h"),
    *("batch_in", "batch_out", "batch_cached"),
)

# What the database keeps: finer prices are rounded to it.
_SMALLEST = Decimal("0.000001")
# The lowest prices of a million tokens are a tenth of a cent, the highest of one token less.
_LEAST = Decimal("0.0005")
_LARGEST = Decimal(1_000_000)


class UnsoundSourceError(Exception):
    """A source that cannot be trusted; the message says why, and nothing is taken from it."""


@dataclass(frozen=True, slots=True)
class Step:
    """The prices of requests whose prompt is longer than `above` tokens."""

    above: int = 0
    input: Decimal | None = None
    output: Decimal | None = None
    cached: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_1h: Decimal | None = None
    batch_in: Decimal | None = None
    batch_out: Decimal | None = None
    batch_cached: Decimal | None = None

    def stated(self) -> dict[str, Decimal]:
        """Return the prices that are known."""
        found = {name: getattr(self, name) for name in FIELDS}
        return {name: price for name, price in found.items() if price is not None}


@dataclass(frozen=True, slots=True)
class PriceList:
    """A base price with its steps; `starts` is None where the source does not say since when."""

    steps: tuple[Step, ...]
    starts: date | None = None
    until: date | None = None
    note: str = ""

    @property
    def base(self) -> Step:
        """Return the price of the shortest prompts."""
        return self.steps[0]

    def at(self, above: int) -> Step:
        """Return the price of prompts that are longer than so many tokens."""
        return next((step for step in reversed(self.steps) if step.above <= above), self.base)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a source says of one model at one host.

    `model` is the catalog's slug where the source states it. `lists` holds the price list in force
    and the announced ones, in the order of time; it is empty where no price is known.
    """

    host: str
    host_model_id: str
    lists: tuple[PriceList, ...] = ()
    model: str | None = None
    host_name: str = ""
    is_router: bool | None = None
    context: int | None = None
    status: str | None = None
    deprecated_on: date | None = None
    note: str = ""
    raw_id: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what names the offer, letter case aside."""
        return self.host, self.host_model_id.casefold()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one source says, and since when it says so.

    `tells_steps`: a price without steps means that there are none, not that they are unknown.
    """

    dataset: str
    source_slug: str
    title: str
    read_on: date
    quotes: tuple[Quote, ...]
    tells_steps: bool = True
    url: str = ""
    notes: tuple[str, ...] = field(default=())


def price(value: object, where: str) -> Decimal | None:
    """Return a price that is a number of 0 or more; 0 is a free tier or unknown, and so None."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise UnsoundSourceError(f"{where}: the price {value!r} is not a number.")
    try:
        found = Decimal(value)
    except ArithmeticError as error:
        raise UnsoundSourceError(f"{where}: the price {value!r} is not a number.") from error
    if not found.is_finite():
        raise UnsoundSourceError(f"{where}: the price {value!r} is not a number.")
    if found < 0:
        raise UnsoundSourceError(f"{where}: the price {value} is below 0.")
    if found >= _LARGEST:
        raise UnsoundSourceError(f"{where}: the price {found:.3e} is absurd.")
    if 0 < found < _LEAST:
        raise UnsoundSourceError(
            f"{where}: the price {found:f} a million tokens is absurd: it may be that of one token."
        )
    return found.quantize(_SMALLEST) or None


def as_json(prices: PriceList) -> dict[str, object]:
    """Return a price list as a proposal keeps it; the same list gives the same value."""
    steps = [
        {"above": step.above} | {name: f"{p.normalize():f}" for name, p in step.stated().items()}
        for step in prices.steps
    ]
    return {"steps": steps, "note": prices.note}


def from_json(kept: Mapping[str, object], starts: date) -> PriceList:
    """Return the price list that a proposal keeps."""
    found = kept["steps"]
    if not isinstance(found, list):
        raise TypeError("The steps of a kept price list are a list.")
    steps = tuple(
        Step(
            int(step["above"]),
            **{name: Decimal(step[name]) for name in FIELDS if name in step},
        )
        for step in found
    )
    return PriceList(steps, starts, None, str(kept.get("note", "")))
