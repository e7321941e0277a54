"""The offers that the catalog is delivered with: hundreds of hosts, each price with its source."""

from datetime import date
from decimal import Decimal

import pytest

from apps.catalog.compile import current_market
from apps.catalog.models import Host, Offer, Price
from apps.catalog.price_lists import is_offered, price_on
from tests.prices.pricing_source import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_the_offers_of_open_models_are_there() -> None:
    # 1,628 rows, of which 180 say the same of one offer as another row and 5 are other models;
    # 35 of the offers were there before, 19 are of models that came later, 2 of other regions.
    assert Offer.objects.count() == 1_490
    # 188 from the lists of prices, three that only the survey of hosts names, and Fireworks, which
    # serves inside Azure.
    assert Host.objects.count() == 192
    assert Offer.objects.filter(model__slug="llama-3-3-70b").count() > 70


def test_no_offer_is_there_twice() -> None:
    names = [
        (model, host, id_.casefold())
        for model, host, id_ in Offer.objects.values_list("model", "host", "host_model_id")
    ]
    assert len(names) == len(set(names))


def test_two_sources_that_agree_are_both_cited() -> None:
    price = Price.objects.get(
        offer__model__slug="kimi-k3", offer__host__slug="together-ai", valid_until=None
    )
    assert price.source.slug == "litellm-1-109-1"
    assert price.confirmed_by is not None
    assert price.confirmed_by.slug == "rates-1-1-0"


def test_where_two_sources_disagree_the_dearer_counts_and_the_other_is_told() -> None:
    offer = Offer.objects.get(
        host__slug="coralbricks", host_model_id="deepseek-v4.1-flash-fast-fp4"
    )
    assert offer.prices.get().input is not None
    assert f"{offer.prices.get().input:f}" == "0.300000"
    assert offer.note == "litellm 1.109.1: $0.01 in, $1.2 out."


def test_no_price_is_0() -> None:
    assert not Price.objects.filter(input=0).exists()
    assert not Price.objects.filter(output=0).exists()
    unpriced = Offer.objects.filter(prices=None)
    assert unpriced.filter(note="Listed at 0: a free tier, a plan, or unknown.").count() == 108
    # Hyperbolic 4, Lambda 6, Command A+ 2, a weekly pass 1, GPT-6.2 2.
    assert unpriced.count() == 108 + 15
    assert not unpriced.filter(note="").exists()


@pytest.mark.parametrize("host", ["hyperbolic", "lambda-ai"])
def test_what_a_source_fills_in_is_no_price(host: str) -> None:
    same = Price.objects.filter(
        offer__host__slug=host, input=Decimal("0.12"), output=Decimal("0.3")
    )
    assert not same.exists()


def test_no_offer_of_nanogpt_is_counted_as_the_model_under_another_name() -> None:
    plain = {"gemma-4-31b-it", "gemma-4-26b-a4b-it", "qwen3.8-27b"}
    counted = Offer.objects.filter(
        host__slug="nano-gpt",
        model__slug__in=["gemma-4-31b", "gemma-4-26b-a4b", "qwen3-8-27b"],
        is_other_weights=False,
    )
    names = {offer.host_model_id.removesuffix(":thinking").split("/")[-1] for offer in counted}
    assert names == plain


@pytest.mark.parametrize(
    ("host", "model", "input", "output"),
    [
        ("wandb", "glm-5-3", 0.75, 3),
        ("wandb", "glm-5-3-flash", 0.12, 0.38),
        ("wandb", "granite-4-2-8b", 0.06, 0.15),
        ("deepinfra", "deepseek-v4-1-flash", 0.14, 0.42),
        ("deepinfra", "gemma-4-31b", 0.2, 0.4),
        ("ovhcloud", "gpt-oss-120b", 0.09, 0.47),
        ("zhipuai", "glm-5-3", 1.103, 3.862),
    ],
)
def test_prices_are_those_of_the_newest_source(
    host: str, model: str, input: float, output: float
) -> None:
    offers = Offer.objects.filter(host__slug=host, model__slug=model)
    day = date(2026, 11, 25)
    found = [price_on(host, False, offer.prices.all(), day) for offer in offers]
    assert (input, output) in [(price.input, price.output) for price in found if price]


@pytest.mark.parametrize(
    ("host", "model", "day"),
    [
        ("cerebras", "gemma-4-31b", "2026-09-03"),
        ("nebius", "llama-3-3-70b", "2026-08-31"),
        ("deepseek", "deepseek-r1", "2026-07-24"),
    ],
)
def test_what_a_host_stopped_serving_has_ended(host: str, model: str, day: str) -> None:
    offer = Offer.objects.get(host__slug=host, model__slug=model)
    assert (offer.status, str(offer.deprecated_on)) == ("ended", day)


def test_a_last_day_that_has_passed_is_carried_and_ends_the_offer() -> None:
    offer = Offer.objects.get(
        host__slug="amazon-bedrock", host_model_id="meta.llama3-1-405b-instruct-v1:0"
    )
    assert offer.status == "ended"
    assert str(offer.deprecated_on) == "2026-07-07"
    assert not is_offered(offer, TODAY)


def test_no_deprecated_offer_is_priced() -> None:
    gone = Offer.objects.filter(status__in=Offer.GONE)
    assert gone.filter(prices__isnull=False).count() > 40
    assert not any(is_offered(offer, TODAY) for offer in gone)


def test_the_peak_price_does_not_replace_the_list_price_of_the_maker() -> None:
    price = Price.objects.get(offer__host__slug="deepseek", offer__model__slug="deepseek-v4-pro")
    assert f"{price.input:.2f}" == "0.66"
    assert "Twice as much" in price.note


def test_the_market_tells_routers_from_hosts() -> None:
    kinds = {(o.host.name, o.is_router) for c in current_market(TODAY).candidates for o in c.offers}
    assert {("OpenRouter", True), ("DeepInfra", False)} <= kinds


def test_small_models_of_other_makers_are_not_sold_as_the_large_one() -> None:
    assert not Offer.objects.filter(host_model_id__icontains="distil").exists()
    assert not Offer.objects.filter(host_model_id__icontains="qwen3-8b").exists()
