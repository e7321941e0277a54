"""Which GPUs hold a model, how many, and why not fewer or smaller ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.money.hosting import held_context
from apps.money.market import Candidate, Gpu
from apps.money.memory import COMMON_BITS, GPU_COUNTS, Load, gpus_needed, usable_gb
from apps.money.needs import RequestSize


@dataclass(frozen=True, slots=True)
class GpuFit:
    """How many of a GPU hold one replica (None: 16 are too few), in decimal gigabytes.

    `need_gb` is what the model needs on that number, `leaves_gb` what they leave for it; `short_gb`
    is what the next smaller number lacks, or 16 where none fits; None where a single one is enough.
    """

    gpu: Gpu
    gpus: int | None
    need_gb: float
    leaves_gb: float
    short_gb: float | None


@dataclass(frozen=True, slots=True)
class PrecisionFit:
    """A model at so many bits a weight, with one request in its memory; `need_gb` on one GPU."""

    bits: float
    is_chosen: bool
    weights_gb: float
    need_gb: float
    fits: tuple[GpuFit, ...]


def precision_fits(
    candidate: Candidate, gpus: Sequence[Gpu], size: RequestSize
) -> tuple[PrecisionFit, ...]:
    """Return the need and the GPUs at each common precision, and at the one that is served.

    Empty where the parameters or what a request takes are unknown.
    """
    if candidate.architecture is None:
        return ()
    found = []
    for bits in sorted({*COMMON_BITS, candidate.bits}, reverse=True):
        weights = candidate.weights_gb(bits)
        if weights is None:
            return ()
        load = Load(weights, candidate.architecture, held_context(candidate, size))
        fits = tuple(_fit(load, gpu) for gpu in gpus)
        found.append(PrecisionFit(bits, bits == candidate.bits, weights, load.need_gb(), fits))
    return tuple(found)


def _fit(load: Load, gpu: Gpu) -> GpuFit:
    gpus = gpus_needed(load, gpu.vram_gb)
    if gpus is None:
        most = GPU_COUNTS[-1]
        leaves = usable_gb(gpu.vram_gb, most)
        return GpuFit(gpu, None, load.need_gb(most), leaves, load.need_gb(most) - leaves)
    place = GPU_COUNTS.index(gpus)
    fewer = GPU_COUNTS[place - 1]
    short = load.need_gb(fewer) - usable_gb(gpu.vram_gb, fewer) if place else None
    return GpuFit(gpu, gpus, load.need_gb(gpus), usable_gb(gpu.vram_gb, gpus), short)
