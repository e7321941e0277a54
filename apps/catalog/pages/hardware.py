"""The hardware that a model needs to be run by oneself, at common precisions."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.catalog.models import Gpu, Model
from apps.catalog.sizing import TOKENS, ModelSize, known_architectures
from apps.common.format import count
from apps.money.memory import (
    COMMON_BITS,
    GPU_COUNTS,
    RESERVED_GB,
    USABLE,
    WEIGHTS_OVERHEAD,
    Load,
    gpus_needed,
    kv_bytes_per_token,
)


@dataclass(frozen=True, slots=True)
class Precision:
    """The memory at a precision in decimal gigabytes."""

    bits: float
    is_served: bool
    weights_gb: float
    need_gb: float


@dataclass(frozen=True, slots=True)
class GpuRow:
    """How many of a kind of GPU hold each precision; None where 16 are too few."""

    name: str
    numbers: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Hardware:
    """The needs at each precision and on each GPU, with the formula in words."""

    gpus: tuple[GpuRow, ...]
    precisions: tuple[Precision, ...]
    formula: str
    estimated: bool


def hardware(model: Model, gpus: Iterable[Gpu]) -> Hardware | None:
    """Return what a model needs; None where its parameters are unknown or not to be had."""
    size = _size(model)
    bits = sorted({*COMMON_BITS, size.served_bits or COMMON_BITS[0]}, reverse=True)
    loads = {each: load for each in bits if (load := size.load(each)) is not None}
    if not loads:
        return None
    return Hardware(
        gpus=tuple(_gpu_row(gpu, loads.values()) for gpu in gpus),
        precisions=tuple(_precision(size, each, load) for each, load in loads.items()),
        formula=_formula(size),
        estimated=bool(size.cache_of),
    )


def _size(model: Model) -> ModelSize:
    """Return a model's size; the others are read only where one of them must stand in."""
    is_known = model.layers is not None or not model.is_open
    others = () if is_known else known_architectures(Model.objects.with_architecture())
    return ModelSize.of(model, others)


def _gpu_row(gpu: Gpu, loads: Iterable[Load]) -> GpuRow:
    numbers = tuple(gpus_needed(load, gpu.vram_gb) for load in loads)
    return GpuRow(f"{gpu.name}, {gpu.vram_gb:g} GB", numbers)


def _precision(size: ModelSize, bits: float, load: Load) -> Precision:
    return Precision(
        bits=bits,
        is_served=bits == size.served_bits,
        weights_gb=load.weights_gb,
        need_gb=load.need_gb(),
    )


def _formula(size: ModelSize) -> str:
    *fewer, most = GPU_COUNTS
    return (
        f"Weights = {size.params_b:g} billion parameters × bits ÷ 8{_published(size)}. "
        f"Memory on one GPU = {WEIGHTS_OVERHEAD:g} × weights + {_cache(size)}, for one request of "
        f"{count(TOKENS)} tokens. n GPUs hold it if memory + {RESERVED_GB:g} n ≤ {USABLE:g} × "
        f"memory of a GPU × n, for n of {', '.join(map(str, fewer))} or {most}."
    )


def _published(size: ModelSize) -> str:
    if size.published_gb is None:
        return ""
    return f", and as published at {size.served_bits:g} bits"


def _cache(size: ModelSize) -> str:
    """Return what a request adds to the weights, and what its number rests on."""
    architecture = size.architecture
    if architecture is None:
        return "an unknown cache"
    each = f"{count(kv_bytes_per_token(architecture))} bytes of cache a token"
    if architecture.window_layers:
        each += (
            f" ({architecture.window_layers} of {architecture.layers} layers keep the last "
            f"{count(architecture.window)} tokens only)"
        )
    heads = architecture.kv_heads
    copies = f", n/{heads} times on more than {heads} GPUs" if heads > 1 else ", n times on n GPUs"
    if not size.cache_of:
        return each + copies
    return f"{each}{copies} (an estimate: its layers are not known, those of {size.cache_of} are)"
