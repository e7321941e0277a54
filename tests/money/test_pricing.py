"""The five options are priced with the models that are recommended; worked out by hand."""

import math
from dataclasses import replace
from typing import Any

import pytest

from apps.money.api import PriceStep, TokenPrice
from apps.money.break_even import Reason
from apps.money.hosting import Grade
from apps.money.market import Candidate, Gpu, Market, Rights
from apps.money.memory import Architecture, Load, replica_concurrency
from apps.money.needs import Needs, RestAt, Stakes
from apps.money.options import OPTIONS, Option
from apps.money.overrides import BITS, narrowed
from apps.money.priced import Moves, OnApi, OnGpus, OptionPrice
from apps.money.pricing import Pricer
from apps.money.suitability import Lack, LackKind
from apps.money.throughput import Scaled
from apps.money.work import Role
from tests.markets import (
    ASSUMPTIONS,
    H100,
    NEEDS,
    asking,
    closed,
    device,
    market,
    measured,
    offer,
    opened,
)

SIMPLE = market(closed(), opened())


def price(found: Market, needs: Needs = NEEDS, **assumed: Any) -> dict[Option, OptionPrice]:
    pricer = Pricer(found, replace(ASSUMPTIONS, **assumed))
    return dict(zip(OPTIONS, pricer.detail(needs), strict=True))


def hosted(found: Market, option: Option, needs: Needs = NEEDS, **assumed: Any) -> OnApi:
    (part,) = price(found, needs, **assumed)[option].on_api
    return part


def run(found: Market, option: Option, needs: Needs = NEEDS, **assumed: Any) -> OnGpus:
    (part,) = price(found, needs, **assumed)[option].on_gpus
    return part


def slug(found: Market, option: Option, needs: Needs = NEEDS) -> str | None:
    parts = price(found, needs)[option].parts
    return parts[0].candidate.slug if parts else None


# --- the five amounts ---

# 2,628,000 requests a month at $0.012 and at $0.002
CLOSED_USD = 31_536.0
HOSTED_USD = 5_256.0
# 0.2 s / 0.5 a request, three a second: two replicas and a spare one; $2 or $1 · 730 h
RENTED_USD = 3 * 2 * 730 * 1.2
OWNED_USD = 3 * 1 * 730 * 1.1


def test_the_five_options_by_hand() -> None:
    assert Pricer(SIMPLE, ASSUMPTIONS).expected(NEEDS) == pytest.approx(
        (
            CLOSED_USD + 100,
            HOSTED_USD + 200,
            RENTED_USD + 500,
            OWNED_USD + 1000,
            CLOSED_USD / 4 + HOSTED_USD * 3 / 4 + 600,
        )
    )


def test_what_is_hosted_is_told_with_its_offer() -> None:
    part = hosted(SIMPLE, Option.CLOSED_API)
    assert part.offer == closed().offers[0]
    assert part.request_usd == pytest.approx(0.012)
    assert part.monthly_usd == pytest.approx(CLOSED_USD)
    assert part.grade is Grade.LIST_PRICE


def test_what_is_self_hosted_is_told_with_its_fleet() -> None:
    part = run(SIMPLE, Option.SELF_CLOUD)
    assert (part.gpu, part.fleet.gpus, part.fleet.replicas) == (H100, 3, 3)
    assert part.fleet.utilisation == pytest.approx(1 * 0.4 / 3)
    assert part.month.gpu_usd == pytest.approx(4380)
    assert part.month.infra_usd == pytest.approx(876)
    assert part.idle_usd == pytest.approx(4380 - 1 * 0.4 / 3 * 4380)
    assert part.monthly_usd == pytest.approx(4380 + 876)
    model = part.deployment.model
    assert (model.speed, part.grade) == (Scaled.of(measured()), Grade.MEASURED)


def test_the_details_have_the_same_amounts_in_the_same_order() -> None:
    pricer = Pricer(SIMPLE, ASSUMPTIONS)
    details = pricer.detail(NEEDS)
    assert tuple(one.option for one in details) == OPTIONS
    assert [one.expected for one in details] == pytest.approx(pricer.expected(NEEDS))


# --- which models suit ---


@pytest.mark.parametrize(
    ("changes", "suits"),
    [
        ({}, True),
        ({"eci": 120.0}, True),
        ({"capability": None}, False),
        ({"status": "legacy"}, False),
        ({"status": "deprecated"}, False),
        ({"status": "retired"}, False),
        ({"context_tokens": 2000}, True),
        ({"context_tokens": 1999}, False),
        ({"context_tokens": None}, False),
        ({"modalities": frozenset({"text", "image"})}, True),
        ({"modalities": frozenset({"image"})}, False),
        ({"rights": Rights.CONDITIONAL, "clause": "Not above 100 million users."}, True),
        ({"rights": Rights.CONDITIONAL, "clause": " "}, False),
        ({"rights": Rights.NONE, "clause": "Research only."}, False),
        ({"rights": Rights.UNKNOWN}, False),
        ({"rights": Rights.API_TERMS}, False),
    ],
)
def test_an_open_model_suits(changes: dict[str, Any], suits: bool) -> None:
    # the other suitable model is dearer to host and to run
    found = market(
        closed(),
        opened("cheap", 0.1, params_b=5.0, active_b=5.0, **changes),
        opened("dear", 9.0, params_b=90.0, active_b=90.0),
    )
    expected = "cheap" if suits else "dear"
    assert slug(found, Option.HOSTED_OPEN) == expected
    assert slug(found, Option.SELF_CLOUD) == expected
    assert slug(found, Option.SELF_ONPREM) == expected


@pytest.mark.parametrize(
    ("changes", "suits"),
    [
        ({}, True),
        ({"capability": None}, False),
        ({"status": "retired"}, False),
        ({"context_tokens": None}, False),
        ({"offers": ()}, False),
        ({"offers": (offer("free", 0.0),)}, False),
        ({"offers": (offer("half", TokenPrice(1.0, 0.0)),)}, False),
        ({"offers": (offer("step", TokenPrice(1, 1, None, (PriceStep(9e5, 0, 1),))),)}, False),
    ],
)
def test_a_closed_model_suits(changes: dict[str, Any], suits: bool) -> None:
    found = market(closed("cheap", 0.1, **changes), closed("dear", 9.0))
    assert slug(found, Option.CLOSED_API) == ("cheap" if suits else "dear")


@pytest.mark.parametrize(
    ("modality", "expected"), [("text", "reads"), ("images", "sees"), ("live-av", "hears")]
)
def test_a_model_must_read_what_is_asked(modality: str, expected: str) -> None:
    found = market(
        closed("reads", 1.0),
        closed("sees", 2.0, modalities=frozenset({"text", "image"})),
        closed("hears", 3.0, modalities=frozenset({"text", "audio", "video"})),
    )
    assert slug(found, Option.CLOSED_API, asking(modality=modality)) == expected


def test_a_model_without_weights_of_known_size_is_not_self_hosted() -> None:
    found = market(opened("unknown", 0.5, params_b=None), opened("open", 1.0))
    assert slug(found, Option.HOSTED_OPEN) == "unknown"
    assert slug(found, Option.SELF_CLOUD) == "open"


# --- what a request costs ---


def test_the_cheapest_is_the_cheapest_for_this_workload() -> None:
    reader = closed("reader", TokenPrice(1.0, 9.0))
    writer = closed("writer", TokenPrice(9.0, 1.0))
    found = market(reader, writer)
    assert slug(found, Option.CLOSED_API, asking(tokens_out=100)) == "reader"
    assert slug(found, Option.CLOSED_API, asking(tokens_in=100)) == "writer"


def test_long_prompts_pay_their_step() -> None:
    stepped = closed("stepped", TokenPrice(1, 1, None, (PriceStep(50_000, 5, 5),)))
    found = market(stepped, closed("flat", 2.0))
    assert slug(found, Option.CLOSED_API, asking(tokens_in=50_000)) == "stepped"
    assert slug(found, Option.CLOSED_API, asking(tokens_in=50_001)) == "flat"


def test_of_equally_cheap_models_the_first_by_slug_is_taken() -> None:
    found = market(closed("b"), closed("a"), opened("d"), opened("c"))
    assert slug(found, Option.CLOSED_API) == "a"
    assert slug(found, Option.HOSTED_OPEN) == "c"
    assert slug(found, Option.SELF_CLOUD) == "c"


@pytest.mark.parametrize(
    ("assumed", "expected"),
    [
        ({"retry": 0.5}, 1.5),
        ({"batch": 0.5, "batch_discount": 0.5}, 0.75),
        ({"cached": 0.5}, 0.75),  # half of the prompt is free
    ],
)
def test_assumptions_reach_the_price_of_a_request(assumed: dict[str, Any], expected: float) -> None:
    found = market(closed(price=TokenPrice(6, 6, 0.0)))
    part = hosted(found, Option.CLOSED_API, **assumed)
    assert part.request_usd == pytest.approx(0.012 * expected)


# --- GPUs ---


def test_without_a_measurement_of_its_own_the_nearest_is_scaled_and_estimated() -> None:
    found = market(
        opened("other", active_b=20.0, params_b=20.0),
        profiles=(measured(), measured(of="far", active=1000.0)),
    )
    part = run(found, Option.SELF_CLOUD)
    # twice the active parameters, 0.8 s a request, three a second: three replicas and a spare
    assert part.fleet.gpus == 4
    assert part.deployment.model.speed == Scaled(measured(), 2e-4, 2e-4, 0.0)
    assert part.grade is Grade.ESTIMATED


def test_unknown_active_parameters_count_as_all_parameters() -> None:
    part = run(market(opened("other", active_b=None, params_b=20.0)), Option.SELF_CLOUD)
    assert (part.fleet.gpus, part.deployment.model.speed.b) == (4, 2e-4)
    assert part.grade is Grade.ESTIMATED


@pytest.mark.parametrize(
    ("cache_of", "grade"), [("", Grade.MEASURED), ("Another", Grade.ESTIMATED)]
)
def test_what_rests_on_the_cache_of_another_model_is_estimated(cache_of: str, grade: Grade) -> None:
    found = market(opened(params_b=60.0, cache_of=cache_of))
    part = run(found, Option.SELF_CLOUD, replace(NEEDS, volume=100))
    assert (part.fleet.gpus_per_replica, part.grade) == (1, grade)


def test_the_published_weights_count_at_their_precision_and_at_no_other() -> None:
    # 66 GB published: 69.3 of the 70 GB that one GPU leaves and 0.2 for a request; 67 take two
    for published, bits, gpus in ((66.0, 8.0, 1), (67.0, 8.0, 2), (67.0, 4.0, 1)):
        one = market(opened(params_b=60.0, published_gb=published))
        found = narrowed(one, {BITS: str(bits)})
        part = run(found, Option.SELF_CLOUD, replace(NEEDS, volume=100))
        assert part.fleet.gpus_per_replica == gpus


def test_a_cache_of_few_heads_is_held_more_than_once() -> None:
    # 100,000 bytes a token in one head; 20 GB of weights and 70 GB usable on a GPU
    few = Architecture(25, 1, 1000)
    kept = {1: 70 - 21, 2: (140 - 21) / 2, 8: (560 - 21) / 8}
    for gpus, left in kept.items():
        carried = replica_concurrency(Load(20, few, 10_000), 80, gpus)
        assert carried == pytest.approx(left)


def test_memory_sets_the_replicas_where_requests_are_long() -> None:
    # 10 MB a token, 20 GB a request. 103 in flight: (1 + 1000/30) s · 3 a second.
    # GPUs   left beside the weights   at once   replicas + spare   GPUs in all
    #   1      70 − 10.5 = 59.5          2.975     35 + 1               36
    #   2     140 − 10.5 = 129.5         6.475     16 + 1               34
    #   4     280 − 10.5 = 269.5        13.475      8 + 1               36
    #   8                 549.5         27.475      4 + 1               40
    #  16                1109.5         55.475      2 + 1               48
    found = market(opened(architecture=Architecture(25, 100, 1000)))
    part = run(found, Option.SELF_CLOUD)
    assert (part.fleet.gpus_per_replica, part.fleet.replicas, part.fleet.gpus) == (2, 17, 34)
    assert part.monthly_usd == pytest.approx(34 * 2 * 730 * 1.2)


def test_a_replica_holds_at_least_one_whole_request() -> None:
    # 100 GB a request: one GPU has 59.5 GB left, two have 129.5
    found = market(opened(architecture=Architecture(25, 500, 1000)))
    part = run(found, Option.SELF_CLOUD, replace(NEEDS, volume=1))
    assert (part.fleet.gpus_per_replica, part.fleet.gpus) == (2, 4)


def test_of_equal_fleets_the_smaller_replica_is_taken() -> None:
    # without a spare: 2 · 1 or 1 · 2 GPUs
    part = run(SIMPLE, Option.SELF_CLOUD, spare=0)
    assert (part.fleet.gpus_per_replica, part.fleet.replicas, part.fleet.gpus) == (1, 2, 2)


FAST = Gpu("fast", "Fast", 180, 6.0, None)
UNMEASURED = Gpu("unmeasured", "Unmeasured", 80, 0.1, 0.1)
FREE = Gpu("free", "Free", 80, 0.0, None)
# ten times as fast as the H100
FAST_PROFILE = replace(measured("fast"), a=1e-5, b=1e-5)
TWO_GPUS = market(
    opened(),
    gpus=(H100, FAST, UNMEASURED, FREE),
    profiles=(measured(), FAST_PROFILE, measured("free")),
)


def test_the_gpu_is_chosen_by_the_month() -> None:
    assert run(TWO_GPUS, Option.SELF_CLOUD).gpu == H100
    # 30 a second at the peak: 12 + 1 at $2, or 2 + 1 at $6
    assert run(TWO_GPUS, Option.SELF_CLOUD, replace(NEEDS, volume=864_000)).gpu == FAST


def test_a_gpu_without_a_price_of_its_kind_is_not_used() -> None:
    needs = replace(NEEDS, volume=864_000)
    assert run(TWO_GPUS, Option.SELF_ONPREM, needs).gpu == H100


def test_a_given_gpu_is_the_only_one() -> None:
    assert run(TWO_GPUS, Option.SELF_CLOUD, gpu="fast").gpu == FAST
    found = price(TWO_GPUS, gpu="fast")
    assert math.isnan(found[Option.SELF_ONPREM].expected)


def test_a_given_price_an_hour_replaces_the_listed_one() -> None:
    found = price(SIMPLE, gpu_hourly=5.0, gpu_hourly_own=0.5)
    assert found[Option.SELF_CLOUD].expected == pytest.approx(3 * 5 * 730 * 1.2 + 500)
    assert found[Option.SELF_ONPREM].expected == pytest.approx(3 * 0.5 * 730 * 1.1 + 1000)
    assert found[Option.SELF_CLOUD].on_gpus[0].deployment.hourly == 5.0
    owned = price(TWO_GPUS, gpu="fast", gpu_hourly_own=0.5)[Option.SELF_ONPREM]
    assert owned.expected == pytest.approx(2 * 0.5 * 730 * 1.1 + 1000)


def test_a_given_peak_replaces_that_of_the_traffic() -> None:
    # six a second: 2.4 replicas, three and a spare one
    assert run(SIMPLE, Option.SELF_CLOUD, peak=6.0).fleet.gpus == 4


def test_part_of_a_spare_replica_is_a_whole_one() -> None:
    assert run(SIMPLE, Option.SELF_CLOUD, spare=1.5).fleet.gpus == 4


def test_cached_tokens_need_no_reading() -> None:
    # 1e-4 · 1000 · 0.1 + 0.1 = 0.11 s, 0.22 at half efficiency: 0.66 replicas
    assert run(SIMPLE, Option.SELF_CLOUD, cached=0.9).fleet.gpus == 2


# --- relaxing ---


def lack(found: Market, needs: Needs) -> list[tuple[str | None, tuple[Lack, ...]]]:
    priced = price(found, needs)
    return [
        (part.candidate.slug, part.lacks)
        for option in (Option.CLOSED_API, Option.HOSTED_OPEN, Option.SELF_CLOUD)
        for part in priced[option].parts
    ]


def trio(name: str, lacks: tuple[Lack, ...]) -> list[tuple[str, tuple[Lack, ...]]]:
    return [(f"{kind}-{name}", lacks) for kind in ("closed", "open", "open")]


def both(name: str, price: float = 1.0, **changes: Any) -> tuple[Candidate, Candidate]:
    return closed(f"closed-{name}", price, **changes), opened(f"open-{name}", price, **changes)


SEES = frozenset({"text", "image"})


def test_a_better_model_at_a_host_that_does_not_count_is_no_choice() -> None:
    # Hosts are given up first: where one counts, none is.
    far = replace(offer("far", 0.1), facts=frozenset())
    found = market(opened("far", eci=160, offers=(far,)), opened("near", 9.0, eci=90))
    assert slug(found, Option.HOSTED_OPEN) == "near"


def test_the_modality_is_kept_as_long_as_a_model_at_any_host_has_it() -> None:
    far = replace(offer("far", 5.0), facts=frozenset())
    found = market(opened(), opened("sees", modalities=SEES, offers=(far,)))
    part = hosted(found, Option.HOSTED_OPEN, asking(modality="images"))
    assert part.candidate.slug == "sees"
    assert {lack.kind for lack in part.lacks} == {LackKind.HOST}


def test_then_the_modality_is_given_up() -> None:
    found = market(*both("blind"))
    expected = trio("blind", (Lack(LackKind.MODALITY, "live-av", "text"),))
    assert lack(found, asking(modality="live-av")) == expected


def test_what_the_nearest_model_does_read_is_told() -> None:
    lacks = (Lack(LackKind.MODALITY, "live-av", "images"),)
    found = market(*both("sees", modalities=SEES))
    assert lack(found, asking(modality="live-av")) == trio("sees", lacks)


def test_the_context_is_given_up_last() -> None:
    needs = asking(tokens_in=200_000, modality="images")
    long = both("long", context_tokens=1_000_000)
    short = both("short", 0.1, modalities=SEES)
    expected = trio("long", (Lack(LackKind.MODALITY, "images", "text"),))
    assert lack(market(*long, *short), needs) == expected
    # What reads images is nearer than what does not, where neither holds the request.
    short_of_it = (Lack(LackKind.CONTEXT, 201_000, 100_000),)
    assert lack(market(*short, *both("blind", 0.01)), needs) == trio("short", short_of_it)
    unknown = market(*both("unknown", context_tokens=None, modalities=SEES))
    # 201,000 tokens still fit a GPU
    assert lack(unknown, needs) == trio("unknown", (Lack(LackKind.CONTEXT, 201_000, None),))


def test_a_model_taken_in_spite_of_its_context_holds_no_more_than_that() -> None:
    # 20 million tokens of 100,000 bytes are 2,000 GB; its own 100,000 are 10 GB
    found = price(market(closed(), opened()), replace(asking(tokens_in=20_000_000), volume=1))
    assert all(math.isfinite(one.expected) for one in found.values())
    (part,) = found[Option.SELF_CLOUD].on_gpus
    assert part.fleet.gpus_per_replica == 1


def test_the_parts_of_a_hybrid_are_relaxed_apart() -> None:
    found = market(closed(modalities=SEES), opened())
    hard, rest = price(found, asking(modality="images"))[Option.HYBRID].parts
    assert hard.lacks == ()
    assert rest.lacks == (Lack(LackKind.MODALITY, "images", "text"),)


def test_what_is_never_picked_is_not_picked_in_relaxing_either() -> None:
    found = market(opened(rights=Rights.NONE), opened("old", status="retired"))
    assert lack(found, asking(modality="images")) == []


# --- a stated capability ---


@pytest.mark.parametrize(
    ("least", "stands", "lacks"),
    [
        (90.0, "small", ()),
        (110.0, "middle", ()),
        (130.0, "middle", ()),
        (131.0, "large", ()),
        # None is that good: the best there is, and how far it falls short.
        (151.0, "large", (Lack(LackKind.CAPABILITY, 151.0, 150.0),)),
    ],
)
def test_at_a_stated_capability_the_cheapest_model_of_it_or_better_is_compared(
    least: float, stands: str, lacks: tuple[Lack, ...]
) -> None:
    sizes = {"small": (100.0, 1.0), "middle": (130.0, 2.0), "large": (150.0, 9.0)}
    found = market(
        *(closed(name, usd, eci=eci) for name, (eci, usd) in sizes.items()),
        *(
            opened(f"open-{name}", usd, eci=eci, params_b=10.0 * usd, active_b=10.0 * usd)
            for name, (eci, usd) in sizes.items()
        ),
    )
    # Stakes that would have the best or the cheapest model stand change nothing.
    for stakes in (Stakes(100.0, 0.0), Stakes(0.0, 100.0)):
        needs = replace(NEEDS, least_eci=least, stakes=stakes)
        for option in (Option.CLOSED_API, Option.HOSTED_OPEN, Option.SELF_CLOUD):
            (part,) = price(found, needs)[option].parts
            assert part.candidate.slug.removeprefix("open-") == stands
            assert part.lacks == lacks


# --- nothing to price ---


def test_where_nothing_can_be_priced_the_cost_is_not_a_number() -> None:
    found = Pricer(market(), ASSUMPTIONS)
    assert all(math.isnan(usd) for usd in found.expected(NEEDS))
    for one in found.detail(NEEDS):
        assert one.parts == ()
        assert one.moved_by == ()
        assert math.isnan(one.low)
        assert math.isnan(one.high)
    assert found.alternatives(NEEDS, Option.HYBRID) == ()
    assert found.break_even(NEEDS) is None


@pytest.mark.parametrize(
    ("found", "unknown"),
    [
        (market(opened()), {Option.CLOSED_API, Option.HYBRID}),
        (market(closed()), set(OPTIONS) - {Option.CLOSED_API}),
        (market(closed(), opened(offers=())), {Option.HOSTED_OPEN, Option.HYBRID}),
        (market(closed(), opened(), profiles=()), {Option.SELF_CLOUD, Option.SELF_ONPREM}),
        # 1.05 · 2,000 GB fit no number of GPUs
        (market(closed(), opened(params_b=2000.0)), {Option.SELF_CLOUD, Option.SELF_ONPREM}),
    ],
)
def test_only_what_cannot_be_priced_is_unknown(found: Market, unknown: set[Option]) -> None:
    priced = price(found)
    assert {option for option in OPTIONS if math.isnan(priced[option].expected)} == unknown


# --- bands ---


def test_bands_of_list_prices_and_of_what_was_measured() -> None:
    found = price(SIMPLE, replace(NEEDS, rest_at=RestAt.RENTED))
    for one in found.values():
        assert one.low == pytest.approx(one.expected / 2)
        assert one.high == pytest.approx(one.expected * 2)
    assert found[Option.CLOSED_API].moved_by == (Moves.TOKEN_PRICE, Moves.PEOPLE)
    assert found[Option.SELF_CLOUD].moved_by == (Moves.GPU_PRICE, Moves.PEOPLE)
    hybrid = found[Option.HYBRID]
    assert hybrid.moved_by == (Moves.TOKEN_PRICE, Moves.GPU_PRICE, Moves.PEOPLE)


def test_estimated_throughput_widens_the_band() -> None:
    found = price(market(opened("other", active_b=20.0, params_b=20.0)))[Option.SELF_CLOUD]
    # 0.8 s a request: 2.4 replicas; half of that 1.2, twice 4.8; and a spare one each
    hour = 2 * 730 * 1.2
    assert found.expected == pytest.approx(4 * hour + 500)
    assert found.low == pytest.approx(3 * hour / 2 + 250)
    assert found.high == pytest.approx(6 * hour * 2 + 1000)
    assert found.moved_by == (Moves.GPU_PRICE, Moves.THROUGHPUT, Moves.PEOPLE)


def test_the_memory_of_a_fleet_is_no_part_of_the_band() -> None:
    long = opened("other", active_b=10.0, architecture=Architecture(25, 100, 1000))
    found = price(market(long))[Option.SELF_CLOUD]
    assert found.on_gpus[0].fleet.gpus == 34
    assert found.low == pytest.approx(34 * 2 * 730 * 1.2 / 2 + 250)
    assert found.high == pytest.approx(34 * 2 * 730 * 1.2 * 2 + 1000)


def test_people_that_nobody_pays_move_nothing() -> None:
    found = price(SIMPLE, salary=0)[Option.CLOSED_API]
    assert found.people_usd == 0
    assert found.moved_by == (Moves.TOKEN_PRICE,)


# --- alternatives ---

MANY = market(
    closed("c2", 2.0),
    closed("c1", 1.0),
    closed("c0", 0.5, status="legacy"),
    opened("o3", 3.0, params_b=5.0, active_b=5.0),
    opened("o1", 1.0, params_b=90.0, active_b=90.0),
    opened("o2", 2.0, params_b=30.0, active_b=30.0),
    opened("o0", 0.1, status="legacy"),
)


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (Option.CLOSED_API, ["c1", "c2"]),
        (Option.HOSTED_OPEN, ["o1", "o2", "o3"]),
        (Option.SELF_CLOUD, ["o3", "o2", "o1"]),
        (Option.SELF_ONPREM, ["o3", "o2", "o1"]),
        (Option.HYBRID, ["o1", "o2", "o3"]),
    ],
)
def test_among_equally_capable_models_the_alternatives_are_the_cheapest(
    option: Option, expected: list[str]
) -> None:
    pricer = Pricer(MANY, ASSUMPTIONS)
    found = pricer.alternatives(NEEDS, option)
    assert [part.candidate.slug for part in found] == expected
    assert [part.monthly_usd for part in found] == sorted(part.monthly_usd for part in found)
    assert found[0] == pricer.detail(NEEDS)[OPTIONS.index(option)].parts[-1]
    assert pricer.alternatives(NEEDS, option, 1) == found[:1]
    assert pricer.alternatives(NEEDS, option, 0) == ()


def test_alternatives_are_what_is_worth_most_for_what_is_asked() -> None:
    ladder = [closed(f"c{eci}", usd, eci=eci) for eci, usd in ((120, 1), (130, 2), (140, 4))]
    pricer = Pricer(market(*ladder, opened()), ASSUMPTIONS)
    for stakes, expected in (
        (Stakes(100.0, 0.0), ["c140", "c130", "c120"]),
        (Stakes(0.0, 100.0), ["c120", "c130", "c140"]),
    ):
        needs = replace(NEEDS, stakes=stakes)
        found = pricer.alternatives(needs, Option.CLOSED_API)
        assert [part.candidate.slug for part in found] == expected
        assert found[0] == pricer.detail(needs)[0].parts[0]


def test_alternatives_of_a_hybrid_run_where_its_open_part_runs() -> None:
    needs = replace(NEEDS, rest_at=RestAt.OWNED)
    found = Pricer(MANY, ASSUMPTIONS).alternatives(needs, Option.HYBRID)
    assert [part.role for part in found] == [Role.REST] * 3
    assert [part.gpu for part in found if isinstance(part, OnGpus)] == [H100] * 3


# --- break-even ---


def even(found: Market, api: Option, own: Option, needs: Needs = NEEDS, **assumed: Any) -> float:
    """Return the volume from which one's own GPUs stay cheaper."""
    made = Pricer(found, replace(ASSUMPTIONS, **assumed)).break_even(needs, api, own)
    assert made is not None
    assert made.volume is not None
    return made.volume


def test_the_break_even_against_the_closed_api() -> None:
    # one GPU and a spare one, $3,504, and $400 more for people; $0.012 · 365/12 a daily request
    found = even(SIMPLE, Option.CLOSED_API, Option.SELF_CLOUD)
    assert found == pytest.approx((3504 + 400) / (0.012 * 365 / 12))


def test_the_break_even_against_a_host_on_own_gpus() -> None:
    pricer = Pricer(market(closed(), opened(price=0.1)), ASSUMPTIONS)
    found = pricer.break_even(NEEDS, Option.HOSTED_OPEN, Option.SELF_ONPREM)
    assert found is not None
    # $0.0002 a request; an own GPU is $803 for 86,400/3/0.4 requests a day: $0.00037
    assert found.volume is None
    assert found.self_request_usd == pytest.approx(0.2 * 3 / 0.5 * 1.0 * 1.1 / 3600)


def test_each_further_gpu_brings_its_people() -> None:
    # $500 for the fleet and $100 for each of its GPUs; the API needs $100 of people.
    computed: dict[str, Any] = {"fte": None, "people_rented": 0.5, "people_per_gpu": 0.1}
    found = even(SIMPLE, Option.CLOSED_API, Option.SELF_CLOUD, **computed)
    assert found == pytest.approx((3504 + 2 * 100 + 500 - 100) / (0.012 * 365 / 12))
    # Half of the people while exploring.
    fewer = even(
        SIMPLE, Option.CLOSED_API, Option.SELF_CLOUD, replace(NEEDS, staffing=0.5), **computed
    )
    assert fewer == pytest.approx((3504 + (2 * 100 + 500) / 2 - 100) / (0.012 * 365 / 12))


def test_gpus_that_take_people_can_make_it_never() -> None:
    # A GPU of $1,752 carries 72,000 requests a day, $26,280 on the API: not with 25 people more.
    computed: dict[str, Any] = {"fte": None, "people_rented": 0.5, "people_per_gpu": 25.0}
    pricer = Pricer(SIMPLE, replace(ASSUMPTIONS, **computed))
    found = pricer.break_even(NEEDS)
    assert found is not None
    assert found.volume is None


def test_a_training_run_on_the_api_counts_on_its_side() -> None:
    training = {"training_tokens": 1e7, "training_epochs": 3.0, "training_price": 40.0}
    found = even(SIMPLE, Option.CLOSED_API, Option.SELF_CLOUD, asking(tuned=True), **training)
    # $1,200 for the run, $100 of each month.
    assert found == pytest.approx((3504 + 400 - 100) / (0.012 * 365 / 12))


GUESSED = market(closed(), opened("guessed"))


@pytest.mark.parametrize("found", [SIMPLE, GUESSED], ids=["measured", "estimated"])
def test_at_the_ends_of_its_range_the_ends_of_the_bands_meet(found: Market) -> None:
    pricer = Pricer(found, ASSUMPTIONS)
    made = pricer.break_even_range(NEEDS)
    expected = pricer.break_even(NEEDS)
    assert made is not None
    assert expected is not None
    early, late = made
    assert early.volume is not None
    assert late.volume is not None
    assert expected.volume is not None
    assert early.volume < expected.volume < late.volume
    at_first = dict(zip(OPTIONS, pricer.detail(replace(NEEDS, volume=early.volume)), strict=True))
    assert at_first[Option.CLOSED_API].high == pytest.approx(at_first[Option.SELF_CLOUD].low)
    at_last = dict(zip(OPTIONS, pricer.detail(replace(NEEDS, volume=late.volume)), strict=True))
    assert at_last[Option.CLOSED_API].low == pytest.approx(at_last[Option.SELF_CLOUD].high)


def test_the_ends_of_the_range_may_disagree_whether_there_is_one() -> None:
    # $0.000667 a request on GPUs at the peak; the host asks $0.0008: half of it is too little.
    pricer = Pricer(market(closed(), opened(price=0.4)), ASSUMPTIONS)
    made = pricer.break_even_range(NEEDS, Option.HOSTED_OPEN, Option.SELF_CLOUD)
    assert made is not None
    early, late = made
    assert early.reason is Reason.REACHED
    assert late.reason is Reason.NEVER


def test_a_wide_range_of_hosts_widens_that_of_the_break_even() -> None:
    hosts = (offer("a", 1.0), offer("b", 6.0), offer("c", 60.0))
    pricer = Pricer(market(closed(offers=hosts), opened()), ASSUMPTIONS)
    made = pricer.break_even_range(NEEDS)
    assert made is not None
    assert [one.api_request_usd for one in made] == pytest.approx([0.12, 0.002])


def test_there_is_no_break_even_of_what_runs_on_no_gpu_or_on_no_api() -> None:
    laptop = market(closed(), opened(), devices=(device(),))
    few = replace(asking(hardware="laptop"), volume=10)
    pricer = Pricer(laptop, ASSUMPTIONS)
    assert pricer.break_even(few, Option.CLOSED_API, Option.SELF_ONPREM) is None
    assert pricer.break_even_range(few, Option.CLOSED_API, Option.SELF_ONPREM) is None
    assert pricer.break_even(asking(tuned=True), Option.HOSTED_OPEN) is None
