"""How much GPU memory a model needs; decimal gigabytes throughout."""

from dataclasses import dataclass
from math import inf

from apps.money.ranges import check, check_positive
from apps.money.workload import SECONDS_PER_DAY

# GPUs that serve one copy of a model together.
GPU_COUNTS = (1, 2, 4, 8, 16)
# Seconds to the first token and tokens a second that a reader gets.
TTFT_SECONDS = 1.0
USER_TOKENS_PER_SECOND = 30.0

# Bits a weight at which models are commonly served.
COMMON_BITS = (16.0, 8.0, 4.0)
# Memory over the weights alone: beside a cache that is known, and with one that is not.
WEIGHTS_OVERHEAD = 1.05
UNKNOWN_OVERHEAD = 1.25
# What a model may fill of a GPU, and what the GPU keeps of it for itself.
USABLE = 0.9
RESERVED_GB = 2.0
_BYTES_PER_GB = 1e9


@dataclass(frozen=True, slots=True)
class Architecture:
    """What sizes the key-value cache: layers, KV heads, dimension of a head, bytes a value.

    An upper bound for models with sliding windows; not for models with latent attention (MLA).
    Raises ValueError, naming the field, unless all are above 0.
    """

    layers: int
    kv_heads: int
    head_dim: int
    kv_bytes: float = 2.0

    def __post_init__(self) -> None:
        """Refuse what no model has."""
        check_positive("layers", self.layers)
        check_positive("kv_heads", self.kv_heads)
        check_positive("head_dim", self.head_dim)
        check_positive("kv_bytes", self.kv_bytes)


def weights_gb(params_b: float, bits: float) -> float:
    """Return the gigabytes of the weights: billions of parameters · bits a weight / 8.

    Raises ValueError unless both are above 0 (bits at most 64). Method, section 6.
    """
    check_positive("params_b", params_b)
    check_positive("bits", bits)
    check("bits", bits, 0, 64)
    return params_b * bits / 8


def kv_bytes_per_token(architecture: Architecture) -> float:
    """Return 2·layers·kv_heads·head_dim·bytes: a key and a value a head and layer (section 6)."""
    size = architecture.layers * architecture.kv_heads * architecture.head_dim
    return 2 * size * architecture.kv_bytes


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


def need_gb(
    weights_gb: float, architecture: Architecture | None, context: float, concurrency: float = 1
) -> float:
    """Return the gigabytes a replica needs: 1.05·weights + KV·context·concurrency/10⁹.

    `context` is tokens a request, `concurrency` requests in flight on the replica. 1.25·weights,
    an estimate, for a model whose layers or KV heads are unknown. Raises ValueError for negative
    numbers. Method, section 6.
    """
    check("weights_gb", weights_gb, 0)
    check("context", context, 0)
    check("concurrency", concurrency, 0)
    if architecture is None:
        return UNKNOWN_OVERHEAD * weights_gb
    cache_bytes = kv_bytes_per_token(architecture) * context * concurrency
    return WEIGHTS_OVERHEAD * weights_gb + cache_bytes / _BYTES_PER_GB


def usable_gb(vram_gb: float, gpus: int) -> float:
    """Return the gigabytes that n GPUs leave for a model: 0.9·VRAM·n − 2n (section 6).

    Raises ValueError unless `vram_gb` and `gpus` are above 0.
    """
    check_positive("vram_gb", vram_gb)
    check_positive("gpus", gpus)
    return USABLE * vram_gb * gpus - RESERVED_GB * gpus


def gpus_needed(need_gb: float, vram_gb: float) -> int | None:
    """Return the fewest GPUs of 1, 2, 4, 8, 16 with need + 2n ≤ 0.9·VRAM·n; None if none fits.

    Raises ValueError for a negative need and for a VRAM that is not above 0. Section 6.
    """
    check("need_gb", need_gb, 0)
    return next((n for n in GPU_COUNTS if need_gb <= usable_gb(vram_gb, n)), None)


def replica_concurrency(
    weights_gb: float, architecture: Architecture | None, context: float, vram_gb: float, gpus: int
) -> float:
    """Return how many requests a replica's memory carries at once: `need_gb` solved for it.

    0 where not even the weights fit; infinite where a request needs no cache, or one of unknown
    size. Raises ValueError as `need_gb` and `usable_gb` do.
    """
    left = usable_gb(vram_gb, gpus) - need_gb(weights_gb, architecture, context, 0)
    if left < 0:
        return 0.0
    if architecture is None:
        return inf
    each = kv_bytes_per_token(architecture) * context / _BYTES_PER_GB
    return left / each if each > 0 else inf
