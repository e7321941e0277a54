"""How much GPU time a request takes, from measured serving profiles."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Protocol

from apps.money.memory import AnyArchitecture
from apps.money.ranges import check, check_positive

# A model whose parameters are this many times its active ones is a mixture of experts.
_DENSE = 1.1
# Cards compute with numbers of so many bits twice as fast as with sixteen.
_FAST_BITS = 8.0
_PRECISION_BITS = {"fp4": 4.0, "mxfp4": 4.0, "nvfp4": 4.0, "int4": 4.0, "fp8": 8.0, "int8": 8.0}


class Sized(Protocol):
    """What a speed depends on of a model; billions of parameters, bits a weight."""

    @property
    def params_b(self) -> float | None: ...
    @property
    def active_b(self) -> float | None: ...
    @property
    def bits(self) -> float: ...
    @property
    def architecture(self) -> AnyArchitecture | None: ...


class Card(Protocol):
    """What a speed depends on of a GPU."""

    @property
    def bandwidth_gbs(self) -> float | None: ...
    @property
    def tflops(self) -> float | None: ...


class Coefficients(Protocol):
    """Seconds an input token, an output token, and an output token and token of context."""

    @property
    def a(self) -> float: ...
    @property
    def b(self) -> float: ...
    @property
    def c(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Profile:
    """A model measured at full load on one GPU: the coefficients of its GPU-seconds.

    `gpu` is the GPU's slug, `model` the model's; `active_params_b` are billions of active
    parameters, `total_params_b` of all, None where that is not known; `a` is seconds an input
    token, `b` seconds an output token, `c` seconds an output token and token of context. Raises
    ValueError, naming the field, for negative coefficients and unless parameters are above 0.
    """

    slug: str
    gpu: str
    model: str
    precision: str
    active_params_b: float
    a: float
    b: float
    c: float
    worst_fit_error_percent: float
    source: str
    total_params_b: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot have been measured."""
        check_positive("active_params_b", self.active_params_b)
        if self.total_params_b is not None:
            check_positive("total_params_b", self.total_params_b)
        for name in ("a", "b", "c", "worst_fit_error_percent"):
            check(name, getattr(self, name), 0)

    @property
    def bits(self) -> float:
        """Bits a weight that it was measured at."""
        return _PRECISION_BITS.get(self.precision.lower().partition(" ")[0], 16.0)


def gpu_seconds(
    profile: Coefficients, tokens_in: float, tokens_out: float, cached: float = 0.0
) -> float:
    """Return GPU-seconds a request at full load: a·in·(1 − cached) + b·out + c·out·(in + out/2).

    `cached` is the share of the prompt that is already in the cache, 0 to 1. Raises ValueError
    outside the ranges. Method, section 6; fitted to NVIDIA's published TensorRT-LLM tables.
    """
    check("tokens_in", tokens_in, 0)
    check("tokens_out", tokens_out, 0)
    check("cached", cached, 0, 1)
    reading = profile.a * tokens_in * (1 - cached)
    writing = profile.b * tokens_out + profile.c * tokens_out * (tokens_in + tokens_out / 2)
    return reading + writing


@dataclass(frozen=True, slots=True)
class Scaled:
    """The speed of a model on a GPU: a profile with each coefficient so many times as large.

    `a`, `b` and `c` are seconds as in the profile.
    """

    profile: Profile
    a: float
    b: float
    c: float

    @classmethod
    def of(cls, profile: Profile) -> "Scaled":
        """Return a profile as it was measured."""
        return cls(profile, profile.a, profile.b, profile.c)

    def gpu_seconds(self, tokens_in: float, tokens_out: float, cached: float) -> float:
        """Return GPU-seconds a request at full load, as `gpu_seconds` does."""
        return gpu_seconds(self, tokens_in, tokens_out, cached)


def nearest(profiles: Iterable[Profile], gpu: str, model: Sized) -> Profile | None:
    """Return the measured profile on a GPU that is nearest to a model; None without any.

    Of the same class first (dense or mixture of experts), then by the ratio of total parameters,
    then of bits a weight, then by slug. Method, section 6.
    """
    return min(
        (profile for profile in profiles if profile.gpu == gpu),
        key=lambda profile: _distance(profile, model),
        default=None,
    )


def _distance(profile: Profile, model: Sized) -> tuple[bool, float, float, str]:
    measured = profile.total_params_b or profile.active_params_b
    wanted = model.params_b or measured
    measured_is_mixture = measured > profile.active_params_b * _DENSE
    wanted_is_mixture = wanted > (model.active_b or wanted) * _DENSE
    return (
        measured_is_mixture is not wanted_is_mixture,
        abs(log(measured / wanted)),
        abs(log(profile.bits / model.bits)),
        profile.slug,
    )


def scaled(profile: Profile, model: Sized, gpu: Card) -> Scaled:
    """Return the speed of a model by that of a measured one: an estimate, ½ to 2×.

    Reading goes with the active parameters, writing with the active bytes, and neither is faster
    than the card's arithmetic and bandwidth allow where they are known. Method, section 6.
    """
    active = model.active_b or model.params_b or profile.active_params_b
    params = active / profile.active_params_b
    size = params * model.bits / profile.bits
    computing = _least_computing(active, model.bits, gpu)
    return Scaled(
        profile,
        max(profile.a * params, computing),
        max(profile.b * size, computing),
        max(profile.c * params, _least_looking_back(model.architecture, gpu)),
    )


def _least_computing(active_b: float, bits: float, gpu: Card) -> float:
    """Return the seconds of a token's arithmetic: two operations for each active parameter."""
    if not gpu.tflops:
        return 0.0
    # Eight bits or fewer count twice as fast.
    faster = 2.0 if bits <= _FAST_BITS else 1.0
    return 2 * active_b * 1e9 / (gpu.tflops * faster * 1e12)


def _least_looking_back(architecture: AnyArchitecture | None, gpu: Card) -> float:
    """Return the seconds of reading a token of context again, in the layers that keep all."""
    if not gpu.bandwidth_gbs or architecture is None:
        return 0.0
    layers = architecture.layers - architecture.window_layers
    return layers * architecture.layer_bytes / (gpu.bandwidth_gbs * 1e9)
