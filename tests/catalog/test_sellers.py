"""What a decision may rest on of a host and of its offer: what is unknown, old or partly is no."""

from datetime import date

import pytest

from apps.catalog import compile
from apps.catalog.compile import current_market
from apps.catalog.models import Host, Offer
from apps.money.market import ALWAYS
from apps.money.market import Offer as Priced
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


PAID = {"per-token": "yes"}


def seller(facts: dict[str, str] | None = None, kind: str = "host") -> Host:
    """Return a host with checked facts."""
    row: Host = factories.HostFactory.create(kind=kind)
    for fact, value in (facts or {}).items():
        factories.HostFactFactory.create(host=row, fact=fact, value=value)
    return row


def sold_by(
    host: Host, day: date = TODAY, read_on: date = TODAY, *, confirmed: bool = False, **values: str
) -> Priced:
    """Return what the market says of the only offer, sold by this host."""
    offer: Offer = factories.OfferFactory.create(host=host, **values)
    factories.EstimateFactory.create(model=offer.model)
    second = factories.SourceFactory.create() if confirmed else None
    factories.PriceFactory.create(offer=offer, read_on=read_on, confirmed_by=second)
    ((found,),) = (c.offers for c in current_market(day).candidates)
    return found


def test_a_host_that_always_counts_is_known_direct_seen_and_paid_by_the_token() -> None:
    assert sold_by(seller({"country": "FR"} | PAID)).facts == set(ALWAYS)


def test_a_host_of_which_nothing_is_known_counts_for_nothing() -> None:
    assert sold_by(seller()).facts == {"direct", "seen"}


@pytest.mark.parametrize(
    "fact", ["contract", "no-training", "zero-retention", "hipaa", "eu-region", "us-region"]
)
@pytest.mark.parametrize("value", ["yes", "partly", "on-request", "no"])
def test_only_yes_is_a_promise(fact: str, value: str) -> None:
    facts = sold_by(seller({fact: value})).host.facts
    assert facts == ({fact} if value == "yes" else set())


@pytest.mark.parametrize(
    ("facts", "audited"),
    [
        ({"soc2": "yes"}, True),
        ({"iso27001": "yes"}, True),
        ({"soc2": "partly", "iso27001": "no"}, False),
        ({"soc2": "no", "iso27001": "yes"}, True),
    ],
)
def test_one_of_two_audits_will_do(facts: dict[str, str], audited: bool) -> None:
    assert ("audited" in sold_by(seller(facts)).facts) is audited


@pytest.mark.parametrize("cloud", ["aws", "azure", "google", "other-cloud"])
def test_a_cloud_of_one_s_own_is_named(cloud: str) -> None:
    assert sold_by(seller({"own-cloud": cloud})).host.facts == {cloud}


def test_no_cloud_is_no_fact() -> None:
    assert sold_by(seller({"own-cloud": "no"})).host.facts == set()


def test_what_nobody_checked_counts_as_unknown() -> None:
    row = seller()
    for fact, value in (("country", "FR"), ("contract", "yes"), ("batch", "yes")):
        factories.HostFactFactory.create(host=row, fact=fact, value=value, grade="unchecked")
    found = sold_by(row).host
    assert (found.country, found.sells_batches) == ("", None)
    assert found.facts == set()


def test_a_host_carries_its_name_and_country() -> None:
    row = seller({"country": "FR"})
    found = sold_by(row).host
    assert (found.slug, str(found), found.country) == (row.slug, row.name, "FR")


@pytest.mark.parametrize(
    ("facts", "sells"), [({"batch": "yes"}, True), ({"batch": "no"}, False), ({}, None)]
)
def test_whether_a_host_sells_batches(facts: dict[str, str], sells: bool | None) -> None:
    assert sold_by(seller(facts)).host.sells_batches is sells


def test_a_router_is_not_direct() -> None:
    found = sold_by(seller({"country": "US"} | PAID, "router"))
    assert found.is_router
    assert "direct" not in found.facts


@pytest.mark.parametrize(
    ("read_on", "confirmed", "seen"),
    [
        pytest.param(date(2026, 8, 24), False, True, id="90 days ago"),
        pytest.param(date(2026, 8, 23), False, False, id="91 days ago"),
        pytest.param(date(2026, 1, 1), True, True, id="old, and a second source says the same"),
        pytest.param(date(2026, 11, 25), False, True, id="read after a day that is looked back at"),
    ],
)
def test_a_price_is_seen_for_ninety_days(read_on: date, confirmed: bool, seen: bool) -> None:
    found = sold_by(seller(), read_on=read_on, confirmed=confirmed)
    assert ("seen" in found.facts) is seen


def test_a_price_is_no_older_for_being_planned_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compile, "today_is", lambda: TODAY)
    assert "seen" in sold_by(seller(), day=date(2028, 1, 1)).facts


def test_nobody_plans_with_a_preview() -> None:
    found = sold_by(seller(PAID), status="preview")
    assert "per-token" not in found.facts
    assert "per-token" in found.host.facts


def test_every_host_that_serves_a_model_reaches_the_market() -> None:
    # The dear ones set the median.
    model = factories.EstimateFactory.create().model
    for usd in (1, 2, 30):
        factories.PriceFactory.create(offer__model=model, input=usd, output=usd)
    (candidate,) = current_market(TODAY).candidates
    assert sorted(offer.price.input for offer in candidate.offers) == [1, 2, 30]
    # One value for each host, however much it serves.
    other = factories.EstimateFactory.create().model
    host = Offer.objects.earliest("pk").host
    factories.PriceFactory.create(offer__model=other, offer__host=host)
    hosts = [o.host for c in current_market(TODAY).candidates for o in c.offers]
    first, second = (found for found in hosts if found.slug == host.slug)
    assert first is second
