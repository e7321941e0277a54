"""Who offers a model: the cheapest first, what is over apart, and who says so."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from apps.catalog.models import Model
from apps.catalog.pages.offers_section import SHOWN, Offered, offered
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def found(model: Model) -> Offered:
    return offered(list(Model.objects.for_detail().get(pk=model.pk).offers.all()), TODAY)


def offer(model: Model, host: str, input: float, output: float, **more: Any) -> Any:
    made = factories.OfferFactory.create(model=model, host__name=host, **more)
    return factories.PriceFactory.create(offer=made, input=input, output=output)


def hosts(page: Offered) -> list[str]:
    return [row.host for row in page.rows]


def test_the_cheapest_host_comes_first_and_routers_after_all_hosts() -> None:
    model = factories.ModelFactory.create()
    # 3·input + output: 5, 4.5 and 0.4.
    offer(model, "Dear", 1, 2)
    offer(model, "Cheap", 0.5, 3)
    offer(model, "Router", 0.1, 0.1, host__kind="router")
    page = found(model)
    assert hosts(page) == ["Cheap", "Dear", "Router"]
    assert page.sentence == (
        "Offered today by 2 hosts and 1 router or reseller. "
        "The cheapest host is Cheap: $0.50 input and $3 output."
    )


def test_a_router_is_named_as_one_where_no_host_states_a_price() -> None:
    model = factories.ModelFactory.create()
    offer(model, "Router", 1, 2, host__kind="router")
    factories.OfferFactory.create(model=model, host__name="Silent")
    assert found(model).sentence == (
        "Offered today by 1 host and 1 router or reseller. "
        "No host states a price; through Router, a router, it is $1 input and $2 output."
    )


@pytest.mark.parametrize(
    ("values", "badge", "is_past"),
    [
        ({"status": "ended"}, "Ended", True),
        ({"deprecated_on": TODAY}, "Ended", True),
        ({"host__closed_on": TODAY}, "Ended", True),
        ({"status": "deprecated"}, "Ending", False),
        ({"deprecated_on": date(2027, 1, 1)}, "In force", False),
    ],
)
def test_an_offer_that_ended_is_not_shown_as_in_force(
    values: dict[str, Any], badge: str, is_past: bool
) -> None:
    model = factories.ModelFactory.create()
    offer(model, "Gone", 1, 2, **values)
    page = found(model)
    (row,) = page.past if is_past else page.rows
    assert row.badge.text == badge
    assert bool(page.rows) is not is_past
    ends = [note for note in row.notes if "2026" in note or "2027" in note]
    assert bool(ends) == bool({"deprecated_on", "host__closed_on"} & values.keys())


def test_an_offer_of_other_weights_is_shown_apart_and_counts_nowhere(client: Client) -> None:
    model = factories.ModelFactory.create()
    offer(model, "Tuner", 0.1, 0.1, is_other_weights=True)
    page = found(model)
    assert [row.badge.text for row in page.other] == ["Other weights"]
    assert page.sentence == "Nobody is known to offer it today."
    assert not page.rows
    assert not page.past
    assert "Offers of other weights (1)" in client.get(model.get_absolute_url()).content.decode()


def test_an_offer_of_other_weights_that_ended_is_over() -> None:
    model = factories.ModelFactory.create()
    offer(model, "Tuner", 0.1, 0.1, is_other_weights=True, status="ended")
    page = found(model)
    assert [row.badge.text for row in page.past] == ["Ended"]
    assert not page.other


def test_each_price_says_when_it_was_read(client: Client) -> None:
    model = factories.ModelFactory.create()
    price = offer(model, "Host", 1, 2)
    price.read_on = date(2026, 9, 28)
    price.save()
    text = client.get(model.get_absolute_url()).content.decode()
    assert 'Price read on <time datetime="2026-09-28">' in text


def test_what_another_source_says_stands_with_the_offer(client: Client) -> None:
    model = factories.ModelFactory.create()
    price = offer(model, "Host", 1, 2, note="litellm 1.0: $0.9 in, $2 out.")
    price.confirmed_by = factories.SourceFactory.create(title="A second source")
    price.save()
    text = client.get(model.get_absolute_url()).content.decode()
    assert "litellm 1.0: $0.9 in, $2 out." in text
    assert "Confirmed by A second source" in text


def test_more_than_ten_offers_are_folded_and_none_is_lost(client: Client) -> None:
    model = factories.ModelFactory.create()
    for n in range(SHOWN + 2):
        offer(model, f"Host {n}", 1 + n, 2)
    page = found(model)
    assert len(page.rows) == SHOWN
    assert [row.host for row in page.more] == [f"Host {SHOWN}", f"Host {SHOWN + 1}"]
    text = client.get(model.get_absolute_url()).content.decode()
    assert "2 more offers" in text
    assert all(f"Host {n}<" in text for n in range(SHOWN + 2))


def test_nobody_offers_it() -> None:
    page = found(factories.ModelFactory.create())
    assert page == Offered("Nobody is known to offer it today.", (), (), 0, (), (), ())
