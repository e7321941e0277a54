"""GPU time of a request: measured, or by what was measured nearest and the card allows."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.money.memory import AnyArchitecture, Architecture
from apps.money.throughput import Scaled, gpu_seconds, nearest, scaled
from tests.money.examples import profile

SMALL = profile("small@H100", "H100", "small", active=4, total=4)
LARGE = profile("large@H100", "H100", "large", active=64, total=64)
OTHER = profile("small@H200", "H200", "small", active=4, total=4)
MIXTURE = profile("mixture@H100", "H100", "mixture", active=5, total=120)
NAMELESS = profile("nameless@H100", "H100", "nameless", active=400, total=None)


@dataclass(frozen=True)
class Model:
    """What a speed depends on of a model."""

    params_b: float | None = 10.0
    active_b: float | None = 10.0
    bits: float = 8.0
    architecture: AnyArchitecture | None = None


@dataclass(frozen=True)
class Card:
    """What a speed depends on of a GPU; nothing known unless a test says it."""

    bandwidth_gbs: float | None = None
    tflops: float | None = None


def test_gpu_seconds_of_reading_writing_and_looking_back() -> None:
    measured = profile(a=2e-5, b=1e-4, c=1e-8)
    # 2e-5·1000·(1 − 0.25) + 1e-4·200 + 1e-8·200·(1000 + 100)
    assert gpu_seconds(measured, 1000, 200, 0.25) == pytest.approx(0.015 + 0.02 + 0.0022)


# --- nearest: the class first, then the size, then the precision ---


@pytest.mark.parametrize(
    ("gpu", "model", "expected"),
    [
        ("H100", Model(4, 4), SMALL),
        ("H100", Model(15.9, 15.9), SMALL),  # 16 is as far from 4 as from 64, by ratio
        ("H100", Model(16.1, 16.1), LARGE),
        # As large as the mixture, but dense; and as small as the dense one, but a mixture.
        ("H100", Model(120, 120), LARGE),
        ("H100", Model(4, 1), MIXTURE),
        # Active parameters that are not known are all of them: dense.
        ("H100", Model(120, None), LARGE),
        # Parameters a little above the active ones are those of a dense model's embedding.
        ("H100", Model(4.3, 4.0), SMALL),
        # A measured model whose size is not known counts as dense, with its active parameters.
        ("H100", Model(400, 400), NAMELESS),
        ("H200", Model(1000, 30), OTHER),
        ("B200", Model(4, 4), None),
    ],
)
def test_the_nearest_is_of_the_same_class_and_then_nearest_in_size(
    gpu: str, model: Model, expected: object
) -> None:
    assert nearest((SMALL, LARGE, OTHER, MIXTURE, NAMELESS), gpu, model) is expected


def test_of_one_size_the_nearest_precision_was_measured_and_then_the_first_by_name() -> None:
    fine = replace(SMALL, slug="a@H100", precision="BF16")
    coarse = replace(SMALL, slug="b@H100", precision="FP4 weights")
    assert nearest((fine, SMALL, coarse), "H100", Model(4, 4, bits=8)) is SMALL
    assert nearest((fine, SMALL, coarse), "H100", Model(4, 4, bits=16)) is fine
    assert nearest((fine, SMALL, coarse), "H100", Model(4, 4, bits=4)) is coarse
    twin = replace(SMALL, slug="another@H100")
    assert nearest((SMALL, twin), "H100", Model(4, 4)) is twin


# --- scaled: reading by active parameters, writing by active bytes ---


def test_reading_goes_with_the_active_parameters_and_writing_with_their_bytes() -> None:
    measured = profile(active=4, total=4, a=1e-5, b=1e-4, c=1e-8)
    found = scaled(measured, Model(100, 12, bits=16), Card())
    # Three times the parameters, each of twice the bytes.
    assert (found.a, found.b, found.c) == pytest.approx((3e-5, 6e-4, 3e-8))
    assert found.profile is measured


def test_unknown_active_parameters_count_as_all_parameters() -> None:
    found = scaled(SMALL, Model(40, None), Card())
    assert (found.a, found.b) == pytest.approx((10 * SMALL.a, 10 * SMALL.b))


def test_a_measured_speed_is_taken_as_it_is() -> None:
    assert Scaled.of(SMALL) == Scaled(SMALL, SMALL.a, SMALL.b, SMALL.c)


@pytest.mark.parametrize(("bits", "faster"), [(16.0, 1), (8.0, 2), (4.0, 2)])
def test_no_token_takes_less_than_the_cards_arithmetic(bits: float, faster: int) -> None:
    tiny = profile(active=4, total=4, a=1e-12, b=1e-12)
    found = scaled(tiny, Model(10, 10, bits), Card(tflops=1000))
    # Two operations for each of 10 billion parameters at 10^15 a second; twice as fast in 8 bits.
    assert (found.a, found.b) == pytest.approx((2e-5 / faster, 2e-5 / faster))


def test_no_token_of_context_is_read_faster_than_the_cards_bandwidth() -> None:
    tiny = profile(active=4, total=4, c=1e-15)
    # 2 · 8 heads · 128 · 2 bytes in each of 80 layers: 327,680 bytes at 3,000 GB a second
    kept = Architecture(80, 8, 128)
    found = scaled(tiny, Model(architecture=kept), Card(bandwidth_gbs=3000))
    assert found.c == pytest.approx(327_680 / 3e12)
    # Layers with a window read no token of a long context again.
    windowed = replace(kept, window_layers=60, window=128)
    found = scaled(tiny, Model(architecture=windowed), Card(bandwidth_gbs=3000))
    assert found.c == pytest.approx(327_680 / 4 / 3e12)


@given(st.floats(0.1, 2000), st.floats(0.05, 1), st.sampled_from((4.0, 8.0, 16.0)))
def test_a_larger_model_is_never_faster(params: float, share: float, bits: float) -> None:
    card = Card(bandwidth_gbs=3350, tflops=989)
    less = scaled(MIXTURE, Model(params, params * share, bits), card)
    more = scaled(MIXTURE, Model(2 * params, 2 * params * share, bits), card)
    assert more.a >= less.a
    assert more.b >= less.b


@given(st.integers(0, 100_000), st.integers(0, 100_000), st.integers(0, 100_000))
def test_gpu_seconds_never_fall_with_tokens(tokens_in: int, tokens_out: int, more: int) -> None:
    before = gpu_seconds(SMALL, tokens_in, tokens_out)
    assert gpu_seconds(SMALL, tokens_in + more, tokens_out) >= before
    assert gpu_seconds(SMALL, tokens_in, tokens_out + more) >= before


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: replace(SMALL, active_params_b=0), "active_params_b"),
        (lambda: replace(SMALL, total_params_b=0), "total_params_b"),
        (lambda: replace(SMALL, a=-1e-9), "a"),
        (lambda: replace(SMALL, c=float("nan")), "c"),
        (lambda: gpu_seconds(SMALL, -1, 1), "tokens_in"),
        (lambda: gpu_seconds(SMALL, 1, -1), "tokens_out"),
        (lambda: gpu_seconds(SMALL, 1, 1, 1.1), "cached"),
    ],
)
def test_a_value_out_of_range_is_named(make: Callable[[], object], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} must be"):
        make()
