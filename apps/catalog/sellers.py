"""What a decision may rest on of hosts and of their offers: facts, by the words that rules use."""

from collections.abc import Mapping
from datetime import date, timedelta

from apps.catalog.models import Host, Offer, Price
from apps.catalog.models.hosts import CLOUDS, FactKind, known
from apps.money import market

# A price that nobody has seen for longer, and that no second source confirms, is an old rumour.
SEEN_FOR = timedelta(days=90)
# Promises that rules ask for by the same word; anything but yes is no.
_AS_THEY_ARE = (
    FactKind.CONTRACT,
    FactKind.NO_TRAINING,
    FactKind.ZERO_RETENTION,
    FactKind.HIPAA,
    FactKind.EU_REGION,
    FactKind.US_REGION,
    FactKind.PER_TOKEN,
)

_OF_REGION = {FactKind.EU_REGION.value: Offer.Region.EU, FactKind.US_REGION.value: Offer.Region.US}


def sellers() -> dict[int, market.Host]:
    """Return every host as the engine sees it, by key: one object each, whatever it serves."""
    return {host.pk: _host(host) for host in Host.objects.prefetch_related("facts")}


def _host(host: Host) -> market.Host:
    values = known(host.facts.all())
    batches = values.get(FactKind.BATCH)
    return market.Host(
        slug=host.slug,
        name=host.name,
        country=values.get(FactKind.COUNTRY, ""),
        facts=frozenset(_facts(values)),
        is_router=host.is_router,
        sells_batches=None if batches is None else batches == "yes",
    )


def _facts(values: Mapping[str, str]) -> set[str]:
    facts = {fact.value for fact in _AS_THEY_ARE if values.get(fact) == "yes"}
    if FactKind.COUNTRY in values:
        facts.add("known")
    if "yes" in (values.get(FactKind.SOC2), values.get(FactKind.ISO27001)):
        facts.add("audited")
    cloud = values.get(FactKind.OWN_CLOUD)
    return facts | {cloud} if cloud in CLOUDS else facts


def offer_facts(seller: market.Host, offer: Offer, base: Price, day: date) -> frozenset[str]:
    """Return the facts of an offer: its host's, whether it is direct, and its price seen of late.

    A preview is not paid by the token in earnest: nobody may plan with what may change or end.
    """
    facts = set(seller.facts)
    if not seller.is_router:
        facts.add("direct")
    if base.confirmed_by_id is not None or base.read_on >= day - SEEN_FOR:
        facts.add("seen")
    if offer.status == Offer.Status.PREVIEW:
        facts.discard("per-token")
    if offer.region:
        # The price is that of one region: what its host can do elsewhere has another one.
        facts -= _OF_REGION.keys()
        facts |= {fact for fact, region in _OF_REGION.items() if region == offer.region}
    return frozenset(facts)
