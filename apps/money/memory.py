"""How much GPU memory a model needs; decimal gigabytes throughout."""

from dataclasses import dataclass
from math import inf
from typing import ClassVar

from apps.money.ranges import check, check_positive
from apps.money.workload import SECONDS_PER_DAY

# GPUs that serve one copy of a model together.
GPU_COUNTS = (1, 2, 4, 8, 16)
# Seconds to the first token and tokens a second that a reader gets.
TTFT_SECONDS = 1.0
USER_TOKENS_PER_SECOND = 30.0

# Bits a weight at which models are commonly served.
COMMON_BITS = (16.0, 8.0, 4.0)
# Memory over the weights alone, beside the cache.
WEIGHTS_OVERHEAD = 1.05
# What a model may fill of a GPU, and what the GPU keeps of it for itself.
USABLE = 0.9
RESERVED_GB = 2.0
_BYTES_PER_GB = 1e9


@dataclass(frozen=True, slots=True)
class Architecture:
    """What sizes a cache of keys and values: layers, KV heads, dimension of a head, bytes a value.

    `layers` are those that keep a cache; `window_layers` of them keep the last `window` tokens
    only. Raises ValueError, naming the field, for what no model has.
    """

    layers: int
    kv_heads: int
    head_dim: int
    kv_bytes: float = 2.0
    window_layers: int = 0
    window: int = 0

    def __post_init__(self) -> None:
        """Refuse what no model has."""
        check_positive("layers", self.layers)
        check_positive("kv_heads", self.kv_heads)
        check_positive("head_dim", self.head_dim)
        check_positive("kv_bytes", self.kv_bytes)
        check("window_layers", self.window_layers, 0, self.layers)
        check("window", self.window, 0)

    @property
    def layer_bytes(self) -> float:
        """Bytes of a token in one layer: a key and a value for each head."""
        return 2 * self.kv_heads * self.head_dim * self.kv_bytes


@dataclass(frozen=True, slots=True)
class LatentArchitecture:
    """What sizes the cache of latent attention (MLA): layers, values a token, bytes a value.

    `latent_dim` counts the compressed key and value, and the part with the position. It is one
    head: each GPU of a replica holds all of it. Raises ValueError, naming the field, unless all
    are above 0.
    """

    layers: int
    latent_dim: int
    kv_bytes: float = 2.0
    kv_heads: ClassVar[int] = 1
    window_layers: ClassVar[int] = 0
    window: ClassVar[int] = 0

    def __post_init__(self) -> None:
        """Refuse what no model has."""
        check_positive("layers", self.layers)
        check_positive("latent_dim", self.latent_dim)
        check_positive("kv_bytes", self.kv_bytes)

    @property
    def layer_bytes(self) -> float:
        """Bytes of a token in one layer."""
        return self.latent_dim * self.kv_bytes


type AnyArchitecture = Architecture | LatentArchitecture


@dataclass(frozen=True, slots=True)
class Load:
    """What a replica holds: the weights, and the cache of so many requests of so many tokens.

    Raises ValueError, naming the field, for negative numbers.
    """

    weights_gb: float
    architecture: AnyArchitecture
    context: float
    concurrency: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be held."""
        check("weights_gb", self.weights_gb, 0)
        check("context", self.context, 0)
        check("concurrency", self.concurrency, 0)

    def need_gb(self, gpus: int = 1) -> float:
        """Return the gigabytes on n GPUs: 1.05·weights + cache·concurrency (section 6)."""
        each = request_gb(self.architecture, self.context, gpus)
        return WEIGHTS_OVERHEAD * self.weights_gb + each * self.concurrency


def weights_gb(params_b: float, bits: float) -> float:
    """Return the gigabytes of the weights: billions of parameters · bits a weight / 8.

    Raises ValueError unless both are above 0 (bits at most 64). Method, section 6.
    """
    check_positive("params_b", params_b)
    check_positive("bits", bits)
    check("bits", bits, 0, 64)
    return params_b * bits / 8


def kv_bytes_per_token(architecture: AnyArchitecture) -> float:
    """Return the bytes that all layers keep of a token within their windows (section 6).

    2·layers·kv_heads·head_dim·bytes; with latent attention layers·latent_dim·bytes.
    """
    return architecture.layers * architecture.layer_bytes


def request_gb(architecture: AnyArchitecture, context: float, gpus: int = 1) -> float:
    """Return the gigabytes of a request's cache on n GPUs together.

    Layers with a window keep min(context, window) tokens. Tensor parallelism gives each GPU at
    least one KV head: on more GPUs than heads the cache is there n/kv_heads times. Section 6.
    """
    whole = architecture.layers - architecture.window_layers
    windowed = architecture.window_layers * min(context, architecture.window)
    copies = max(1.0, gpus / architecture.kv_heads)
    return architecture.layer_bytes * (whole * context + windowed) * copies / _BYTES_PER_GB


def concurrency(
    volume: float,
    peak: float,
    tokens_out: float,
    ttft_seconds: float = TTFT_SECONDS,
    user_tokens_per_second: float = USER_TOKENS_PER_SECOND,
) -> float:
    """Return the requests in flight in the busiest hour: volume/86400·peak·(ttft + out/speed).

    `volume` is requests a day, `peak` 1 or more. Raises ValueError below these ranges. Method,
    section 6.
    """
    check("volume", volume, 0)
    check("peak", peak, 1)
    seconds = request_seconds(tokens_out, ttft_seconds, user_tokens_per_second)
    return volume / SECONDS_PER_DAY * peak * seconds


def request_seconds(
    tokens_out: float,
    ttft_seconds: float = TTFT_SECONDS,
    user_tokens_per_second: float = USER_TOKENS_PER_SECOND,
) -> float:
    """Return the seconds that a request is in flight: ttft + out/speed (method, section 6).

    Raises ValueError for negative tokens or seconds, and for a speed that is not above 0.
    """
    check("tokens_out", tokens_out, 0)
    check("ttft_seconds", ttft_seconds, 0)
    check_positive("user_tokens_per_second", user_tokens_per_second)
    return ttft_seconds + tokens_out / user_tokens_per_second


def usable_gb(vram_gb: float, gpus: int) -> float:
    """Return the gigabytes that n GPUs leave for a model: 0.9·VRAM·n − 2n (section 6).

    Raises ValueError unless `vram_gb` and `gpus` are above 0.
    """
    check_positive("vram_gb", vram_gb)
    check_positive("gpus", gpus)
    return USABLE * vram_gb * gpus - RESERVED_GB * gpus


def gpus_needed(load: Load, vram_gb: float) -> int | None:
    """Return the fewest GPUs of 1, 2, 4, 8, 16 with need + 2n ≤ 0.9·VRAM·n; None if none fits.

    Raises ValueError for a VRAM that is not above 0. Method, section 6.
    """
    return next((n for n in GPU_COUNTS if load.need_gb(n) <= usable_gb(vram_gb, n)), None)


def replica_concurrency(load: Load, vram_gb: float, gpus: int) -> float:
    """Return how many requests a replica's memory carries at once: `need_gb` solved for it.

    0 where not even the weights fit; infinite where a request has no tokens. Raises ValueError as
    `usable_gb` does.
    """
    left = usable_gb(vram_gb, gpus) - WEIGHTS_OVERHEAD * load.weights_gb
    if left < 0:
        return 0.0
    each = request_gb(load.architecture, load.context, gpus)
    return left / each if each > 0 else inf
