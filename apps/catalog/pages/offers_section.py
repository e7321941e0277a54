"""Who offers a model today, the cheapest first, and what is over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from apps.catalog.models import Offer, Price
from apps.catalog.pages.labels import Badge, as_listed, stale_badge
from apps.catalog.pages.price_history import lowest_on
from apps.catalog.price_lists import (
    dollars,
    in_dollars,
    in_force,
    is_offered,
    is_over,
    price_on,
)
from apps.common.citing import SourceNote
from apps.common.format import count, day, usd

# More offers than these are folded away: the cheapest are what a reader comes for.
SHOWN = 10
# The words of what is shown apart, for it does not count.
_OTHER, _ENDED, _PAST = "Other weights", "Ended", "Past"


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price in US dollars a million tokens; None means unknown."""

    host: str
    host_url: str
    is_router: bool
    host_model_id: str
    above_tokens: int
    input: float | None
    output: float | None
    cached: float | None
    cache_write: float | None
    cache_write_1h: float | None
    batch_in: float | None
    batch_out: float | None
    batch_cached: float | None
    listed: str
    region: str
    valid: str
    read_on: date
    badge: Badge
    stale: Badge | None
    notes: tuple[str, ...]
    source: SourceNote
    confirmed_by: SourceNote | None


@dataclass(frozen=True, slots=True)
class Offered:
    """The offers: `rows` of the first ones, `more` of the others, then what does not count.

    `other` is of other weights than the model's own, `past` is over.
    """

    sentence: str
    rows: tuple[PriceRow, ...]
    more: tuple[PriceRow, ...]
    more_offers: int
    other: tuple[PriceRow, ...]
    past: tuple[PriceRow, ...]
    unpriced: tuple[str, ...]


def offered(offers: Sequence[Offer], today: date) -> Offered:
    """Return the offers that were loaded with their hosts and prices."""
    priced = sorted((o for o in offers if o.prices.all()), key=lambda o: _order(o, today))
    standing: list[tuple[PriceRow, ...]] = []
    apart: dict[str, list[PriceRow]] = {_OTHER: [], _ENDED: [], _PAST: []}
    for offer in priced:
        kept: list[PriceRow] = []
        for row in _price_rows(offer, today):
            apart.get(row.badge.text, kept).append(row)
        if kept:
            standing.append(tuple(kept))
    without = (o for o in offers if not o.prices.all() and _counts(o, today))
    return Offered(
        sentence=_sentence(offers, today),
        rows=tuple(row for rows in standing[:SHOWN] for row in rows),
        more=tuple(row for rows in standing[SHOWN:] for row in rows),
        more_offers=len(standing[SHOWN:]),
        other=tuple(apart[_OTHER]),
        past=tuple(apart[_PAST] + apart[_ENDED]),
        unpriced=tuple(sorted({o.host.name for o in without}, key=str.casefold)),
    )


def _is_over(offer: Offer, today: date) -> bool:
    return is_over(offer.status, offer.ends_on, today)


def _counts(offer: Offer, today: date) -> bool:
    return not offer.is_other_weights and not _is_over(offer, today)


def _order(offer: Offer, today: date) -> tuple[bool, bool, bool, float, str, str]:
    """Return what offers are ordered by: hosts before routers, then the price of a usual mix."""
    host, gone = offer.host, not is_offered(offer, today)
    price = price_on(host.name, host.is_router, offer.prices.all(), today)
    mix = price.mix if price else 0.0
    return gone, price is None, host.is_router, mix, host.name.casefold(), offer.host_model_id


def _sentence(offers: Sequence[Offer], today: date) -> str:
    serving = [offer for offer in offers if is_offered(offer, today)]
    hosts = {offer.host.pk for offer in serving if not offer.host.is_router}
    routers = {offer.host.pk for offer in serving if offer.host.is_router}
    counted = [
        f"{count(len(sellers))} {one if len(sellers) == 1 else several}"
        for sellers, one, several in (
            (hosts, "host", "hosts"),
            (routers, "router or reseller", "routers or resellers"),
        )
        if sellers
    ]
    lowest = lowest_on(offers, today, today)
    if not counted:
        return "Nobody is known to offer it today."
    who = f"Offered today by {' and '.join(counted)}."
    if lowest is None:
        return f"{who} No price in force is known."
    price = f"{usd(lowest.input)} input and {usd(lowest.output)} output"
    if lowest.is_router:
        return f"{who} No host states a price; through {lowest.host}, a router, it is {price}."
    return f"{who} The cheapest host is {lowest.host}: {price}." if len(hosts) > 1 else who


def _price_rows(offer: Offer, today: date) -> Iterable[PriceRow]:
    """Yield what is in force or past, the latest first, then what is announced."""
    prices = sorted(offer.prices.all(), key=lambda price: price.valid_from > today)
    standing = in_force(prices, today)
    for row in prices:
        price = in_dollars(row)
        badge = _badge(offer, price, price in standing, today)
        counts = badge.text in {"In force", "Ending"}
        yield PriceRow(
            host=offer.host.name,
            host_url=offer.host.get_absolute_url(),
            is_router=offer.host.is_router,
            host_model_id=offer.host_model_id,
            above_tokens=price.above_tokens,
            input=dollars(price.input),
            output=dollars(price.output),
            cached=dollars(price.cached),
            cache_write=dollars(price.cache_write),
            cache_write_1h=dollars(price.cache_write_1h),
            batch_in=dollars(price.batch_in),
            batch_out=dollars(price.batch_out),
            batch_cached=dollars(price.batch_cached),
            listed=as_listed(row),
            region=str(offer.get_region_display()),
            valid=_valid(price),
            read_on=price.read_on,
            badge=badge,
            stale=stale_badge(price.read_on, today) if counts else None,
            notes=tuple(_notes(offer, price, today)),
            source=price.source.cited(),
            confirmed_by=price.confirmed_by.cited() if price.confirmed_by else None,
        )


def _valid(price: Price) -> str:
    start = day(price.valid_from)
    return f"{start} to {day(price.valid_until)}" if price.valid_until else f"from {start}"


def _badge(offer: Offer, price: Price, holds: bool, today: date) -> Badge:
    if _is_over(offer, today):
        return Badge(_ENDED, "bad")
    if offer.is_other_weights:
        return Badge(_OTHER, "caution")
    if price.valid_from > today:
        return Badge("Announced")
    if not holds:
        return Badge(_PAST)
    if offer.status == Offer.Status.DEPRECATED:
        return Badge("Ending", "caution")
    return Badge("In force", "good")


def _notes(offer: Offer, price: Price, today: date) -> Iterable[str]:
    if offer.ends_on is not None:
        verb = "ended" if offer.ends_on <= today else "ends"
        yield f"The offer {verb} on {day(offer.ends_on)}."
    if offer.status == Offer.Status.PREVIEW:
        yield "A preview."
    if price.note:
        yield price.note
    # What another source says belongs to the list, not to each of its steps.
    if offer.note and not price.above_tokens:
        yield offer.note
