"""GPU time of a request, from what was measured nearest."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.money.throughput import gpu_seconds, nearest, scale
from tests.money.examples import profile

SMALL = profile("small@H100", "H100", "small", active=4)
LARGE = profile("large@H100", "H100", "large", active=64)
OTHER = profile("small@H200", "H200", "small", active=4)


def test_gpu_seconds_of_reading_writing_and_looking_back() -> None:
    measured = profile(a=2e-5, b=1e-4, c=1e-8)
    # 2e-5·1000·(1 − 0.25) + 1e-4·200 + 1e-8·200·(1000 + 100)
    assert gpu_seconds(measured, 1000, 200, 0.25) == pytest.approx(0.015 + 0.02 + 0.0022)


@pytest.mark.parametrize(
    ("gpu", "active", "expected"),
    [
        ("H100", 4, SMALL),
        ("H100", 15.9, SMALL),  # 16 is as far from 4 as from 64, by ratio
        ("H100", 16.1, LARGE),
        ("H100", 16, LARGE),  # equal ratios: large@ before small@
        ("H100", 1000, LARGE),
        ("H200", 1000, OTHER),
        ("B200", 4, None),
    ],
)
def test_nearest_is_nearest_by_ratio_on_the_same_gpu(
    gpu: str, active: float, expected: object
) -> None:
    assert nearest((SMALL, LARGE, OTHER), gpu, active) is expected


@given(st.floats(0.1, 2000))
def test_a_model_takes_its_share_of_the_active_parameters_that_were_measured(active: float) -> None:
    assert scale(SMALL, active) == pytest.approx(active / 4)


@given(st.integers(0, 100_000), st.integers(0, 100_000), st.integers(0, 100_000))
def test_gpu_seconds_never_fall_with_tokens(tokens_in: int, tokens_out: int, more: int) -> None:
    before = gpu_seconds(SMALL, tokens_in, tokens_out)
    assert gpu_seconds(SMALL, tokens_in + more, tokens_out) >= before
    assert gpu_seconds(SMALL, tokens_in, tokens_out + more) >= before


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: replace(SMALL, active_params_b=0), "active_params_b"),
        (lambda: replace(SMALL, a=-1e-9), "a"),
        (lambda: replace(SMALL, c=float("nan")), "c"),
        (lambda: gpu_seconds(SMALL, -1, 1), "tokens_in"),
        (lambda: gpu_seconds(SMALL, 1, -1), "tokens_out"),
        (lambda: gpu_seconds(SMALL, 1, 1, 1.1), "cached"),
        (lambda: nearest((), "H100", 0), "active_params_b"),
        (lambda: scale(SMALL, -1), "active_params_b"),
    ],
)
def test_a_value_out_of_range_is_named(make: Callable[[], object], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} must be"):
        make()
