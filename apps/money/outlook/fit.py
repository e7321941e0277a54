"""Which GPUs hold a model, how many, and why not fewer or smaller ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.money.hosting import held_context
from apps.money.market import Candidate, Gpu
from apps.money.memory import (
    COMMON_BITS,
    GPU_COUNTS,
    gpus_needed,
    need_gb,
    usable_gb,
    weights_gb,
)
from apps.money.needs import RequestSize


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
    candidate: Candidate, gpus: Sequence[Gpu], size: RequestSize
) -> tuple[PrecisionFit, ...]:
    """Return the need and the GPUs at each common precision, and at the one that is served.

    Empty where the parameters are unknown.
    """
    params_b = candidate.params_b
    if params_b is None:
        return ()
    bits = sorted({*COMMON_BITS, candidate.bits}, reverse=True)
    found = []
    for each in bits:
        weights = weights_gb(params_b, each)
        need = need_gb(weights, candidate.architecture, held_context(candidate, size))
        fits = tuple(_fit(need, gpu) for gpu in gpus)
        found.append(PrecisionFit(each, each == candidate.bits, weights, need, fits))
    return tuple(found)


def _fit(need: float, gpu: Gpu) -> GpuFit:
    gpus = gpus_needed(need, gpu.vram_gb)
    if gpus is None:
        most = usable_gb(gpu.vram_gb, GPU_COUNTS[-1])
        return GpuFit(gpu, None, most, need - most)
    place = GPU_COUNTS.index(gpus)
    short = need - usable_gb(gpu.vram_gb, GPU_COUNTS[place - 1]) if place else None
    return GpuFit(gpu, gpus, usable_gb(gpu.vram_gb, gpus), short)
