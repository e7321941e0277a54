"""Models by what the hosts that serve them promise."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.catalog.models import Host, Model
from apps.catalog.pages.facets import Selection, index
from apps.catalog.pages.filters import parse
from apps.catalog.snapshot import compile_snapshot
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def found(*promises: str) -> int:
    """Return how many models a reader finds who asks for these promises."""
    arrays = index(compile_snapshot("", DAY))
    query = parse([("promise", promise) for promise in promises], arrays.vocabulary)
    assert not query.problems
    return Selection(arrays, query).total


def serve(
    *facts: tuple[str, str, str], model: Model | None = None, region: str = "", **host: str
) -> Model:
    """Serve a model at a new host with these facts: fact, value, grade."""
    seller = factories.HostFactory.create(**host)
    for fact, value, grade in facts:
        factories.HostFactFactory.create(host=seller, fact=fact, value=value, grade=grade)
    row: Model = model or factories.ModelFactory.create()
    factories.OfferFactory.create(model=row, host=seller, region=region)
    return row


@pytest.mark.parametrize(
    ("fact", "value", "grade", "counts"),
    [
        ("contract", "yes", "vendor", True),
        ("contract", "yes", "reported", True),
        ("contract", "yes", "unchecked", False),
        ("contract", "partly", "vendor", False),
        ("contract", "on-request", "vendor", False),
        ("contract", "no", "vendor", False),
        ("own-cloud", "azure", "vendor", True),
        ("own-cloud", "no", "vendor", False),
        ("zero-retention", "yes", "vendor", True),
    ],
)
def test_a_promise_counts_where_it_is_kept_and_checked(
    fact: str, value: str, grade: str, counts: bool
) -> None:
    serve((fact, value, grade))
    assert found(fact) == counts


def test_unknown_is_no() -> None:
    serve()
    assert found("contract") == 0


def test_one_host_must_keep_them_all() -> None:
    model = serve(("contract", "yes", "vendor"))
    serve(("hipaa", "yes", "vendor"), model=model)
    assert (found("contract"), found("hipaa"), found("contract", "hipaa")) == (1, 1, 0)
    serve(("contract", "yes", "vendor"), ("hipaa", "yes", "vendor"), model=model)
    assert found("contract", "hipaa") == 1


def test_what_a_router_promises_is_not_the_word_of_a_host() -> None:
    serve(("contract", "yes", "vendor"), kind="router")
    assert found("contract") == 0


@pytest.mark.parametrize(
    ("region", "eu", "us"),
    [("", 1, 1), ("eu", 1, 0), ("us", 0, 1), ("global", 0, 0), ("jp", 0, 0)],
)
def test_an_offer_of_one_region_keeps_what_holds_there(region: str, eu: int, us: int) -> None:
    facts = [(fact, "yes", "vendor") for fact in ("contract", "eu-region", "us-region")]
    serve(*facts, region=region)
    assert (found("contract", "eu-region"), found("contract", "us-region")) == (eu, us)
    assert found("contract") == 1


@pytest.mark.parametrize(
    "values",
    [{"status": "deprecated"}, {"deprecated_on": DAY}, {"is_other_weights": True}],
)
def test_only_what_is_offered_counts(values: dict[str, object]) -> None:
    model = serve(("contract", "yes", "vendor"))
    for name, value in values.items():
        setattr(offer := model.offers.get(), name, value)
        offer.save()
    assert found("contract") == 0


def test_the_page_counts_each_choice_and_keeps_what_is_ticked(client: Client) -> None:
    serve(("contract", "yes", "vendor"))
    serve()
    page = client.get("/models/?promise=contract").text
    assert "One host promises all of" in page
    assert 'id="filter-promise-contract" name="promise" value="contract" checked' in page
    assert "1 model of 2" in page


def test_twice_as_many_rows_take_as_many_queries() -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            serve(("contract", "yes", "vendor"), ("hipaa", "yes", "vendor"))
        with CaptureQueriesContext(connection) as queries:
            assert found("contract", "hipaa") == Host.objects.count()
        counts.append(len(queries))
    # The count of the hosts is one of them.
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("seeded")
def test_closed_models_can_be_held_to_the_eu_where_their_offer_says_so() -> None:
    arrays = index(compile_snapshot("", DAY))
    query = parse([("promise", "contract"), ("promise", "eu-region")], arrays.vocabulary)
    slugs = {entry.slug for entry in Selection(arrays, query).all()}
    assert {"claude-opus-5-5", "gpt-6-sol"} <= slugs
