"""Which price of an offer holds on a day: the one rule behind the pages, the market and the lists.

The rows of an offer that share their first day are one price list: a base price, and a step for
each length of prompt from which another price counts. Of the lists that have begun and not ended
the latest holds, whole. An unknown price says nothing, and 0 is a free tier or unknown: neither is
a price to plan with.

A list in another currency is converted here and nowhere else, by the rate that its rows name:
all that this module returns is in US dollars.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Protocol, cast

from django.db.models import DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.catalog.models import Host, Offer, Price
from apps.catalog.models.offers import PRICES, not_offered

# A usual mix: this many input tokens to one output token.
INPUT_TO_OUTPUT = 3
_DAY = timedelta(days=1)
# What the database keeps of a price.
_DECIMALS = 6

type Dollars = Decimal | float | None


class Dated(Protocol):
    """A row with its first day and its last, None where no end is known."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_until(self) -> date | None: ...


class Listed(Dated, Protocol):
    """A row of a price list in US dollars a million tokens."""

    @property
    def above_tokens(self) -> int: ...

    @property
    def input(self) -> Dollars: ...

    @property
    def output(self) -> Dollars: ...


@dataclass(frozen=True, slots=True)
class HostPrice:
    """What a host asks in US dollars a million tokens."""

    host: str
    is_router: bool
    input: float
    output: float

    @property
    def mix(self) -> float:
        """Return the US dollars of a usual mix of tokens read and written."""
        return INPUT_TO_OUTPUT * self.input + self.output

    @property
    def order(self) -> tuple[bool, float, str]:
        """Return what is compared: hosts before routers, then the price of a usual mix."""
        return self.is_router, self.mix, self.host


def in_usd[N: (float, Decimal)](amount: N | None, usd_per_unit: N | None) -> N | None:
    """Return an amount in US dollars; without a rate it is in dollars already.

    It is rounded as the database keeps prices, so that every place shows the same number.
    """
    if amount is None or usd_per_unit is None:
        return amount
    return round(amount * usd_per_unit, _DECIMALS)


def in_dollars(price: Price) -> Price:
    """Return a price in US dollars: itself, or a copy of a list in another currency.

    The copy is for reading; it keeps its currency, and the row in the catalog its own amounts.
    """
    if price.currency is None:
        return price
    found = copy(price)
    for name in PRICES:
        setattr(found, name, in_usd(getattr(price, name), price.currency.usd_per_unit))
    return found


def _all_in_dollars[R: Dated](rows: Iterable[R]) -> list[R]:
    return [cast(R, in_dollars(row)) if isinstance(row, Price) else row for row in rows]


def start_in_force(spans: Iterable[tuple[date, date | None]], day: date) -> date | None:
    """Return the first day of the list that holds on a day, from first and last days of all."""
    return max((first for first, last in spans if _holds(first, last, day)), default=None)


def _holds(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)


def in_force[R: Dated](rows: Iterable[R], day: date) -> list[R]:
    """Return the rows of the list that holds on a day."""
    holding = [row for row in rows if _holds(row.valid_from, row.valid_until, day)]
    latest = max((row.valid_from for row in holding), default=None)
    return _all_in_dollars(row for row in holding if row.valid_from == latest)


def announced[R: Dated](rows: Iterable[R], day: date) -> list[tuple[date, list[R]]]:
    """Return the lists that begin after a day, each with its first day, the nearest first."""
    ahead = sorted((row for row in rows if row.valid_from > day), key=lambda row: row.valid_from)
    lists = groupby(ahead, lambda row: row.valid_from)
    return [(start, _all_in_dollars(of_list)) for start, of_list in lists]


def change_days(rows: Iterable[Dated]) -> set[date]:
    """Return the days on which a list begins, or one has ended the day before."""
    rows = list(rows)
    ends = {row.valid_until + _DAY for row in rows if row.valid_until is not None}
    return {row.valid_from for row in rows} | ends


def base_of[R: Listed](rows: Iterable[R]) -> R | None:
    """Return the base row of a list; None without one, and where it is no price to plan with."""
    base = next((row for row in rows if not row.above_tokens), None)
    return base if base is not None and is_price(base.input, base.output) else None


def is_price(input: Dollars, output: Dollars) -> bool:
    """Tell whether both are known, and neither is 0."""
    return bool(input) and bool(output)


def dollars(price: Dollars) -> float | None:
    """Return what is shown of a price: 0 is a free tier or unknown, and so None."""
    return float(price) if price else None


def price_on(host: str, is_router: bool, rows: Iterable[Listed], day: date) -> HostPrice | None:
    """Return what a host asks on a day for prompts of any usual length."""
    base = base_of(in_force(rows, day))
    if base is None or base.input is None or base.output is None:
        return None
    return HostPrice(host, is_router, float(base.input), float(base.output))


def lowest(prices: Iterable[HostPrice | None]) -> HostPrice | None:
    """Return the lowest price; a router's counts only where no host states one."""
    known = (price for price in prices if price is not None)
    return min(known, key=lambda price: price.order, default=None)


def is_over(status: str, ends: date | None, day: date) -> bool:
    """Tell whether an offer has ended."""
    return status == Offer.Status.ENDED or (ends is not None and ends <= day)


def can_be_had(status: str, ends: date | None, day: date, today: date | None = None) -> bool:
    """Tell whether one can plan with an offer on a day, as it is known today (else that day).

    Nobody plans with what is on its way out. What is gone today counts for the days before its
    end, where that is known.
    """
    if ends is not None and ends <= day:
        return False
    return status not in Offer.GONE or (ends is not None and ends <= (today or day))


def is_offered(offer: Offer, day: date, today: date | None = None) -> bool:
    """Tell whether an offer counts as one of its model: it can be had, with the model's weights."""
    return not offer.is_other_weights and can_be_had(offer.status, offer.ends_on, day, today)


# The same rule for the database, where lists of models are ordered and filtered by it.


_USD: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=18, decimal_places=6)
_OUTPUT, _RATE = F("output"), Coalesce(F("currency__usd_per_unit"), Decimal(1), output_field=_USD)


def not_ended(day: date) -> Q:
    """Return the condition that a row of prices is in force or to come."""
    return Q(valid_until__isnull=True) | Q(valid_until__gte=day)


def lowest_output(day: date) -> Subquery:
    """Return the lowest output price of a model's hosts on a day, routers left out."""
    holding = Price.objects.filter(not_ended(day), valid_from__lte=day)
    later = holding.filter(offer=OuterRef("offer"), valid_from__gt=OuterRef("valid_from"))
    prices = (
        holding.filter(
            ~Exists(later),
            offer__model=OuterRef("pk"),
            offer__host__kind=Host.Kind.HOST,
            above_tokens=0,
            input__gt=0,
            output__gt=0,
        )
        .exclude(not_offered(day, "offer__"))
        .annotate(usd=ExpressionWrapper(_OUTPUT * _RATE, _USD))
        .order_by("usd")
        .values("usd")
    )
    return Subquery(prices[:1])
