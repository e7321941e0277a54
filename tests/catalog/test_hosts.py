"""Hosts: unknown is no, unchecked is no, and every fact says who says so and when."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.catalog.models import Host, HostFact
from apps.catalog.models.hosts import known
from apps.catalog.pages import hosts
from tests import factories

TODAY = date(2026, 11, 22)
LIST = "/models/hosts/"
pytestmark = pytest.mark.django_db


def host(**facts: str) -> Host:
    """Return a host with checked facts."""
    row = factories.HostFactory.create()
    for fact, value in facts.items():
        factories.HostFactFactory.create(host=row, fact=fact.replace("_", "-"), value=value)
    return row


def listed(*promises: str) -> set[str]:
    """Return the names that the list shows for these promises."""
    page = hosts.list_page(Host.objects.with_facts(), {}, promises)
    return {row.name for row in page.rows}


def test_only_a_checked_yes_keeps_a_promise() -> None:
    keeps = host(contract="yes")
    for value in ("partly", "on-request", "no"):
        host(contract=value)
    host(hipaa="yes")
    guess = factories.HostFactFactory.create(fact="contract", value="yes", grade="unchecked")
    assert listed("contract") == {keeps.name}
    assert guess.host.name in listed()


def test_every_promise_that_is_ticked_is_asked_for() -> None:
    both = host(contract="yes", eu_region="yes")
    host(contract="yes")
    host(eu_region="yes")
    assert listed("contract", "eu-region") == {both.name}


def test_any_named_cloud_is_the_customer_s_own_and_no_is_none() -> None:
    cloud = host(own_cloud="aws")
    host(own_cloud="no")
    assert listed("own-cloud") == {cloud.name}


def test_the_number_beside_a_promise_is_what_ticking_it_finds() -> None:
    host(contract="yes", soc2="yes")
    host(contract="yes")
    page = hosts.list_page(Host.objects.with_facts(), {}, ["contract"])
    ticks = {tick.value: tick for tick in page.ticks}
    assert ticks["contract"].is_ticked
    for value, tick in ticks.items():
        assert tick.hosts == len(listed("contract", value))


def test_an_unknown_promise_in_the_address_changes_nothing(client: Client) -> None:
    row = host(contract="yes")
    page = client.get(LIST, {"promise": "free-lunch"})
    assert page.status_code == 200
    assert row.name in page.content.decode()


def test_the_page_of_a_host_names_source_day_and_what_is_unknown(client: Client) -> None:
    fact = factories.HostFactFactory.create(as_of="2026-09", detail="Signed in the console.")
    page = client.get(fact.host.get_absolute_url()).content.decode()
    for text in ("Signed in the console.", "2026-09", fact.source.title, "ISO 27001"):
        assert text in page


def test_a_fact_that_nobody_read_for_long_carries_a_badge() -> None:
    fact = factories.HostFactFactory.create(as_of="2026-01")
    row = Host.objects.with_facts().get(pk=fact.host.pk)
    (shown,) = hosts.detail_page(row, (), TODAY).facts
    assert shown.stale is not None
    # From 1 January to 22 November 2026.
    assert shown.stale.text == "Not checked for 325 days"


@pytest.mark.parametrize(
    ("partial", "day"),
    [("2026", date(2026, 1, 1)), ("2026-09", date(2026, 9, 1)), ("2026-09-28", date(2026, 9, 28))],
)
def test_a_part_of_a_date_begins_with_its_first_day(partial: str, day: date) -> None:
    assert hosts.first_day(partial) == day


def test_what_a_host_serves_is_shown_at_the_price_in_force(client: Client) -> None:
    price = factories.PriceFactory.create(input="0.25", output="1.5")
    page = client.get(price.offer.host.get_absolute_url()).content.decode()
    assert price.offer.model.name in page
    assert "$0.25" in page
    assert "$1.50" in page


def test_an_offer_that_ended_is_not_shown(client: Client) -> None:
    price = factories.PriceFactory.create(offer__status="ended")
    page = client.get(price.offer.host.get_absolute_url()).content.decode()
    assert price.offer.model.name not in page


@pytest.mark.parametrize(("fact", "value"), [("contract", "perhaps"), ("own-cloud", "yes")])
def test_words_that_no_rule_understands_are_refused(fact: str, value: str) -> None:
    row = factories.HostFactFactory.build(
        host=factories.HostFactory.create(),
        source=factories.SourceFactory.create(),
        fact=fact,
        value=value,
    )
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_what_a_decision_may_rest_on_leaves_out_the_unchecked() -> None:
    row = host(contract="yes")
    factories.HostFactFactory.create(host=row, fact="hipaa", grade="unchecked")
    assert known(HostFact.objects.filter(host=row)) == {"contract": "yes"}


@pytest.mark.parametrize("slug", ["hosts", "compare"])
def test_no_model_takes_the_address_of_a_page(slug: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.ModelFactory.create(slug=slug)


def test_the_list_asks_as_much_for_many_hosts_as_for_few(client: Client) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            host(contract="yes", country="US")
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("catalog:hosts"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
