"""How often a page asks the database: the same for any number of rows."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.catalog.models import CatalogVersion
from apps.scenarios.models import Scenario
from tests.factories import (
    EstimateFactory,
    ModelFactory,
    OfferFactory,
    PriceFactory,
    ScenarioFactory,
)
from tests.method import CHOICES
from tests.visiting import JSON, RESULT, WHOLE, before, question, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

# The versions of the rules and of the catalog, read once for the page and its footer.
FEW = 1
PAGES = {
    "/": FEW + 3,
    "/decide/": FEW + 1,
    **{question(key, before(key)): FEW for key in CHOICES},
    "/how-it-works/": FEW + 3,
    RESULT: FEW,
    url(RESULT, WHOLE): FEW,
    JSON: FEW,
    url(JSON, WHOLE): FEW,
    "/costs/": FEW,
    "/costs/?volume=5M&need=150&open=gpt-oss-120b&gpu=h100": FEW,
    "/costs.json": FEW,
    "/costs.csv": FEW,
}


def count(client: Client, address: str) -> int:
    """Return how many queries a page takes."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def double() -> None:
    """Add as many scenarios, and as many measured models with offers and prices, as there are."""
    for number in range(Scenario.objects.count()):
        ScenarioFactory.create(slug=f"more-{number}")
    for number in range(60):
        model = ModelFactory.create(slug=f"more-{number}", context_tokens=100_000)
        EstimateFactory.create(model=model)
        PriceFactory.create(offer=OfferFactory.create(model=model))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_takes_few_queries_whatever_it_shows(client: Client, address: str) -> None:
    client.get(address)
    assert count(client, address) == PAGES[address]


def test_twice_the_rows_take_no_more_queries(client: Client) -> None:
    for address in PAGES:
        client.get(address)
    warm = {address: count(client, address) for address in PAGES}
    double()
    first = {address: count(client, address) for address in PAGES}
    again = {address: count(client, address) for address in PAGES}
    assert again == warm == PAGES
    # Only the page that comes first after a change reads the catalog again.
    assert [a for a in PAGES if first[a] != warm[a]] == ["/"]


def test_reading_the_catalog_again_takes_as_many_queries_for_any_number_of_rows(
    client: Client,
) -> None:
    client.get(RESULT)
    CatalogVersion.renew()
    few = count(client, RESULT)
    double()
    assert count(client, RESULT) == few
    assert few < 20
