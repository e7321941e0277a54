"""Memory of a model and the GPUs that hold it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.money.memory import (
    GPU_COUNTS,
    Architecture,
    concurrency,
    gpus_needed,
    need_gb,
    replica_concurrency,
    request_seconds,
    usable_gb,
    weights_gb,
)


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
    assert gpus_needed(need, vram) == expected


def test_requests_in_flight_stay_a_second_and_the_time_of_their_answer() -> None:
    # 86,400 a day are one a second; three times that at the peak; each takes 1 s + 60/30 s
    assert concurrency(86_400, 3, 60) == pytest.approx(9)
    assert request_seconds(60) == pytest.approx(3)
    assert concurrency(86_400, 1, 100, ttft_seconds=2, user_tokens_per_second=50) == 4


def test_an_unknown_architecture_needs_a_quarter_more_than_the_weights() -> None:
    assert need_gb(weights_gb(100, 8), None, 10_000, 5) == 125
    # 1.25 · 56 = 70 GB are what one GPU leaves; how much a request takes is not known
    assert replica_concurrency(56, None, 10_000, 80, 1) == float("inf")
    assert replica_concurrency(56.1, None, 10_000, 80, 1) == 0


# 100,000 bytes a token
ARCHITECTURE = Architecture(25, 10, 100)


def test_a_replica_carries_what_its_memory_holds_beside_the_weights() -> None:
    # 140 GB usable, 1.05 · 100 taken: 35 GB, of which a request of 10,000 tokens takes 1 GB
    assert replica_concurrency(100, ARCHITECTURE, 10_000, 80, 2) == pytest.approx(35)
    assert replica_concurrency(100, ARCHITECTURE, 10_000, 80, 1) == 0
    assert replica_concurrency(100, ARCHITECTURE, 0, 80, 2) == float("inf")


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Architecture(0, 8, 64), "layers"),
        (lambda: Architecture(36, -8, 64), "kv_heads"),
        (lambda: Architecture(36, 8, 0), "head_dim"),
        (lambda: Architecture(36, 8, 64, 0), "kv_bytes"),
        (lambda: weights_gb(0, 8), "params_b"),
        (lambda: weights_gb(7, 0), "bits"),
        (lambda: weights_gb(7, 65), "bits"),
        (lambda: need_gb(-1, None, 1), "weights_gb"),
        (lambda: need_gb(1, None, -1), "context"),
        (lambda: need_gb(1, ARCHITECTURE, 1, -1), "concurrency"),
        (lambda: gpus_needed(-1, 80), "need_gb"),
        (lambda: gpus_needed(1, 0), "vram_gb"),
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


@given(st.floats(0, 5000), st.floats(3, 300))
def test_the_fewest_gpus_that_hold_it(need: float, vram: float) -> None:
    found = gpus_needed(need, vram)
    fits = [n for n in GPU_COUNTS if need + 2 * n <= 0.9 * vram * n + 1e-9]
    if found is None:
        assert all(need + 2 * n > 0.9 * vram * n - 1e-9 for n in GPU_COUNTS)
    else:
        assert found in fits
        assert all(need + 2 * n > 0.9 * vram * n - 1e-9 for n in GPU_COUNTS if n < found)


@given(
    st.builds(
        Architecture,
        layers=st.integers(1, 200),
        kv_heads=st.integers(1, 128),
        head_dim=st.integers(16, 512),
    ),
    st.floats(1, 2000),
    st.integers(1, 1_000_000),
    st.sampled_from(GPU_COUNTS),
)
def test_a_replica_is_full_at_what_it_carries(
    architecture: Architecture, weights: float, context: int, gpus: int
) -> None:
    carried = replica_concurrency(weights, architecture, context, 141, gpus)
    if carried == 0:
        assert need_gb(weights, architecture, context, 0) >= usable_gb(141, gpus) - 1e-9
    else:
        full = need_gb(weights, architecture, context, carried)
        assert full == pytest.approx(usable_gb(141, gpus))
