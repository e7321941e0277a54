"""The hardware that a model needs to be run by oneself, at common precisions."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.catalog.models import Gpu, Model
from apps.catalog.sizing import TOKENS, ModelSize, size_need_gb
from apps.common.format import count
from apps.money.memory import (
    COMMON_BITS,
    GPU_COUNTS,
    RESERVED_GB,
    UNKNOWN_OVERHEAD,
    USABLE,
    WEIGHTS_OVERHEAD,
    gpus_needed,
    kv_bytes_per_token,
    weights_gb,
)


@dataclass(frozen=True, slots=True)
class Precision:
    """The memory at a precision in decimal gigabytes, and how many of each GPU hold it."""

    bits: float
    is_served: bool
    weights_gb: float
    need_gb: float
    gpus: tuple[int | None, ...]  # None where 16 are too few


@dataclass(frozen=True, slots=True)
class Hardware:
    """The needs at each precision, with the formula in words."""

    gpus: tuple[str, ...]
    precisions: tuple[Precision, ...]
    formula: str
    estimated: bool


def hardware(model: Model, gpus: Iterable[Gpu]) -> Hardware | None:
    """Return what a model needs; None where its parameters are unknown or not to be had."""
    size, kinds = ModelSize.of(model), list(gpus)
    if size.params_b is None:
        return None
    bits = sorted({*COMMON_BITS, size.served_bits or COMMON_BITS[0]}, reverse=True)
    return Hardware(
        gpus=tuple(f"{gpu.name}, {gpu.vram_gb:g} GB" for gpu in kinds),
        precisions=tuple(
            _precision(size, each, weights_gb(size.params_b, each), kinds) for each in bits
        ),
        formula=_formula(size),
        estimated=size.architecture is None,
    )


def _precision(size: ModelSize, bits: float, weights: float, gpus: Iterable[Gpu]) -> Precision:
    need = size_need_gb(size, bits) or weights
    return Precision(
        bits=bits,
        is_served=bits == size.served_bits,
        weights_gb=weights,
        need_gb=need,
        gpus=tuple(gpus_needed(need, gpu.vram_gb) for gpu in gpus),
    )


def _formula(size: ModelSize) -> str:
    weights = f"Weights = {size.params_b:g} billion parameters × bits ÷ 8."
    *fewer, most = GPU_COUNTS
    fits = (
        f"n GPUs hold it if memory + {RESERVED_GB:g} n ≤ {USABLE:g} × memory of a GPU × n, for n "
        f"of {', '.join(map(str, fewer))} or {most}."
    )
    if size.architecture is None:
        return (
            f"{weights} Memory = {UNKNOWN_OVERHEAD:g} × weights: an estimate, because the layers "
            f"or KV heads are not known. {fits}"
        )
    each = count(kv_bytes_per_token(size.architecture))
    return (
        f"{weights} Memory = {WEIGHTS_OVERHEAD:g} × weights + {each} bytes of cache a token × "
        f"{count(TOKENS)} tokens, for one request at a time. {fits} The cache is an upper bound "
        "for models with sliding windows."
    )
