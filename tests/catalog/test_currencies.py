"""Prices in another currency: kept as listed, shown and compared in US dollars everywhere."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from apps.catalog.compile import current_market
from apps.catalog.models import ExchangeRate, Model, Offer, Price
from apps.catalog.pages.offers_section import offered
from apps.catalog.price_lists import announced, in_dollars, in_force, in_usd, lowest_output
from apps.catalog.snapshot import compile_snapshot
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def euro_price(**values: object) -> Price:
    """Return a price of 0.08 and 0.4 euro; a euro is 1.25 dollars."""
    rate = ExchangeRate.objects.first() or factories.ExchangeRateFactory.create()
    amounts = {"input": Decimal("0.08"), "output": Decimal("0.4"), "cached": Decimal("0.02")}
    return factories.PriceFactory.create(currency=rate, **(amounts | values))


def lowest_of_all() -> Decimal | None:
    """Return the lowest output price as the database finds it."""
    priced = Model.objects.annotate(lowest=lowest_output(DAY))
    found: Decimal | None = priced.values_list("lowest", flat=True).get()
    return found


def test_a_price_is_converted_by_the_rate_that_its_row_names() -> None:
    price = euro_price()
    usd = in_dollars(price)
    assert (usd.input, usd.output, usd.cached) == (Decimal("0.1"), Decimal("0.5"), Decimal("0.025"))
    assert usd.batch_in is None
    # What is kept stays what the list says.
    assert (price.input, price.output) == (Decimal("0.08"), Decimal("0.4"))


def test_a_price_in_dollars_stays_itself() -> None:
    price = factories.PriceFactory.create()
    assert in_dollars(price) is price
    assert in_usd(2.0, None) == 2.0
    assert in_usd(None, 1.25) is None
    assert in_usd(0.08, 1.25) == 0.1


def test_lists_in_force_and_announced_are_in_dollars() -> None:
    euro_price(above_tokens=0)
    euro_price(offer=Offer.objects.get(), valid_from=date(2026, 12, 1), output=Decimal(1))
    rows = list(Price.objects.all())
    assert [row.output for row in in_force(rows, DAY)] == [Decimal("0.5")]
    assert [[r.output for r in of_list] for _, of_list in announced(rows, DAY)] == [
        [Decimal("1.25")]
    ]


def test_every_place_sees_dollars() -> None:
    price = euro_price()
    factories.EstimateFactory.create(model=price.offer.model)
    # In the figures as listed the dollar price would be the dearer one.
    factories.PriceFactory.create(
        offer__model=price.offer.model, input=Decimal("0.09"), output=Decimal("0.45")
    )
    (candidate,) = current_market(DAY).candidates
    assert sorted(sold.price.output for sold in candidate.offers)[0] == 0.45
    (entry,) = compile_snapshot("", DAY).entries
    assert (entry.input_usd, entry.output_usd) == (0.09, 0.45)
    assert lowest_of_all() == Decimal("0.45")
    Price.objects.filter(currency=None).delete()
    (candidate,) = current_market(DAY).candidates
    assert [(sold.price.input, sold.price.cached) for sold in candidate.offers] == [(0.1, 0.025)]
    (entry,) = compile_snapshot("", DAY).entries
    assert entry.price is not None
    assert (entry.price.input, entry.price.output) == (0.1, 0.5)
    assert lowest_of_all() == Decimal("0.5")


def test_the_original_is_shown_beside_with_rate_and_day(client: Client) -> None:
    price = euro_price(offer__region="eu")
    (row,) = offered(list(Model.objects.for_detail().get().offers.all()), DAY).rows
    assert (row.input, row.output, row.region) == (0.1, 0.5, "European Union")
    listed = "Listed at 0.08 EUR input and 0.4 EUR output; 1 EUR is $1.25 as of 30 October 2026."
    assert row.listed == listed
    for page in (price.offer.model, price.offer.host):
        answer = client.get(page.get_absolute_url())
        assert listed in answer.content.decode()
        assert "European Union" in answer.content.decode()


def test_a_dollar_price_names_no_list() -> None:
    factories.PriceFactory.create()
    (row,) = offered(list(Model.objects.for_detail().get().offers.all()), DAY).rows
    assert (row.listed, row.region) == ("", "")


def test_a_rate_that_prices_use_cannot_go() -> None:
    euro_price()
    with pytest.raises(ProtectedError):
        ExchangeRate.objects.get().delete()


@pytest.mark.parametrize("values", [{"usd_per_unit": 0}, {"currency": "USD"}])
def test_the_database_refuses_rates_that_mean_nothing(values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        factories.ExchangeRateFactory.create(**values)


def test_a_currency_is_three_capitals() -> None:
    with pytest.raises(ValidationError, match="three capitals"):
        factories.ExchangeRateFactory.build(
            currency="eur", source=factories.SourceFactory.create()
        ).full_clean()


def test_an_editor_can_change_a_rate_and_every_price_follows(admin_client: Client) -> None:
    price = euro_price()
    rate = ExchangeRate.objects.get()
    url = reverse("admin:catalog_exchangerate_change", args=[rate.pk])
    assert admin_client.get(url).status_code == 200
    rate.usd_per_unit = Decimal("1.5")
    rate.save()
    (entry,) = compile_snapshot("", DAY).entries
    assert entry.price is not None
    assert entry.price.output == pytest.approx(0.6)
    assert Price.objects.get().output == price.output
