"""A price changes from a day on, and what it was before stays in the history."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.catalog.models import Offer, Price
from apps.common.today import today
from tests.editors import LogIn
from tests.factories import OfferFactory, PriceFactory, SourceFactory
from tests.recorded import comments

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def new_price(client: Client, offer: Offer, **fields: Any) -> str:
    """Send the form; return the page where it was refused, else nothing."""
    url = reverse("admin:catalog_offer_new_price", args=[offer.pk])
    page = client.get(url)
    sent = {"starts": today().isoformat(), "source": page.context["start"]["source"].value()}
    for form in page.context["steps"]:
        sent |= {b.html_name: b.value() for b in form if b.value() is not None}
    done = client.post(url, sent | fields)
    return done.text if done.status_code == 200 else ""


def test_the_old_price_ends_the_day_before(log_in: LogIn) -> None:
    old = PriceFactory.create(input="1", output="2", cached="0.1")
    source = SourceFactory.create()
    told = new_price(log_in("editor"), old.offer, **{"step0-output": "2,5", "source": source.pk})
    assert told == ""
    old.refresh_from_db()
    new = Price.objects.exclude(pk=old.pk).get()
    assert (old.valid_until, old.output) == (today() - DAY, Decimal(2))
    assert (new.valid_from, new.valid_until, new.source) == (today(), None, source)
    assert (new.input, new.output, new.cached) == (Decimal(1), Decimal("2.5"), Decimal("0.1"))
    assert comments(old.offer)[-1] == ("editor", f"New price from {today():%Y-%m-%d}.")


def test_every_step_of_the_list_goes_on(log_in: LogIn) -> None:
    base = PriceFactory.create()
    PriceFactory.create(offer=base.offer, above_tokens=200_000, input=2, output=4)
    assert new_price(log_in("editor"), base.offer, **{"step200000-input": "3"}) == ""
    rows = Price.objects.filter(valid_from=today()).order_by("above_tokens")
    assert [(row.above_tokens, row.input) for row in rows] == [
        (0, Decimal(1)),
        (200_000, Decimal(3)),
    ]


def test_an_announced_price_stays(log_in: LogIn) -> None:
    old = PriceFactory.create()
    later = PriceFactory.create(offer=old.offer, valid_from=today() + 30 * DAY, input=9)
    Price.objects.filter(pk=old.pk).update(valid_until=today() + 29 * DAY)
    assert new_price(log_in("editor"), old.offer, **{"step0-input": "1.2"}) == ""
    new = Price.objects.get(valid_from=today())
    assert new.valid_until == later.valid_from - DAY


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"starts": "2025-12-31"}, "choose a later day, or correct that price"),
        ({"starts": "2026-01-01"}, "choose a later day, or correct that price"),
        ({"starts": ""}, "This field is required."),
        ({"step0-input": "150"}, "150 times as much. Save again"),
        ({"step0-input": "-1"}, "A price cannot be below 0."),
    ],
)
def test_what_cannot_be_is_refused(log_in: LogIn, fields: dict[str, str], told: str) -> None:
    old = PriceFactory.create(valid_from=date(2026, 1, 1))
    assert told in new_price(log_in("editor"), old.offer, **fields)
    assert Price.objects.get().valid_until is None


def test_an_offer_without_a_price_gets_its_first_one_in_its_form(log_in: LogIn) -> None:
    url = reverse("admin:catalog_offer_new_price", args=[OfferFactory.create().pk])
    assert "add the first one here" in log_in("editor").get(url, follow=True).text


@pytest.mark.parametrize(("who", "status"), [("anonymous", 302), ("staff", 403), ("editor", 200)])
def test_who_may_change_a_price(log_in: LogIn, who: str, status: int) -> None:
    url = reverse("admin:catalog_offer_new_price", args=[PriceFactory.create().offer.pk])
    assert log_in(who).get(url).status_code == status
