"""Which GPUs hold a model, how many, and why not fewer or smaller ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.money.hosting import Size
from apps.money.market import Candidate, Gpu
from apps.money.memory import (
    GPU_COUNTS,
    gpus_needed,
    kv_bytes_per_token,
    need_gb,
    need_gb_unknown_architecture,
    usable_gb,
    weights_gb,
)

# Common precisions, in bits a weight; the one that a model is served at is shown as well.
BITS = (16.0, 8.0, 4.0)


@dataclass(frozen=True, slots=True)
class GpuFit:
    """How many of a GPU hold one replica (None: 16 are too few), in decimal gigabytes.

    `leaves_gb` is what they leave for the model; `short_gb` is what the next smaller number lacks,
    or 16 where none fits; None where a single one is enough.
    """

    gpu: Gpu
    gpus: int | None
    leaves_gb: float
    short_gb: float | None


@dataclass(frozen=True, slots=True)
class PrecisionFit:
    """A model at so many bits a weight, with one request in its memory."""

    bits: float
    is_chosen: bool
    weights_gb: float
    need_gb: float
    fits: tuple[GpuFit, ...]


def precision_fits(
    candidate: Candidate, gpus: Sequence[Gpu], size: Size
) -> tuple[PrecisionFit, ...]:
    """Return the need and the GPUs at each precision; empty where the parameters are unknown."""
    params_b = candidate.params_b
    if params_b is None:
        return ()
    bits = sorted({*BITS, candidate.bits}, reverse=True)
    found = []
    for each in bits:
        need = replica_need_gb(candidate, each, size)
        fits = tuple(_fit(need, gpu) for gpu in gpus)
        weights = weights_gb(params_b, each)
        found.append(PrecisionFit(each, each == candidate.bits, weights, need, fits))
    return tuple(found)


def replica_need_gb(candidate: Candidate, bits: float, size: Size) -> float:
    """Return the gigabytes of the weights with one request (1.25 × weights where not known).

    Raises ValueError where the parameters are unknown. Method, section 6.
    """
    if candidate.params_b is None:
        raise ValueError("a model of unknown size has no known need")
    weights = weights_gb(candidate.params_b, bits)
    if candidate.architecture is None:
        return need_gb_unknown_architecture(weights)
    context = min(size.context, candidate.context_tokens or size.context)
    return need_gb(weights, kv_bytes_per_token(candidate.architecture), context, 1)


def _fit(need: float, gpu: Gpu) -> GpuFit:
    gpus = gpus_needed(need, gpu.vram_gb)
    if gpus is None:
        most = usable_gb(gpu.vram_gb, GPU_COUNTS[-1])
        return GpuFit(gpu, None, most, need - most)
    place = GPU_COUNTS.index(gpus)
    short = need - usable_gb(gpu.vram_gb, GPU_COUNTS[place - 1]) if place else None
    return GpuFit(gpu, gpus, usable_gb(gpu.vram_gb, gpus), short)
