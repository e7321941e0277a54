"""What an option comes to over months, with growth and with the work before the first day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from itertools import count
from math import isfinite, nan

from apps.money.market import change_days, on_day
from apps.money.needs import Needs
from apps.money.options import OPTIONS, Option
from apps.money.priced import OnDevices, OnGpus, OptionPrice
from apps.money.pricing import Pricer
from apps.money.workload import DAYS_PER_MONTH

HORIZONS = (12, 36)


@dataclass(frozen=True, slots=True)
class Parts:
    """US dollars by what they buy; NaN where nothing can be priced."""

    tokens: float = 0.0
    gpus: float = 0.0
    infra: float = 0.0
    people: float = 0.0
    setup: float = 0.0

    @property
    def all(self) -> tuple[float, ...]:
        """The parts in order."""
        return tuple(getattr(self, field.name) for field in fields(self))

    @property
    def total(self) -> float:
        """All of them together."""
        return sum(self.all)


@dataclass(frozen=True, slots=True)
class Total:
    """An option over so many months; `last` is the month that it ends with, requests a day."""

    option: Option
    months: int
    parts: Parts
    last_volume: float


def month(price: OptionPrice) -> Parts:
    """Return a month of an option by what it buys."""
    if not isfinite(price.expected):
        return Parts(*(nan for _ in fields(Parts)))
    return Parts(
        tokens=sum((part.monthly_usd for part in price.on_api), 0.0),
        gpus=sum((_machines_usd(part) for part in price.on_machines), 0.0),
        infra=sum((part.month.infra_usd for part in price.on_gpus), 0.0),
        people=price.people_usd,
    )


def _machines_usd(part: OnGpus | OnDevices) -> float:
    """Return what machines cost, with a training run on them and without their infrastructure."""
    infra_usd = part.month.infra_usd if isinstance(part, OnGpus) else 0.0
    return part.monthly_usd - infra_usd


def totals(pricer: Pricer, needs: Needs) -> tuple[Total, ...]:
    """Return each option over each of `HORIZONS`, by option first.

    The first month begins with the expected start. Month k has volume·(1 + growth)^(k − 1)
    requests a day, GPUs for that many, and the token prices that are announced for its middle.
    Set-up is the assumption's months of a full-time person, paid once.
    """
    growth = 1 + pricer.assumptions.growth
    volumes = [needs.volume * growth**k for k in range(max(HORIZONS))]
    months = [
        of_month.detail(replace(needs, volume=volume))
        for of_month, volume in zip(_pricers(pricer, needs.ask.starts_in), volumes, strict=False)
    ]
    return tuple(
        Total(
            option,
            horizon,
            _sum([month(prices[place]) for prices in months[:horizon]], pricer.setup_usd(option)),
            volumes[horizon - 1],
        )
        for place, option in enumerate(OPTIONS)
        for horizon in HORIZONS
    )


def _pricers(pricer: Pricer, starts_in: float) -> Iterator[Pricer]:
    """Yield the prices of month after month; only announced changes make new ones."""
    market, days = pricer.market, change_days(pricer.market)
    made = {} if days else {0: pricer}
    for month_ in count():
        middle = market.as_of + timedelta(days=round((starts_in + month_ + 0.5) * DAYS_PER_MONTH))
        due = sum(day <= middle for day in days)
        if due not in made:
            made[due] = Pricer(on_day(market, middle), pricer.assumptions, pricer.scale)
        yield made[due]


def _sum(months: Iterable[Parts], setup_usd: float) -> Parts:
    columns = zip(*(parts.all for parts in months), strict=True)
    tokens, gpus, infra, people, _ = (sum(column) for column in columns)
    return Parts(tokens, gpus, infra, people, setup_usd)
