"""The offers that the catalog is delivered with: hundreds of hosts, each price with its source."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import F

from apps.catalog.compile import current_market
from apps.catalog.models import ExchangeRate, Host, Model, Offer, Price
from apps.catalog.price_lists import is_offered, price_on
from tests.prices.pricing_source import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_the_offers_of_open_models_are_there() -> None:
    # 1,628 rows, of which 180 say the same of one offer as another row and 5 are other models;
    # 35 of the offers were there before, 19 are of models that came later, 2 of other regions;
    # 74 are of closed models at clouds; 9 were of programs that run on one's own computer;
    # 96 of past years have ended.
    assert Offer.objects.count() == 1_555 + 96
    # 184 from the lists of prices, three that only the survey of hosts names, and Fireworks, which
    # serves inside Azure.
    assert Host.objects.count() == 188
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
    assert price.confirmed_by.slug == "genai-prices-0-2-3"
    assert price.read_on == date(2026, 11, 25)


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
    assert unpriced.filter(note="Listed at 0: a free tier, a plan, or unknown.").count() == 99
    # Hyperbolic 4, Lambda 6, Command A+ 2, a weekly pass 1, GPT-6.2 2.
    assert unpriced.count() == 99 + 15
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
        # 0.08 and 0.40 euro at 1.1172 dollars.
        ("ovhcloud", "gpt-oss-120b", 0.089376, 0.44688),
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


CLOUDS = ("amazon-bedrock", "azure", "google-vertex", "oci")


@pytest.mark.parametrize(
    ("model", "clouds"),
    [
        ("claude-fable-5-2", {"amazon-bedrock", "google-vertex"}),
        ("claude-haiku-5-5", {"amazon-bedrock", "azure", "google-vertex"}),
        ("claude-opus-5-5", {"amazon-bedrock", "azure", "google-vertex"}),
        ("claude-sonnet-5-5", {"amazon-bedrock", "azure", "google-vertex"}),
        ("gemini-3-5-flash-lite", {"google-vertex"}),
        ("gemini-3-8-flash", {"google-vertex"}),
        ("gemini-4-argon", {"google-vertex"}),
        ("gemini-4-hydrogen", {"google-vertex"}),
        ("gpt-4o", {"azure"}),
        ("gpt-6-1-sol", {"amazon-bedrock", "azure"}),
        ("gpt-6-1-terra", {"amazon-bedrock", "azure"}),
        ("gpt-6-astra", {"amazon-bedrock", "azure"}),
        ("gpt-6-luna", {"amazon-bedrock", "azure"}),
        ("gpt-6-sol", {"amazon-bedrock", "azure"}),
        ("grok-4-7", {"amazon-bedrock", "azure", "google-vertex"}),
        # No data set that was read names a cloud for it: unknown stays unknown.
        ("gpt-6-2-sol", set()),
        ("gpt-6-2-astra", set()),
        ("mistral-large-4", set()),
    ],
)
def test_which_clouds_serve_a_model(model: str, clouds: set[str]) -> None:
    offers = Offer.objects.filter(model__slug=model, host__slug__in=CLOUDS, status="active")
    assert set(offers.values_list("host__slug", flat=True)) == clouds
    for price in Price.objects.filter(offer__in=offers, above_tokens=0):
        assert price.input
        assert price.output
        assert price.read_on == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("host", "id_", "region", "input", "output"),
    [
        ("amazon-bedrock", "global.anthropic.claude-opus-5-5", "global", 4, 20),
        ("amazon-bedrock", "eu.anthropic.claude-opus-5-5", "eu", Decimal("4.4"), 22),
        ("amazon-bedrock", "us-gov.anthropic.claude-opus-5-5", "us-gov", Decimal("4.8"), 24),
        ("azure", "gpt-6-sol", "global", 2, 10),
        ("azure", "eu/gpt-6-sol", "eu", Decimal("2.4"), 12),
        ("azure", "us/gpt-6-sol", "us", Decimal("2.2"), 11),
        ("google-vertex", "gemini-4-argon", "global", 2, 10),
        # The list does not say where.
        ("azure", "claude-opus-5-5", "", 4, 20),
    ],
)
def test_where_a_cloud_processes_requests_has_its_price(
    host: str, id_: str, region: str, input: Decimal, output: Decimal
) -> None:
    offer = Offer.objects.get(host__slug=host, host_model_id=id_)
    price = offer.prices.get(above_tokens=0, valid_from__lte=date(2026, 11, 25))
    assert (offer.region, price.input, price.output) == (region, input, output)


def test_two_data_sets_agree_on_most_prices_at_bedrock_and_vertex() -> None:
    closed = Price.objects.filter(offer__model__openness="closed", above_tokens=0)
    # Claude in five regions, GPT in two, Nova in two; at Vertex three of each maker.
    for host, confirmed in (("amazon-bedrock", 27), ("google-vertex", 6)):
        assert closed.filter(offer__host__slug=host).exclude(confirmed_by=None).count() == confirmed


def test_european_lists_are_kept_in_euro() -> None:
    euro = Price.objects.filter(currency__currency="EUR")
    hosts = set(euro.values_list("offer__host__slug", flat=True))
    assert hosts == {"ovhcloud", "scaleway", "regolo-ai"}
    rate = ExchangeRate.objects.get()
    assert (rate.usd_per_unit, rate.date) == (Decimal("1.1172"), date(2026, 10, 30))
    assert "European Central Bank" in rate.source.title


def test_programs_of_ones_own_computer_are_no_hosts() -> None:
    assert not Host.objects.filter(slug__in=("lmstudio", "ollama", "lemonade", "qvac")).exists()


@pytest.mark.parametrize("host", ["perplexity", "perplexity-agent", "cline-pass"])
def test_who_resells_others_is_no_host(host: str) -> None:
    assert Host.objects.get(slug=host).is_router


def test_a_model_that_gives_its_whole_context_as_output_is_not_believed() -> None:
    # Lists repeat the context where they do not know the most output.
    same = Model.objects.filter(max_output_tokens=F("context_tokens"), context_tokens__gt=200_000)
    assert not same.exists()


def test_all_of_a_family_read_the_same() -> None:
    large, small = (
        set(Model.objects.get(slug=slug).reads.values_list("slug", flat=True))
        for slug in ("gemma-4-31b", "gemma-4-26b-a4b")
    )
    assert large == small == {"text", "image"}
