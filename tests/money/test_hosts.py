"""Which hosts count, and what a request costs there: the median, the range, the year.

A request of 1,000 and 1,000 tokens costs $0.002 for each dollar a million tokens.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from apps.money.api import PriceStep, TokenPrice
from apps.money.market import ALWAYS, Candidate, Offer
from apps.money.needs import Needs, host_needs
from apps.money.offers import HostedModel, year_of
from apps.money.options import OPTIONS, Option
from apps.money.priced import OnApi
from apps.money.pricing import Pricer
from apps.money.suitability import Lack, LackKind
from tests.markets import (
    ASSUMPTIONS,
    DAY,
    HOST_FACTS,
    NEEDS,
    asking,
    closed,
    market,
    offer,
    opened,
)

EACH = 0.002


def hosted(candidate: Candidate, needs: Needs = NEEDS, **assumed: Any) -> HostedModel:
    """Return a model at its median host, on a market of its own."""
    return on_api(candidate, needs, **assumed).hosted


def on_api(candidate: Candidate, needs: Needs = NEEDS, **assumed: Any) -> OnApi:
    pricer = Pricer(market(candidate, gpus=()), replace(ASSUMPTIONS, **assumed))
    option = Option.HOSTED_OPEN if candidate.is_open else Option.CLOSED_API
    (part,) = pricer.detail(needs)[OPTIONS.index(option)].on_api
    return part


def at(*offers: Offer) -> Candidate:
    """Return an open model at these hosts."""
    return opened(offers=offers)


def wants(*clauses: set[str]) -> Needs:
    """Return needs of which each clause asks a host for at least one of its facts."""
    return asking(hosts=host_needs(clauses))


# --- what is always asked ---


def lacking(fact: str) -> Offer:
    """Return the cheapest offer there is, of which one fact is not known."""
    made = offer("lacking", 0.1)
    return replace(made, facts=made.facts - {fact})


@pytest.mark.parametrize("fact", ALWAYS)
def test_a_host_counts_only_with_each_fact_that_is_always_asked(fact: str) -> None:
    found = hosted(at(lacking(fact), offer("whole", 5.0)))
    assert (found.offer.host.slug, found.hosts, found.lacks) == ("whole", 1, ())


@pytest.mark.parametrize("fact", ALWAYS)
def test_where_no_host_counts_the_nearest_is_priced_and_says_what_it_lacks(fact: str) -> None:
    nothing = replace(offer("nothing", 0.01), facts=frozenset())
    found = hosted(at(nothing, lacking(fact)))
    assert (found.offer.host.slug, found.hosts) == ("lacking", 1)
    assert found.lacks == (Lack(LackKind.HOST, fact, None),)


def test_always_asked_is_who_runs_it_by_the_token_itself_and_lately() -> None:
    assert set(ALWAYS) == {"known", "per-token", "direct", "seen"}


# --- what the answers ask ---

CLAUSES = [
    {"contract"},
    {"no-training"},
    {"zero-retention", "eu-region", "us-region"},
    {"aws", "azure", "google", "other-cloud"},
    {"hipaa"},
    {"audited"},
]


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: "-or-".join(sorted(clause)))
def test_of_each_clause_a_host_needs_one_fact(clause: set[str]) -> None:
    for fact in clause:
        able = offer("able", 5.0, facts=HOST_FACTS | {fact})
        found = hosted(at(offer("cheap", 0.1), able), wants(clause))
        assert (found.offer.host.slug, found.hosts, found.lacks) == ("able", 1, ())


def test_every_clause_is_asked_and_unknown_is_no() -> None:
    one = offer("one", 1.0, facts=HOST_FACTS | {"contract"})
    both = offer("both", 9.0, facts=HOST_FACTS | {"contract", "hipaa"})
    assert hosted(at(one, both), wants({"contract"}, {"hipaa"})).offer.host.slug == "both"
    assert hosted(at(one, both), wants({"contract"})).hosts == 2


def test_the_nearest_host_is_the_one_that_lacks_least_and_each_lack_is_told() -> None:
    none = offer("none", 0.1)
    one = offer("one", 5.0, facts=HOST_FACTS | {"contract"})
    found = hosted(at(none, one), wants({"contract"}, {"hipaa"}, {"eu-region", "us-region"}))
    assert found.offer.host.slug == "one"
    assert found.lacks == (
        Lack(LackKind.HOST, "eu-region or us-region", None),
        Lack(LackKind.HOST, "hipaa", None),
    )


def test_hosts_of_closed_models_are_asked_the_same() -> None:
    cloud = offer("cloud", 7.0, facts=HOST_FACTS | {"aws"})
    both = closed(offers=(offer("maker", 6.0), cloud))
    assert hosted(both, wants({"aws"})).offer.host.slug == "cloud"


def test_a_model_whose_host_counts_goes_before_a_better_one_whose_host_does_not() -> None:
    able = opened("able", eci=120, offers=(offer("able", 5.0, facts=HOST_FACTS | {"hipaa"}),))
    pricer = Pricer(market(able, opened("better", 0.1, eci=150), gpus=()), ASSUMPTIONS)
    (part,) = pricer.detail(wants({"hipaa"}))[1].on_api
    assert part.candidate.slug == "able"


# --- the size of requests ---

SHORT = replace(offer("short", 0.1), context_tokens=1999)


def test_a_host_counts_only_where_it_takes_requests_of_that_size() -> None:
    found = hosted(at(SHORT, offer("host", 1.0)))
    assert (found.offer.host.slug, found.hosts, found.lacks) == ("host", 1, ())


def test_where_no_host_takes_the_request_it_is_said() -> None:
    assert hosted(at(SHORT)).lacks == (Lack(LackKind.CONTEXT, 2000, 1999),)


# --- the median, its host and the range ---


@pytest.mark.parametrize(
    ("prices", "median"),
    [
        ([3.0], 3.0),
        ([1.0, 2.0, 9.0], 2.0),
        ([9.0, 1.0, 2.0], 2.0),
        # Of two in the middle the cheaper: it is the price of a host.
        ([1.0, 2.0, 4.0, 9.0], 2.0),
        ([1.0, 9.0], 1.0),
        ([1.0, 2.0, 3.0, 4.0, 50.0], 3.0),
    ],
)
def test_the_amount_is_that_of_the_median_host_that_counts(
    prices: list[float], median: float
) -> None:
    offers = [offer(f"host-{usd:g}", usd) for usd in prices]
    found = hosted(at(*offers, lacking("seen")))
    assert found.request_usd == pytest.approx(median * EACH)
    assert found.offer.host.slug == f"host-{median:g}"
    assert found.hosts == len(prices)
    assert (found.low_usd, found.high_usd) == pytest.approx(
        (min(prices) * EACH, max(prices) * EACH)
    )


def test_of_equally_dear_hosts_the_first_by_name_is_told() -> None:
    for names in ("abc", "cab", "bca"):
        assert hosted(at(*(offer(name, 2.0) for name in names))).offer.host.slug == "b"
        twins = (offer(name, 2.0) for name in names[:2])
        assert hosted(at(*twins)).offer.host.slug == min(names[:2])


def test_the_cheapest_of_all_hosts_is_told_although_it_does_not_count() -> None:
    found = hosted(at(lacking("known"), offer("a", 1.0), offer("b", 2.0), offer("c", 3.0)))
    assert found.cheapest.host.slug == "lacking"
    assert found.cheapest_usd == pytest.approx(0.1 * EACH)
    assert found.low_usd == pytest.approx(1.0 * EACH)


def test_the_median_is_that_of_this_size_of_request() -> None:
    offers = (
        offer("reads", TokenPrice(1.0, 9.0)),
        offer("middle", 5.5),
        offer("writes", TokenPrice(9.0, 1.0)),
    )
    assert hosted(at(*offers), asking(tokens_out=10)).offer.host.slug == "middle"
    # Where all is read, the middle one is still that; what is dearest changes.
    few = hosted(at(*offers), asking(tokens_out=0))
    assert (few.low_usd, few.request_usd, few.high_usd) == pytest.approx((0.001, 0.0055, 0.009))


def test_the_band_reaches_to_the_hosts_or_half_and_twice_if_that_is_wider() -> None:
    usd = 86_400 * 365 / 12 * EACH
    near = on_api(at(offer("a", 1.0), offer("b", 1.1), offer("c", 1.2)))
    assert (near.low_usd, near.high_usd) == pytest.approx((0.55 * usd, 2.2 * usd))
    far = on_api(at(offer("a", 0.1), offer("b", 1.0), offer("c", 7.0)))
    assert (far.low_usd, far.monthly_usd, far.high_usd) == pytest.approx(
        (0.1 * usd, 1.0 * usd, 7.0 * usd)
    )


def test_what_a_host_does_not_sell_in_batches_gets_no_discount() -> None:
    silent = offer("host", TokenPrice(1, 1, sells_batches=False))
    half: dict[str, Any] = {"batch": 1.0, "batch_discount": 0.5}
    assert hosted(opened(), **half).request_usd == pytest.approx(EACH / 2)
    assert hosted(at(silent), **half).request_usd == pytest.approx(EACH)


def test_of_a_host_with_several_regions_one_price_counts_the_cheapest() -> None:
    regions = (offer("cloud", 5.0), offer("cloud", 4.0), offer("cloud", 6.0))
    found = hosted(at(offer("a", 1.0), offer("b", 2.0), *regions))
    assert (found.hosts, found.offer.host.slug) == (3, "b")
    assert found.high_usd == pytest.approx(4.0 * EACH)


# --- the year that is priced ---


def changing(*later: tuple[int, float]) -> Candidate:
    """Return a closed model of $1 whose price changes after so many days."""
    listed = tuple((DAY + timedelta(days=days), TokenPrice(usd, usd)) for days, usd in later)
    return closed(offers=(replace(offer("maker", 1.0), later=listed),))


@pytest.mark.parametrize(
    ("later", "starts_in", "usd"),
    [
        ((), 6, 1.0),
        # A promotion that ends after 73 days: a fifth of the year at $1, the rest at $6.
        (((73, 6.0),), 0, 0.2 * 1 + 0.8 * 6),
        # The start is 182 days from now (6 · 365/12, whole days): the promotion is over.
        (((73, 6.0),), 6, 6.0),
        # A rise that comes after the year picks nothing.
        (((365, 6.0),), 0, 1.0),
        # Two changes: 73 days at $1, 73 at $3, 219 at $2.
        (((73, 3.0), (146, 2.0)), 0, 0.2 * 1 + 0.2 * 3 + 0.6 * 2),
        # Both are past at the start: only the last one counts.
        (((10, 3.0), (20, 2.0)), 6, 2.0),
    ],
)
def test_a_price_is_the_mean_of_the_year_from_the_expected_start(
    later: tuple[tuple[int, float], ...], starts_in: float, usd: float
) -> None:
    found = hosted(changing(*later), asking(starts_in=starts_in))
    assert found.request_usd == pytest.approx(usd * EACH)


def test_a_promotion_that_ends_soon_picks_nothing() -> None:
    promoted = replace(changing((60, 9.0)), slug="promoted")
    found = Pricer(market(promoted, closed("steady", 2.0), gpus=()), ASSUMPTIONS)
    now, later = (
        found.detail(asking(starts_in=months))[0].on_api[0].candidate.slug for months in (0, 3)
    )
    assert (now, later) == ("steady", "steady")


def test_the_shares_of_the_year_sum_to_one() -> None:
    (one,) = changing((100, 2.0), (200, 3.0), (500, 9.0)).offers
    shares = [share for _, share in year_of(one, DAY)]
    assert shares == pytest.approx([100 / 365, 100 / 365, 165 / 365])
    assert year_of(one, date(2040, 1, 1)) == ((one.later[-1][1], 1.0),)


def test_a_model_that_is_shut_down_before_the_start_does_not_suit() -> None:
    ends = closed("ends", 1.0, ends_on=DAY + timedelta(days=60))
    pricer = Pricer(market(ends, closed("stays", 2.0), gpus=()), ASSUMPTIONS)
    first, second = (
        pricer.detail(asking(starts_in=months))[0].on_api[0].candidate.slug for months in (1, 3)
    )
    assert (first, second) == ("ends", "stays")


# --- negotiated prices ---

LISTED = TokenPrice(6, 6, 1.0, (PriceStep(500, 9, 9),), 3, 1.5)


@pytest.mark.parametrize(
    ("given", "usd"),
    [
        ({}, 0.018),
        ({"price_in_closed_api": 2.0, "price_out_closed_api": 4.0}, 0.006),
        # One of the two replaces that one alone.
        ({"price_in_closed_api": 2.0}, 0.011),
        ({"price_out_closed_api": 4.0}, 0.013),
        # The other option's prices do not count here.
        ({"price_in_hosted_open": 2.0, "price_out_hosted_open": 2.0}, 0.018),
        # Whoever named a price has none for the cache, and the usual discount on batches.
        ({"price_in_closed_api": 2.0, "price_out_closed_api": 4.0, "cached": 0.5}, 0.006),
        ({"price_in_closed_api": 2.0, "price_out_closed_api": 4.0, "batch": 1.0}, 0.003),
        ({"price_in_closed_api": 0.0, "price_out_closed_api": 0.0}, 0.0),
    ],
)
def test_a_negotiated_price_replaces_the_lists(given: dict[str, Any], usd: float) -> None:
    found = hosted(closed(offers=(offer("maker", LISTED),)), **given)
    assert found.request_usd == pytest.approx(usd)


def test_an_open_models_hosts_can_have_a_negotiated_price_too() -> None:
    assert hosted(opened(), price_in_hosted_open=3.0).request_usd == pytest.approx(0.004)


# --- a model with weights of one's own ---


def test_a_tuned_closed_model_costs_more_a_request_and_a_training_run() -> None:
    training: dict[str, Any] = {
        "training_tokens": 1e7,
        "training_epochs": 3.0,
        "training_price": 4.0,
    }
    part = on_api(closed(), asking(tuned=True), tuned_factor=1.5, **training)
    usd = 86_400 * 365 / 12 * 0.012 * 1.5
    # $120 for the run, over a year.
    assert part.monthly_usd == pytest.approx(usd + 10)
    assert (part.low_usd, part.high_usd) == pytest.approx((usd / 2 + 10, usd * 2 + 10))
    assert part.lacks == (Lack(LackKind.TUNING, "own weights", None),)
    plain = on_api(closed(), tuned_factor=1.5, **training)
    assert plain.monthly_usd == pytest.approx(usd / 1.5)


# --- reasoning ---


@pytest.mark.parametrize(
    ("reasons", "asked", "assumed", "usd"),
    [
        (True, 1.0, None, 0.002),
        # 1,000 tokens in and 3,000 out at $1 a million.
        (True, 3.0, None, 0.004),
        (False, 3.0, None, 0.002),
        (None, 3.0, None, 0.002),
        # What a person says goes before what the task is taken to need.
        (True, 3.0, 6.0, 0.007),
        (True, 3.0, 1.0, 0.002),
    ],
)
def test_a_model_that_reasons_is_billed_what_it_writes_for_such_work(
    reasons: bool | None, asked: float, assumed: float | None, usd: float
) -> None:
    found = hosted(opened(reasons=reasons), asking(reasoning=asked), reasoning=assumed)
    assert found.request_usd == pytest.approx(usd)


# --- one model at its hosts ---


@pytest.mark.parametrize(
    ("offers", "host"),
    [
        ([("dear", 3.0, None, False), ("cheap", 1.0, None, False)], "cheap"),
        # A router does not count, and is priced only where nobody else takes the request.
        ([("host", 3.0, None, False), ("router", 1.0, None, True)], "host"),
        ([("host", 3.0, 1500, False), ("router", 1.0, None, True)], "router"),
        ([("host", 1.0, 1500, False), ("long", 3.0, 2000, False)], "long"),
        ([], None),
    ],
)
def test_one_model_is_priced_where_its_whole_request_is_taken(
    offers: list[tuple[str, float, int | None, bool]], host: str | None
) -> None:
    listed = tuple(
        replace(offer(name, usd, is_router=is_router), context_tokens=context)
        for name, usd, context, is_router in offers
    )
    one = opened(offers=listed)
    bid = Pricer(market(one), ASSUMPTIONS).bid(one, NEEDS)
    assert (bid.offer.host.slug if bid else None) == host
