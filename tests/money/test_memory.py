"""Memory of a model and the GPUs that hold it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.money.memory import (
    GPU_COUNTS,
    AnyArchitecture,
    Architecture,
    LatentArchitecture,
    Load,
    concurrency,
    gpus_needed,
    kv_bytes_per_token,
    replica_concurrency,
    request_gb,
    request_seconds,
    usable_gb,
    weights_gb,
)

# 100,000 bytes a token
ARCHITECTURE = Architecture(25, 10, 100)


@pytest.mark.parametrize(
    ("need", "vram", "expected"),
    [
        (0, 80, 1),
        (70, 80, 1),  # 70 + 2 = 0.9 · 80
        (70.001, 80, 2),
        (140, 80, 2),
        (141, 80, 4),
        (1120, 80, 16),
        (1121, 80, None),
        (1, 2, None),  # two gigabytes are reserved on each: nothing is left on any number
    ],
)
def test_gpus_needed(need: float, vram: float, expected: int | None) -> None:
    # Nothing is asked: the weights are all that counts.
    assert gpus_needed(Load(need / 1.05, ARCHITECTURE, 0), vram) == expected


def test_requests_in_flight_stay_a_second_and_the_time_of_their_answer() -> None:
    # 86,400 a day are one a second; three times that at the peak; each takes 1 s + 60/30 s
    assert concurrency(86_400, 3, 60) == pytest.approx(9)
    assert request_seconds(60) == pytest.approx(3)
    assert concurrency(86_400, 1, 100, ttft_seconds=2, user_tokens_per_second=50) == 4


@pytest.mark.parametrize(
    ("architecture", "each"),
    [
        (Architecture(80, 8, 128), 327_680),
        (Architecture(36, 8, 64), 73_728),
        (Architecture(62, 4, 128, 1), 63_488),
        # latent attention: 512 compressed values and 64 that hold the position, two bytes each
        (LatentArchitecture(61, 576), 70_272),
        (LatentArchitecture(78, 576), 89_856),
    ],
)
def test_bytes_of_cache_a_token(architecture: AnyArchitecture, each: float) -> None:
    assert kv_bytes_per_token(architecture) == each
    assert request_gb(architecture, 1000) == pytest.approx(each * 1000 / 1e9)


def test_a_layer_with_a_window_keeps_no_more_than_the_window() -> None:
    # 2 · 8 · 64 · 2 = 2,048 bytes a layer and token; 18 layers keep all, 18 the last 128
    windowed = Architecture(36, 8, 64, window_layers=18, window=128)
    assert request_gb(windowed, 100) == pytest.approx(36 * 2048 * 100 / 1e9)
    assert request_gb(windowed, 10_000) == pytest.approx(18 * 2048 * (10_000 + 128) / 1e9)


@pytest.mark.parametrize(
    ("architecture", "copies"),
    [
        (Architecture(60, 4, 128), {1: 1, 2: 1, 4: 1, 8: 2, 16: 4}),
        (LatentArchitecture(61, 576), {1: 1, 2: 2, 4: 4, 8: 8, 16: 16}),
    ],
)
def test_each_gpu_of_a_replica_holds_at_least_one_head(
    architecture: AnyArchitecture, copies: dict[int, int]
) -> None:
    once = request_gb(architecture, 1000)
    for gpus, times in copies.items():
        assert request_gb(architecture, 1000, gpus) == pytest.approx(times * once)


def test_a_replica_carries_what_its_memory_holds_beside_the_weights() -> None:
    # 140 GB usable, 1.05 · 100 taken: 35 GB, of which a request of 10,000 tokens takes 1 GB
    long, none = Load(100, ARCHITECTURE, 10_000), Load(100, ARCHITECTURE, 0)
    assert replica_concurrency(long, 80, 2) == pytest.approx(35)
    assert replica_concurrency(long, 80, 1) == 0
    assert replica_concurrency(none, 80, 2) == float("inf")


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Architecture(0, 8, 64), "layers"),
        (lambda: Architecture(36, -8, 64), "kv_heads"),
        (lambda: Architecture(36, 8, 0), "head_dim"),
        (lambda: Architecture(36, 8, 64, 0), "kv_bytes"),
        (lambda: Architecture(36, 8, 64, window_layers=37, window=1), "window_layers"),
        (lambda: Architecture(36, 8, 64, window_layers=1, window=-1), "window"),
        (lambda: LatentArchitecture(0, 576), "layers"),
        (lambda: LatentArchitecture(61, 0), "latent_dim"),
        (lambda: LatentArchitecture(61, 576, 0), "kv_bytes"),
        (lambda: weights_gb(0, 8), "params_b"),
        (lambda: weights_gb(7, 0), "bits"),
        (lambda: weights_gb(7, 65), "bits"),
        (lambda: Load(-1, ARCHITECTURE, 1), "weights_gb"),
        (lambda: Load(1, ARCHITECTURE, -1), "context"),
        (lambda: Load(1, ARCHITECTURE, 1, -1), "concurrency"),
        (lambda: gpus_needed(Load(1, ARCHITECTURE, 1), 0), "vram_gb"),
        (lambda: concurrency(-1, 1, 1), "volume"),
        (lambda: concurrency(1, 0.9, 1), "peak"),
        (lambda: concurrency(1, 1, -1), "tokens_out"),
        (lambda: concurrency(1, 1, 1, -1), "ttft_seconds"),
        (lambda: concurrency(1, 1, 1, 1, 0), "user_tokens_per_second"),
    ],
)
def test_a_value_out_of_range_is_named(make: Callable[[], object], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} must be"):
        make()


architectures = st.builds(
    Architecture,
    layers=st.integers(1, 200),
    kv_heads=st.integers(1, 128),
    head_dim=st.integers(16, 512),
    window_layers=st.integers(0, 1),
    window=st.integers(0, 4096),
) | st.builds(LatentArchitecture, layers=st.integers(1, 200), latent_dim=st.integers(64, 1024))
loads = st.builds(
    Load, st.floats(1, 3000), architectures, st.integers(1, 1_000_000), st.floats(1, 500)
)


@given(loads, st.floats(3, 300))
def test_the_fewest_gpus_that_hold_it(load: Load, vram: float) -> None:
    found = gpus_needed(load, vram)
    fits = [n for n in GPU_COUNTS if load.need_gb(n) + 2 * n <= 0.9 * vram * n + 1e-9]
    short = [n for n in GPU_COUNTS if load.need_gb(n) + 2 * n > 0.9 * vram * n - 1e-9]
    if found is None:
        assert short == list(GPU_COUNTS)
    else:
        assert found in fits
        assert set(short) >= {n for n in GPU_COUNTS if n < found}


@given(loads, st.sampled_from(GPU_COUNTS), st.floats(1.001, 10))
def test_a_longer_request_is_never_free_and_more_gpus_never_need_less(
    load: Load, gpus: int, times: float
) -> None:
    assert replace(load, context=load.context * times).need_gb(gpus) >= load.need_gb(gpus)
    assert load.need_gb(2 * gpus) >= load.need_gb(gpus)
    if load.architecture.window_layers < load.architecture.layers:
        assert replace(load, context=load.context + 1000).need_gb(gpus) > load.need_gb(gpus)


@given(loads, st.sampled_from(GPU_COUNTS))
def test_a_replica_is_full_at_what_it_carries(load: Load, gpus: int) -> None:
    carried = replica_concurrency(load, 141, gpus)
    if carried == 0:
        assert replace(load, concurrency=0).need_gb(gpus) >= usable_gb(141, gpus) - 1e-9
    else:
        full = replace(load, concurrency=carried).need_gb(gpus)
        assert full == pytest.approx(usable_gb(141, gpus))
