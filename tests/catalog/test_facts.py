"""The catalog that is delivered holds the facts of 22 to 25 November 2026."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from apps.catalog.compile import current_market, token_price
from apps.catalog.models import (
    Gpu,
    Host,
    License,
    Model,
    Price,
    Provider,
    Score,
    ThroughputProfile,
)
from apps.catalog.price_lists import in_force
from apps.money.api import PriceStep, TokenPrice
from apps.money.market import ALWAYS, Rights

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

TODAY = date(2026, 11, 22)

ARTICLE = {
    "llama-3-1-405b": ("Llama 3 405B", "legacy", "llama-4-maverick"),
    "llama-3-70b": ("Llama 3 70B", "legacy", "llama-3-3-70b"),
    "llama-3-8b": ("Llama 3 8B", "legacy", None),
    "mistral-large-2": ("Mistral Large", "retired", "mistral-large-3"),
    "mistral-7b": ("Mistral 7B", "legacy", "ministral-3-8b"),
    "mixtral-8x22b": ("Mixtral 8x22B", "legacy", "mistral-small-4"),
    "claude-opus-4": ("Claude Opus 4", "retired", "claude-opus-5-5"),
    "claude-sonnet-4": ("Claude Sonnet 4", "retired", "claude-sonnet-5-5"),
    "gpt-4o": ("GPT-4o", "deprecated", "gpt-6-luna"),
    "o3": ("o3", "deprecated", "gpt-6-1-sol"),
    "gemini-ultra": ("Gemini Ultra", "retired", "gemini-4-argon"),
}


def test_the_numbers_of_rows() -> None:
    counts = [t.objects.count() for t in (Model, Provider, ThroughputProfile, Gpu)]
    assert counts == [125, 25, 11, 11]
    openness = Counter(Model.objects.values_list("openness", flat=True))
    assert openness == {
        "open-weight": 53,
        "closed": 65,
        "unknown": 3,
        "fully-open": 3,
        "semi-open": 1,
    }
    status = Counter(Model.objects.values_list("status", flat=True))
    assert status == {"current": 54, "legacy": 65, "retired": 4, "deprecated": 2}


def test_all_but_seven_models_have_an_offer_with_a_price_and_a_source() -> None:
    assert Model.objects.filter(offers__prices__isnull=False).distinct().count() == 125 - 7
    assert not Price.objects.filter(source__title="").exists()
    without = set(Model.objects.filter(offers__isnull=True).values_list("slug", flat=True))
    assert without == {
        "gemini-ultra",
        "gemma-4-e4b",
        "qwen3-8-flash-next",
        "olmo-3-1-32b",
        "smollm3-3b",
    }


def test_routers_are_marked() -> None:
    routers = set(Host.objects.filter(kind="router").values_list("slug", flat=True))
    assert routers >= {"openrouter", "abacus", "nano-gpt", "vercel", "huggingface", "edenai"}
    assert not routers & {"deepinfra", "groq", "together-ai", "fireworks-ai", "amazon-bedrock"}


@pytest.mark.parametrize(("slug", "expected"), ARTICLE.items(), ids=ARTICLE)
def test_the_eleven_of_the_article_are_marked_with_todays_status(
    slug: str, expected: tuple[str, str, str | None]
) -> None:
    model = Model.objects.get(slug=slug)
    successor = model.successor.slug if model.successor else None
    assert (model.article_label, model.status, successor) == expected
    assert model.in_article
    assert model.article_date == date(2026, 3, 10)
    assert model.article_provider
    assert model.article_size_or_access
    assert model.article_strengths


def test_no_other_model_is_said_to_be_in_the_article() -> None:
    assert Model.objects.from_the_article().count() == len(ARTICLE)


@pytest.mark.parametrize(
    ("slug", "day"),
    [
        ("claude-opus-4", date(2026, 6, 15)),
        ("claude-sonnet-4", date(2026, 6, 15)),
        ("gpt-4o", date(2027, 1, 14)),
        ("o3", date(2026, 12, 11)),
        ("gemini-ultra", None),
        ("mistral-large-2", None),
    ],
)
def test_shutdown_dates(slug: str, day: date | None) -> None:
    assert Model.objects.get(slug=slug).retirement_date == day


@pytest.mark.parametrize(
    ("slug", "rights", "words"),
    [
        ("llama-3-1-405b", "conditional", "700 million users"),
        ("llama-4-scout", "conditional", "European Union"),
        ("mistral-large-2", "none", "commercial licence"),
        ("mistral-large-4", "conditional", "as a service"),
        ("qwen3-8-max", "conditional", "US$50 million"),
        ("glm-5-3", "conditional", "US$10 billion"),
        ("kimi-k3", "conditional", "US$20 million"),
        ("minimax-m3", "conditional", "Any commercial use must show"),
        ("nemotron-3-super", "conditional", "includes the licence"),
        ("qwen3-8-flash-next", "conditional", "as a service"),
        ("llama-3-70b", "conditional", "begin with “Llama 3”"),
        ("llama-4-maverick", "conditional", "end users of a product that contains them are exempt"),
        ("mistral-small-4", "free", ""),
        ("laguna-s-2-1", "free", ""),
        ("gpt-6-luna", "api-terms", "terms of service"),
    ],
)
def test_rights_and_the_clause_that_matters(slug: str, rights: str, words: str) -> None:
    license_ = Model.objects.get(slug=slug).license
    assert license_ is not None
    assert license_.rights == rights
    assert words in license_.clause


def test_rights_that_nobody_stated_are_unknown() -> None:
    license_ = Model.objects.get(slug="muse-spark-open").license
    assert license_ is None or license_.rights == Rights.UNKNOWN


@pytest.mark.parametrize(
    ("slug", "field"),
    [
        ("claude-fable-5-2", "tools"),
        ("claude-fable-5-2", "max_output_tokens"),
        ("claude-fable-5-2", "release_date"),
        ("gpt-6-2-sol", "context_tokens"),
        ("gemini-4-hydrogen", "release_date"),
        ("command-a-plus", "params_active_b"),
        ("gemini-ultra", "context_tokens"),
        ("grok-4-7", "max_output_tokens"),
        ("nova-2-lite", "structured_output"),
        ("gemma-4-31b", "params_active_b"),
        ("gpt-6-astra", "params_total_b"),
        ("kimi-k3", "layers"),
        ("llama-3-70b", "tools"),
    ],
)
def test_an_empty_cell_stays_unknown(slug: str, field: str) -> None:
    assert getattr(Model.objects.get(slug=slug), field) is None


def test_a_stated_no_stays_a_no() -> None:
    assert Model.objects.get(slug="phi-4").tools is False
    assert Model.objects.get(slug="laguna-s-2-1").structured_output is False


@pytest.mark.parametrize(
    ("slug", "day", "price"),
    [
        ("gemini-4-argon", TODAY, TokenPrice(2, 10, 0.1, (), 1, 5, 0.05)),
        ("gemini-4-argon", date(2026, 12, 1), TokenPrice(4, 20, 0.2, (), 2, 10, 0.1)),
        (
            "gemini-3-8-flash",
            date(2026, 12, 31),
            TokenPrice(0.75, 3.75, 0.075, (), 0.375, 1.875, 0.0375),
        ),
        ("gemini-3-8-flash", date(2027, 1, 1), TokenPrice(1.5, 7.5, 0.15, (), 0.75, 3.75, 0.075)),
        (
            "claude-haiku-5-5",
            TODAY,
            TokenPrice(
                *(0.1, 0.5, 0.01),
                (PriceStep(100_000, 0.5, 2.5, 0.05, 0.25, 1.25, 0.025, 0.625, 1),),
                *(0.05, 0.25, 0.005, 0.125, 0.2),
            ),
        ),
        (
            "gpt-6-1-sol",
            TODAY,
            TokenPrice(
                *(2, 10, 0.1), (PriceStep(272_000, 4, 15, 0.2, 2, 7.5, 0.1, 5),), *(1, 5, 0.05, 2.5)
            ),
        ),
        (
            "minimax-m3",
            TODAY,
            TokenPrice(0.3, 1.2, 0.06, (PriceStep(512_000, 0.6, 2.4, 0.12),)),
        ),
        (
            "grok-4-7",
            TODAY,
            TokenPrice(
                *(2, 6, 0.5), (PriceStep(199_999, 4, 12, 1, 3.2, 9.6, 0.8),), *(1.6, 4.8, 0.4)
            ),
        ),
        ("deepseek-v4-pro", TODAY, TokenPrice(0.66, 1.98, 0.022)),
        ("gemini-4-hydrogen", TODAY, TokenPrice(1.5, 7.5, 0.075, (), 0.75, 3.75)),
        ("kimi-k3-1-pro", TODAY, TokenPrice(2, 10, 0.2, cache_write=2, cache_write_1h=4)),
        ("minimax-m3-1-flash", TODAY, TokenPrice(0.15, 0.6, 0.015)),
        ("qwen3-8-flash", TODAY, TokenPrice(0.15, 0.47, 0.016)),
    ],
)
def test_prices_in_force(slug: str, day: date, price: TokenPrice) -> None:
    model = Model.objects.with_offers().get(slug=slug)
    own = [
        offer
        for offer in model.offers.all()
        if offer.host.provider_id == model.provider_id and offer.host.slug != "google-vertex"
    ]
    lists = [in_force(offer.prices.all(), day) for offer in own]
    prices = [token_price(rows, sells_batches=True) for rows in lists]
    assert [one for one in prices if one] == [price]


def test_the_peak_price_is_named() -> None:
    notes = Price.objects.filter(
        offer__model__slug__startswith="deepseek-v4", offer__host__slug="deepseek"
    )
    assert notes
    assert all("Twice as much" in price.note for price in notes)


def test_the_price_history_of_mistral_large_4() -> None:
    prices = Price.objects.filter(offer__model__slug="mistral-large-4").order_by("valid_from")
    assert [(p.input, p.output) for p in prices] == [
        (Decimal("0.68"), Decimal("2.09")),
        (Decimal("1.36"), Decimal("4.18")),
        (Decimal("0.7"), Decimal("2.1")),
    ]


@pytest.mark.parametrize(
    ("slug", "vram", "rent", "own"),
    [
        ("h100", 80, 2.95, 1.69),
        ("h200", 141, 3.50, 1.74),
        ("b200", 180, 5.50, 2.34),
        ("l40s", 48, 1.55, None),
        ("a100-80gb", 80, 2.70, None),
        ("rtx-6000-pro", 96, 2.50, None),
        ("gb200", 186, 10.50, 2.75),
        ("mi300x", 192, 2.99, 1.40),
    ],
)
def test_gpus(slug: str, vram: float, rent: float, own: float | None) -> None:
    gpu = Gpu.objects.get(slug=slug)
    assert (gpu.vram_gb, gpu.rent_hourly, gpu.own_hourly) == (vram, rent, own)


@pytest.mark.parametrize(
    ("slug", "bandwidth", "tflops", "watts"),
    [
        # As published; arithmetic is half of what is published with sparsity.
        ("h100", 3350, 989, 700),
        ("h200", 4800, 989, 700),
        ("b200", 8000, 2250, 1000),
        ("l40s", 864, 362, 350),
        ("mi300x", 5300, 1307, 750),
    ],
)
def test_what_a_gpu_does_and_draws(
    slug: str, bandwidth: float, tflops: float, watts: float
) -> None:
    gpu = Gpu.objects.get(slug=slug)
    assert (gpu.bandwidth_gbs, gpu.tflops, gpu.power_w) == (bandwidth, tflops, watts)


def test_each_current_closed_model_has_a_host_that_always_counts() -> None:
    closed = [
        candidate
        for candidate in current_market(TODAY).candidates
        if candidate.status == "current" and not candidate.is_open
    ]
    assert closed
    for candidate in closed:
        assert any(offer.facts.issuperset(ALWAYS) for offer in candidate.offers), candidate.slug


def test_every_country_is_two_letters() -> None:
    for country in Provider.objects.exclude(country="").values_list("country", flat=True):
        assert len(country) == 2
        assert country.isupper()


@pytest.mark.parametrize(
    ("slug", "bits", "architecture"),
    [
        ("gpt-oss-120b", 4.25, (36, 8, 64)),
        ("gpt-oss-20b", 4.25, (24, 8, 64)),
        ("llama-3-3-70b", 8, (80, 8, 128)),
        ("llama-3-8b", 8, (32, 8, 128)),
        ("qwen3-8-27b", 8, (16, 4, 256)),
    ],
)
def test_what_sizes_a_model(slug: str, bits: float, architecture: tuple[int | None, ...]) -> None:
    model = Model.objects.get(slug=slug)
    assert model.served_bits == bits
    assert (model.layers, model.kv_heads, model.head_dim) == architecture


def test_the_assumed_precision_is_called_an_assumption() -> None:
    citation = Model.objects.get(slug="qwen3-8-27b").citations.get(field="served_bits")
    assert citation.source.kind == "editorial"


@pytest.mark.parametrize(
    ("slug", "benchmark", "version", "value"),
    [
        ("kimi-k3", "livebench", "2026-06-25", 79.19),
        ("gpt-oss-120b", "lmarena-text", "2025-12", 1353),
        ("o3", "aider-polyglot", "polyglot", 81.3),
        ("llama-3-1-405b", "gpqa-diamond", "", 49.0),
        ("gemini-ultra", "mmlu", "", 90.0),
    ],
)
def test_scores_keep_their_version(slug: str, benchmark: str, version: str, value: float) -> None:
    score = Score.objects.get(model__slug=slug, benchmark__slug=benchmark)
    assert (score.version, score.value) == (version, value)


def test_no_score_was_measured_before_the_model_was_released() -> None:
    for score in Score.objects.exclude(measured_on="").select_related("model"):
        released = score.model.release_date
        assert (
            released is None or score.measured_on >= released.isoformat()[: len(score.measured_on)]
        )


@pytest.mark.parametrize(
    ("slug", "field", "value", "source"),
    [
        ("inkling", "params_active_b", 41, "vllm-recipes-2026-08-21"),
        ("laguna-s-2-1", "params_active_b", 8, "vllm-recipes-2026-08-21"),
        ("deepseek-r1", "context_tokens", 163_840, "vllm-recipes-2026-08-21"),
        ("llama-3-1-405b", "context_tokens", 131_072, "litellm-1-110-2"),
        ("llama-4-scout", "context_tokens", 10_485_760, "vllm-recipes-2026-08-21"),
        ("gpt-6-1-terra", "release_date", date(2026, 10, 26), "langchain-openai-1-7-4"),
        ("gpt-6-2-astra", "release_date", date(2026, 11, 17), "openai-python-3-57-0"),
    ],
)
def test_a_fact_names_its_source(slug: str, field: str, value: object, source: str) -> None:
    model = Model.objects.get(slug=slug)
    assert getattr(model, field) == value
    assert model.citations.get(field=field).source.slug == source


@pytest.mark.parametrize(
    "slug", ["claude-haiku-5-5", "claude-sonnet-5-5", "gpt-6-1-sol", "gpt-6-1-terra"]
)
def test_the_siblings_read_the_same_files(slug: str) -> None:
    assert Model.objects.get(slug=slug).reads.filter(slug="pdf").exists()


def test_certifications_are_kept_unconfirmed() -> None:
    assert Provider.objects.exclude(unconfirmed_certifications="").count() == 3


def test_every_licence_with_conditions_names_them() -> None:
    assert all(license_.clause for license_ in License.objects.filter(rights="conditional"))
