"""Ten thousand models and a hundred thousand offers take the same queries as a hundred models."""

from collections.abc import Iterator
from datetime import date
from time import perf_counter
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from apps.catalog.models import Model, Offer
from apps.catalog.snapshot import compile_snapshot
from tests.catalog import large

# The database is only made for tests that are marked.
pytestmark = pytest.mark.django_db

FEW, MANY = 100, 10_000
PAGES = {
    "list": "/models/",
    "facets": "/models/?openness=open-weight&context_min=128k&tools=yes&input_max=5&gpu=24",
    "search": "/models/?q=large+99",
    "sort": "/models/?sort=-output",
    "compare": "/models/compare/?m=large-1&m=large-2&m=large-3&m=large-4",
    "detail": "/models/large-7/",
    "json": "/models.json?page_size=50",
}


def asked(client: Client) -> dict[str, int]:
    """Return the queries of each page, each asked once before so that nothing is compiled."""
    counts = {}
    for name, url in PAGES.items():
        client.get(url)
        start = perf_counter()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        print(f"{name:<10} {len(captured):>3} queries {1000 * (perf_counter() - start):>8.1f} ms")
        counts[name] = len(captured)
    return counts


@pytest.fixture(scope="module")
def counted(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[dict[str, int], dict[str, int], Client]]:
    """Ask every page of a small catalog, and again when it has grown."""
    # What is kept is kept for a day: a run over midnight must not compile it anew in between.
    one_day = patch("apps.catalog.pages.views.today", return_value=date(2026, 11, 22))
    with django_db_blocker.unblock(), transaction.atomic(), one_day:
        client = Client()
        large.fill(FEW)
        few = asked(client)
        large.fill(MANY - FEW, "more")
        assert (Model.objects.count(), Offer.objects.count()) == (MANY, 10 * MANY)
        yield few, asked(client), client
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", PAGES)
def test_a_hundred_times_the_models_take_the_same_queries(
    counted: tuple[dict[str, int], dict[str, int], Client], name: str
) -> None:
    few, many, _ = counted
    assert many[name] == few[name]


def test_a_page_shows_fifty_of_ten_thousand(
    counted: tuple[dict[str, int], dict[str, int], Client],
) -> None:
    page = counted[2].get("/models/").context["page"]
    assert (page.counts.total, len(page.rows), page.counts.first, page.counts.last) == (
        MANY,
        50,
        1,
        50,
    )


def test_compiling_takes_a_fixed_number_of_queries(
    counted: tuple[dict[str, int], dict[str, int], Client],
) -> None:
    with CaptureQueriesContext(connection) as captured:
        snapshot = compile_snapshot("for a test", date(2026, 11, 22))
    assert len(snapshot.entries) == MANY
    assert len(captured) == 13
