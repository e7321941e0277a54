"""What the delivered catalog says of the memory of models, against their published needs."""

import json
from dataclasses import replace

import pytest
from django.test import Client

from apps.catalog.models import Model
from apps.catalog.sizing import ModelSize, known_architectures
from apps.money.memory import Load, gpus_needed, kv_bytes_per_token
from tests.visiting import url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

H200, B200, L40S = 141, 180, 48


def size(slug: str) -> ModelSize:
    known = known_architectures(Model.objects.with_architecture())
    return ModelSize.of(Model.objects.get(slug=slug), known)


def load(slug: str, context: float) -> Load:
    found = size(slug)
    assert found.served_bits is not None
    served = found.load(found.served_bits)
    assert served is not None
    return replace(served, context=context)


@pytest.mark.parametrize(
    ("slug", "least", "most"),
    [
        ("gpt-oss-20b", 13.74, 13.74),
        ("gpt-oss-120b", 65.25, 65.25),
        ("kimi-k3", 1400, 1700),
        ("kimi-k2-7-code", 595, 595),
        ("deepseek-v4-pro", 865, 865),
        ("inkling", 542, 542),
        ("qwen3-8-max", 2496, 2496),
        # nothing but their number is known: a byte each
        ("llama-3-3-70b", 70.6, 70.6),
    ],
)
def test_weights_are_sized_as_they_are_published(slug: str, least: float, most: float) -> None:
    assert least <= load(slug, 0).weights_gb <= most


@pytest.mark.parametrize(
    ("slug", "vram", "gpus"),
    [
        ("deepseek-v4-pro", H200, 8),
        ("deepseek-v4-pro", B200, 8),
        ("kimi-k3", B200, 16),
        ("kimi-k2-7-code", H200, 8),
        ("inkling", H200, 8),
    ],
)
def test_as_many_gpus_as_the_recipes_hold_a_replica(slug: str, vram: float, gpus: int) -> None:
    assert gpus_needed(load(slug, 8192), vram) == gpus


@pytest.mark.parametrize(
    ("slug", "bytes_a_token"),
    [
        ("llama-3-3-70b", 327_680),
        ("llama-3-1-405b", 516_096),
        ("llama-3-8b", 131_072),
        ("minimax-m3", 122_880),
        ("ministral-3-8b", 139_264),
        ("mistral-medium-3-5", 360_448),
        ("granite-4-2-8b", 163_840),
        ("phi-4", 204_800),
        ("mistral-7b", 131_072),
        ("mixtral-8x22b", 229_376),
        ("smollm3-3b", 73_728),
        ("apertus-v1-5-70b", 327_680),
        ("deepseek-r1", 70_272),
        ("kimi-k2-7-code", 70_272),
        ("mistral-large-3", 70_272),
        ("glm-5-3", 89_856),
        ("mistral-large-4", 82_944),
        ("mistral-small-4", 23_040),
        ("qwen3-8-27b", 65_536),
        ("qwen3-8-max", 94_208),
        ("qwen3-5-397b", 30_720),
        ("nemotron-3-super", 8_192),
    ],
)
def test_bytes_of_cache_a_token(slug: str, bytes_a_token: int) -> None:
    found = size(slug)
    assert found.cache_of == ""
    assert found.architecture is not None
    assert kv_bytes_per_token(found.architecture) == bytes_a_token


@pytest.mark.parametrize(("slug", "each"), [("gpt-oss-120b", 36_864), ("gpt-oss-20b", 24_576)])
def test_half_of_the_layers_of_gpt_oss_keep_a_window(slug: str, each: float) -> None:
    more = load(slug, 100_000).need_gb() - load(slug, 99_000).need_gb()
    assert more * 1e9 / 1000 == pytest.approx(each)


def test_a_long_request_to_gemma_takes_a_second_gpu() -> None:
    long = load("gemma-4-31b", 200_000)
    assert long.need_gb() >= 65.8
    assert gpus_needed(long, L40S) == 2


@pytest.mark.parametrize(
    ("slug", "cache_of"),
    [
        ("mistral-large-2", "Mistral Medium 3.5"),
        ("llama-4-scout", "Llama 3.1 405B"),
        ("deepseek-v4-pro", "DeepSeek R1"),
    ],
)
def test_a_model_of_unknown_layers_takes_the_largest_cache_of_its_maker(
    slug: str, cache_of: str
) -> None:
    assert size(slug).cache_of.startswith(cache_of)


def test_every_known_size_has_a_source() -> None:
    for field, known in (("weights_gb", "weights_gb"), ("architecture", "layers")):
        for model in Model.objects.filter(**{f"{known}__isnull": False}):
            assert model.citations.filter(field=field).exists(), (model.slug, field)


def self_hosted(client: Client, **given: str) -> dict[str, object]:
    asked = {"at": "2026-11-25", **given}
    found: dict[str, object] = json.loads(client.get(url("/costs.json", asked)).content)[
        "self_hosted"
    ]
    return found


def test_deepseek_v4_pro_takes_a_replica_and_a_spare_of_eight(client: Client) -> None:
    found = self_hosted(
        client,
        model="deepseek-v4-pro",
        gpu="b200",
        volume="1000",
        tokens_in="1000",
        tokens_out="300",
    )
    # 16 · $5.50 · 730 hours and a fifth for infrastructure
    assert found["gpus"] == 16
    assert found["gpu_usd"] == pytest.approx(77_088 / 1.2)


LONG_REQUESTS = {
    "model": "minimax-m3",
    "gpu": "h100",
    "volume": "20000",
    "tokens_in": "120000",
    "tokens_out": "1000",
    "peak": "1.5",
}


def test_few_kv_heads_take_more_gpus_for_long_requests(client: Client) -> None:
    # Eight GPUs hold the cache twice in 4 heads: 3.75 requests of 29.7 GB beside 448 GB of weights.
    # 11.9 are in flight, at 1.5 times the mean for (1 + 1000/30) s: four replicas and a spare.
    # Without reasoning and at full efficiency their time asks for less: 49.5 GPU-seconds a request
    # at 0.35 a second keep 2.1 replicas busy.
    found = self_hosted(client, **LONG_REQUESTS, reasoning="1", efficiency="1")
    assert found["gpus"] == 40


def test_reasoning_over_long_requests_takes_more_gpus_than_memory_does(client: Client) -> None:
    # 23 billion active parameters of a byte, by 5.1 billion of half a byte: 4.51 times the seconds
    # of reading and looking back, 9.02 times those of writing; 1,500 tokens out with the reasoning.
    # 0.35 a second, at half the measured speed: 5.4 replicas, so six and a spare.
    more = 23 / 5.1
    reading, writing = 4.669e-05 * more * 120_000, 1.011e-4 * 2 * more * 1_500
    seconds = reading + writing + 4.291e-08 * more * 1_500 * (120_000 + 750)
    found = self_hosted(client, **LONG_REQUESTS, reasoning="1.5", efficiency="0.5")
    assert found["gpu_seconds_per_request"] == pytest.approx(seconds)
    assert 5 < 20_000 / 86_400 * 1.5 * seconds / (0.5 * 8) < 6
    assert found["gpus"] == 56


@pytest.mark.parametrize("volume", ["1", "100"])
def test_however_few_requests_one_is_held_whole(client: Client, volume: str) -> None:
    asked = {"model": "gemma-4-31b", "volume": volume, "tokens_in": "200000", "tokens_out": "1"}
    found = json.loads(client.get(url("/costs.json", asked)).content)["memory"]
    # 32.9 GB of weights; ten layers keep 200,001 tokens, fifty the last 1,024, 16,384 bytes each.
    cache = 16_384 * (10 * 200_001 + 50 * 1_024) / 1e9
    assert found["need_gb"] == pytest.approx(1.05 * 31.3 + cache)
    # More than an L40S leaves to a model: two of them.
    asked |= {"gpu": "l40s", "vram_gb": str(L40S)}
    found = json.loads(client.get(url("/costs.json", asked)).content)["memory"]
    assert found["gpus_per_replica"] == 2
