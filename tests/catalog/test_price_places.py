"""Every place that shows a price shows the one that the rule in words gives, on any day."""

from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest

from apps.catalog.admin.lists import with_price
from apps.catalog.compile import current_market
from apps.catalog.models import Model, Offer, Price
from apps.catalog.pages import exports
from apps.catalog.pages.offers_section import offered
from apps.catalog.pages.price_history import history
from apps.catalog.price_lists import HostPrice
from apps.catalog.snapshot import compile_snapshot
from apps.prices.proposing import held_offers

DAYS = (date(2026, 9, 1), date(2026, 11, 22), date(2027, 2, 1))

type Dollars = tuple[float, float]
# By host and the host's id of the model.
type Prices = dict[tuple[str, str], Dollars]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("seeded"),
    pytest.mark.parametrize("day", DAYS, ids=str),
]


# The rule in words: of the lists that have begun and not ended the latest holds; an offer whose
# host takes it away or closes counts no more, and one of other weights never did; an unknown
# price, or one of 0, is no price. A list in another currency is shown in US dollars.


def base_of(offer: Offer, day: date) -> Price | None:
    rows: list[Price] = [
        row
        for row in offer.prices.all()
        if row.valid_from <= day and (row.valid_until is None or day <= row.valid_until)
    ]
    rows.sort(key=lambda row: row.valid_from)
    bases = [row for row in rows if row.valid_from == rows[-1].valid_from and not row.above_tokens]
    return bases[0] if bases and bases[0].input and bases[0].output else None


def listed(offer: Offer, day: date) -> Dollars | None:
    base = base_of(offer, day)
    if base is None or base.input is None or base.output is None:
        return None
    rate = Decimal(1) if base.currency is None else base.currency.usd_per_unit
    return float(base.input * rate), float(base.output * rate)


def counts(offer: Offer, day: date) -> bool:
    ends = (offer.deprecated_on, offer.host.closed_on)
    is_over = any(end is not None and end <= day for end in ends)
    return offer.status not in {"deprecated", "ended"} and not (is_over or offer.is_other_weights)


def models() -> list[Model]:
    every = list(Model.objects.for_detail())
    assert len(every) == 125
    return every


def prices(model: Model, day: date, *, hosts_only: bool = False, for_all: bool = False) -> Prices:
    return {
        (offer.host.name, offer.host_model_id): dollars
        for offer in model.offers.all()
        if counts(offer, day) and not (hosts_only and offer.host.is_router)
        # A government's cloud is open to few: it is listed, and nobody is advised to buy there.
        if not (for_all and offer.region == "us-gov")
        if (dollars := listed(offer, day))
    }


def lowest(model: Model, day: date) -> tuple[str, Dollars] | None:
    """Return the host that asks least for three tokens read to one written, and its price."""
    of_hosts = prices(model, day, hosts_only=True) or prices(model, day)
    if not of_hosts:
        return None
    (host, _), dollars = min(
        of_hosts.items(), key=lambda one: (3 * one[1][0] + one[1][1], one[0][0])
    )
    return host, dollars


def told(price: HostPrice | None) -> tuple[str, Dollars] | None:
    return (price.host, (price.input, price.output)) if price else None


def test_the_list_and_the_exports(day: date) -> None:
    entries = {entry.slug: entry for entry in compile_snapshot("", day).entries}
    for model in models():
        entry, expected = entries[model.slug], lowest(model, day)
        assert told(entry.price) == expected
        record = exports.record(entry, str)
        written = (record["input_usd_per_million"], record["output_usd_per_million"])
        assert (record["price_host"], written) == (expected or (None, (None, None)))


def test_the_market(day: date) -> None:
    candidates = {candidate.slug: candidate for candidate in current_market(day).candidates}
    for model in models():
        if model.slug not in candidates:
            continue
        rule, offers = prices(model, day, for_all=True), candidates[model.slug].offers
        shown = [(offer.host.name, (offer.price.input, offer.price.output)) for offer in offers]
        assert sorted(shown) == sorted((host, dollars) for (host, _), dollars in rule.items())


def test_the_page_of_a_model(day: date) -> None:
    for model in models():
        offers = list(model.offers.all())
        section = offered(offers, day)
        shown = {
            (row.host, row.host_model_id): (row.input, row.output)
            for row in (*section.rows, *section.more)
            if row.badge.text == "In force" and not row.above_tokens
        }
        known = {key: dollars for key, dollars in shown.items() if None not in dollars}
        assert known == prices(model, day)
        over_time = history(offers, day)
        past = [step for step in over_time.steps if not step.is_ahead] if over_time else []
        assert told(past[-1].price if past else None) == lowest(model, day)


def test_the_editors_list(day: date) -> None:
    with patch("django.utils.timezone.localdate", return_value=day):
        priced: list[Any] = list(with_price(Model.objects.all()))
    shown = {model.slug: model.output_price for model in priced}
    for model in models():
        outputs = [output for _, output in prices(model, day, hosts_only=True).values()]
        price = shown[model.slug]
        assert (None if price is None else float(price)) == min(outputs, default=None)


def test_what_sources_are_held_against(day: date) -> None:
    held = {offer.pk: offer for offer in held_offers().offers.values()}
    for model in models():
        for offer in model.offers.all():
            present, expected = held[offer.pk].list_on(day), listed(offer, day)
            base = present.base if present else None
            known = base is not None and base.input and base.output
            assert bool(known) == bool(expected)
            if base and base.input and base.output:
                assert (float(base.input), float(base.output)) == expected
