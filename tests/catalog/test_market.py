"""The market: what the engine is told of models, prices, GPUs and profiles on a day."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from apps.catalog.compile import current_market
from apps.catalog.models import Model, Offer
from apps.money.api import PriceStep, TokenPrice
from apps.money.market import Candidate, Capability, CapabilityGrade, Gpu, Rights
from apps.money.memory import Architecture, LatentArchitecture
from apps.money.throughput import Profile
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def offer_with(*prices: dict[str, Any], **values: Any) -> Offer:
    """Make an offer of a measured model with these prices."""
    offer: Offer = factories.OfferFactory.create(**values)
    factories.EstimateFactory.create(model=offer.model)
    for price in prices:
        factories.PriceFactory.create(offer=offer, **price)
    return offer


def one_by_one(
    usd_in: float, usd_out: float, cached: float | None = None, steps: tuple[PriceStep, ...] = ()
) -> TokenPrice:
    """Return the prices at a host that is not known to sell batches."""
    return TokenPrice(usd_in, usd_out, cached, steps, sells_batches=False)


def only_candidate(day: date = TODAY) -> Candidate:
    (candidate,) = current_market(day).candidates
    return candidate


def prices_on(day: date) -> list[TokenPrice]:
    return [offer.price for offer in only_candidate(day).offers]


@pytest.mark.parametrize(
    ("value", "grade", "sells"),
    [
        ("yes", "vendor", True),
        ("yes", "unchecked", False),
        ("partly", "vendor", False),
        ("no", "vendor", False),
    ],
)
def test_a_host_sells_batches_where_that_is_known_of_all_its_models(
    value: str, grade: str, sells: bool
) -> None:
    offer = offer_with({"input": 1, "output": 2})
    factories.HostFactFactory.create(host=offer.host, fact="batch", value=value, grade=grade)
    assert [price.sells_batches for price in prices_on(TODAY)] == [sells]


def test_prices_of_batches_and_of_tokens_written_to_a_cache_reach_the_market() -> None:
    usd = {"input": 1, "output": 2, "cached": Decimal("0.1")}
    written = {"cache_write": Decimal("1.25"), "cache_write_1h": 2}
    batch = {"batch_in": Decimal("0.5"), "batch_out": 1, "batch_cached": Decimal("0.08")}
    offer_with(usd | written | batch)
    assert prices_on(TODAY) == [TokenPrice(1, 2, 0.1, (), 0.5, 1, 0.08, 1.25, 2)]


def test_a_model_that_is_not_measured_is_not_in_the_market() -> None:
    factories.ModelFactory.create()
    assert current_market(TODAY).candidates == ()


@pytest.mark.parametrize("status", [status.value for status in Model.Status])
def test_a_measured_model_of_any_status_is_in_the_market(status: str) -> None:
    factories.EstimateFactory.create(model__status=status)
    assert only_candidate().status == status


@pytest.mark.parametrize(
    ("day", "status"),
    [
        pytest.param(date(2026, 12, 10), "deprecated", id="the day before"),
        pytest.param(date(2026, 12, 11), "retired", id="the day of its shutdown"),
    ],
)
def test_a_model_is_retired_from_its_shutdown_on(day: date, status: str) -> None:
    factories.EstimateFactory.create(
        model__status="deprecated", model__retirement_date=date(2026, 12, 11)
    )
    assert only_candidate(day).status == status


def test_a_candidate_carries_its_maker_s_country_and_the_day_that_it_ends() -> None:
    source = factories.SourceFactory.create()
    factories.EstimateFactory.create(
        model__provider__country="FR",
        model__provider__country_source=source,
        model__retirement_date=date(2027, 1, 31),
    )
    candidate = only_candidate()
    assert (candidate.country, candidate.ends_on) == ("FR", date(2027, 1, 31))
    assert candidate.status == "current"


def test_a_candidate_carries_what_the_rows_hold() -> None:
    model = factories.ModelFactory.create(
        slug="large",
        name="Large",
        provider__name="Maker",
        license__name="Own",
        license__license_class="custom-conditional",
        license__rights="conditional",
        license__revenue_clause="Not above US$1.",
        license__region_clause="Not on the Moon.",
        params_total_b=117,
        params_active_b=5.1,
        context_tokens=131_072,
        served_bits=4.25,
        weights_gb=65.25,
        layers=36,
        kv_heads=8,
        head_dim=64,
        window_layers=18,
        window_tokens=128,
        checked_on=date(2026, 11, 20),
    )
    model.reads.create(slug="text", name="Text", order=1)
    model.reads.create(slug="image", name="Images", order=2)
    factories.EstimateFactory.create(model=model, estimate=141.0, note="Few benchmarks.")
    assert only_candidate() == Candidate(
        slug="large",
        name="Large",
        provider="Maker",
        is_open=True,
        status="current",
        modalities=frozenset({"text", "image"}),
        context_tokens=131_072,
        rights=Rights.CONDITIONAL,
        license="Own",
        clause="Not above US$1. Not on the Moon.",
        params_b=117,
        active_b=5.1,
        bits=4.25,
        architecture=Architecture(36, 8, 64, window_layers=18, window=128),
        checked_on=date(2026, 11, 20),
        published_gb=65.25,
        capability=Capability(
            eci=141.0,
            low=None,
            high=None,
            grade=CapabilityGrade.ESTIMATED,
            stands_for="",
            snapshot=date(2026, 11, 1),
            note="Few benchmarks.",
        ),
    )


def test_a_model_of_unknown_layers_takes_the_cache_of_one_that_is_known() -> None:
    factories.ModelFactory.create(name="Known", params_total_b=600, layers=61, latent_dim=576)
    factories.EstimateFactory.create(model__params_total_b=700)
    candidate = only_candidate()
    assert candidate.architecture == LatentArchitecture(61, 576)
    assert candidate.cache_of == "Known"


def test_what_is_unknown_stays_unknown() -> None:
    factories.EstimateFactory.create(model__license=None)
    candidate = only_candidate()
    assert candidate.rights is Rights.UNKNOWN
    assert candidate.license == candidate.clause == ""
    assert candidate.params_b is None
    assert candidate.active_b is None
    assert candidate.context_tokens is None
    assert candidate.architecture is None
    assert candidate.modalities == frozenset()


def test_a_closed_model_is_closed() -> None:
    factories.EstimateFactory.create(model__openness="closed")
    assert not only_candidate().is_open


def test_an_offer_carries_its_price_host_source_and_day() -> None:
    offer_with(
        {"input": Decimal("0.1"), "output": Decimal("0.5"), "cached": Decimal("0.01"), "note": "n"},
        host__name="Groq",
        host__kind="host",
    )
    (offer,) = only_candidate().offers
    assert (offer.host.name, offer.is_router, offer.note) == ("Groq", False, "n")
    assert offer.price == one_by_one(0.1, 0.5, 0.01)
    assert offer.as_of == date(2026, 11, 22)
    assert offer.source.startswith("Source")


def test_a_router_is_marked() -> None:
    offer_with({}, host__kind="router")
    (offer,) = only_candidate().offers
    assert offer.is_router


INTRODUCTORY = {
    "valid_from": date(2026, 10, 13),
    "valid_until": date(2026, 11, 30),
    "input": 2,
    "output": 10,
}
REGULAR = {"valid_from": date(2026, 12, 1), "input": 4, "output": 20}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2026, 10, 12), [], id="before any price"),
        pytest.param(date(2026, 10, 13), [one_by_one(2, 10)], id="the first day"),
        pytest.param(date(2026, 11, 30), [one_by_one(2, 10)], id="the last day"),
        pytest.param(date(2026, 12, 1), [one_by_one(4, 20)], id="the day of the change"),
        pytest.param(date(2027, 6, 1), [one_by_one(4, 20)], id="long after"),
    ],
)
def test_the_price_in_force_on_a_day(day: date, expected: list[TokenPrice]) -> None:
    offer_with(INTRODUCTORY, REGULAR)
    assert prices_on(day) == expected


def test_a_price_that_has_ended_without_another_is_no_price() -> None:
    offer_with(INTRODUCTORY)
    assert prices_on(date(2026, 12, 1)) == []


def test_of_two_open_lists_the_later_holds() -> None:
    offer_with({"valid_from": date(2026, 1, 1)}, {"valid_from": date(2026, 5, 1), "input": 3})
    assert prices_on(TODAY) == [one_by_one(3, 2)]


def test_steps_are_in_order_of_the_prompts_length() -> None:
    offer_with(
        {"above_tokens": 200_000, "input": 4, "output": 12},
        {"input": 1, "output": 3},
        {"above_tokens": 100_000, "input": 2, "output": 6, "cached": 1},
    )
    assert prices_on(TODAY) == [
        one_by_one(1, 3, None, (PriceStep(100_000, 2, 6, 1), PriceStep(200_000, 4, 12)))
    ]


def test_a_step_that_a_later_list_dropped_is_gone() -> None:
    offer_with(
        {"valid_from": date(2026, 1, 1)},
        {"valid_from": date(2026, 1, 1), "above_tokens": 100_000, "input": 5},
        {"valid_from": date(2026, 6, 1)},
    )
    assert prices_on(TODAY) == [one_by_one(1, 2)]


@pytest.mark.parametrize(
    "price",
    [
        pytest.param({"input": 0}, id="input 0"),
        pytest.param({"output": 0}, id="output 0"),
        pytest.param({"input": 0, "output": 0}, id="free"),
        pytest.param({"input": None}, id="input unknown"),
        pytest.param({"output": None}, id="output unknown"),
        pytest.param({"above_tokens": 100_000}, id="a step without a base"),
    ],
)
def test_a_price_of_0_or_unknown_is_left_out(price: dict[str, Any]) -> None:
    offer_with(price)
    assert prices_on(TODAY) == []


def test_what_writing_to_a_cache_costs_is_told() -> None:
    offer_with({"cached": 1, "cache_write": 3}, {"above_tokens": 1000, "input": 2, "output": 4})
    (price,) = prices_on(TODAY)
    assert (price.cache_write, price.steps[0].cache_write) == (3, None)


def test_a_cached_price_of_0_is_a_price() -> None:
    offer_with({"cached": 0})
    assert prices_on(TODAY) == [one_by_one(1, 2, 0)]


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({"status": "active"}, 1),
        ({"status": "unknown"}, 1),
        ({"status": "ended"}, 0),
        ({"deprecated_on": date(2026, 11, 22)}, 0),
        ({"deprecated_on": date(2026, 11, 23)}, 1),
    ],
)
def test_offers_that_have_ended_are_left_out(values: dict[str, Any], count: int) -> None:
    offer_with({}, **values)
    assert len(prices_on(TODAY)) == count


def test_gpus_and_profiles_are_passed_on() -> None:
    factories.GpuFactory.create(slug="h100", name="H100", vram_gb=80)
    factories.ThroughputProfileFactory.create(
        slug="m@h100", model_slug="m", gpu_slug="h100", source__title="Tables"
    )
    market = current_market(TODAY)
    assert market.gpus == (Gpu("h100", "H100", 80, None, None),)
    assert market.profiles == (
        Profile("m@h100", "h100", "m", "FP8", 8.0, 1e-5, 1e-4, 1e-8, 5.0, "Tables", 8.0),
    )


def test_the_market_is_compiled_once_until_a_row_changes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    offer = offer_with({})
    first = current_market(TODAY)
    with django_assert_num_queries(1):
        assert current_market(TODAY) is first
    offer.model.name = "Renamed"
    offer.model.save()
    second = current_market(TODAY)
    assert second.version != first.version
    assert second.candidates[0].name == "Renamed"


def test_each_day_has_its_market() -> None:
    assert current_market(TODAY).as_of == TODAY
    assert current_market(date(2026, 12, 1)).as_of == date(2026, 12, 1)


def test_twice_the_rows_take_the_same_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            line = factories.IndexScoreFactory.create()
            offer = factories.OfferFactory.create()
            factories.CapabilityFactory.create(model=offer.model, index_name=line.name)
            for above in (0, 1000):
                factories.PriceFactory.create(offer=offer, above_tokens=above)
            factories.OfferFactory.create(model=offer.model)
            factories.HostFactFactory.create(host=offer.host)
            factories.DeviceFactory.create()
            factories.GpuFactory.create()
        with django_assert_max_num_queries(20) as captured:
            current_market(TODAY)
        assert isinstance(captured, CaptureQueriesContext)
        return len(captured)

    assert queries(3) == queries(3)


# Days before statuses were kept


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2024, 3, 31), "current"),
        (date(2024, 4, 1), "legacy"),
        (date(2025, 2, 1), "retired"),
        (TODAY, "retired"),
    ],
)
def test_before_statuses_were_kept_a_model_was_current_until_its_successor(
    day: date, status: str
) -> None:
    model = factories.ModelFactory.create(
        release_date=date(2023, 6, 1),
        status="retired",
        retirement_date=date(2025, 2, 1),
        successor=factories.ModelFactory.create(release_date=date(2024, 4, 1)),
    )
    assert model.status_on(day) == status


def test_a_status_that_is_kept_holds_whatever_its_successor() -> None:
    model = factories.ModelFactory.create(status="legacy")
    assert model.status_on(date(2025, 12, 31)) == "current"
    assert model.status_on(date(2026, 1, 1)) == "legacy"


def test_what_ended_since_counts_for_the_days_before_its_end() -> None:
    offer_with({"valid_from": date(2024, 1, 1)}, status="ended", deprecated_on=date(2024, 7, 1))
    assert prices_on(date(2024, 6, 30)) == [one_by_one(1, 2)]
    assert prices_on(date(2024, 7, 1)) == []
    assert prices_on(TODAY) == []


def test_a_price_of_the_past_counts_as_seen_in_its_time() -> None:
    offer_with({"valid_from": date(2024, 1, 1), "read_on": date(2024, 6, 1)})
    (then,) = only_candidate(date(2024, 7, 1)).offers
    (later,) = only_candidate(date(2024, 10, 1)).offers
    assert "seen" in then.facts
    assert "seen" not in later.facts
