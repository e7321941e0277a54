"""How much GPU time a request takes, from measured serving profiles."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from apps.money.ranges import check, check_positive


@dataclass(frozen=True, slots=True)
class Profile:
    """A model measured at full load on one GPU: the coefficients of its GPU-seconds.

    `gpu` is the GPU's slug, `model` the model's; `active_params_b` are billions of active
    parameters; `a` is seconds an input token, `b` seconds an output token, `c` seconds an output
    token and token of context. Raises ValueError, naming the field, for negative coefficients and
    unless `active_params_b` is above 0.
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

    def __post_init__(self) -> None:
        """Refuse what cannot have been measured."""
        check_positive("active_params_b", self.active_params_b)
        for name in ("a", "b", "c", "worst_fit_error_percent"):
            check(name, getattr(self, name), 0)


def gpu_seconds(
    profile: Profile, tokens_in: float, tokens_out: float, cached: float = 0.0
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


def nearest(profiles: Iterable[Profile], gpu: str, active_params_b: float) -> Profile | None:
    """Return the profile on this GPU whose active parameters are nearest by ratio.

    Equal ratios go by slug; None where nothing was measured on the GPU. Raises ValueError unless
    `active_params_b`, billions, is above 0. Method, section 6.
    """
    check_positive("active_params_b", active_params_b)
    return min(
        (profile for profile in profiles if profile.gpu == gpu),
        key=lambda p: (abs(log(p.active_params_b / active_params_b)), p.slug),
        default=None,
    )


def scale(profile: Profile, active_params_b: float) -> float:
    """Return how many times a profile's GPU-seconds a model takes: an estimate, ½ to 2×.

    In proportion to active parameters, billions. Raises ValueError unless they are above 0.
    Method, section 6.
    """
    check_positive("active_params_b", active_params_b)
    return active_params_b / profile.active_params_b
