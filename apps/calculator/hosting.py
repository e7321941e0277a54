"""The cost page's part on GPUs: the staircase, the same model elsewhere, and its memory."""

from math import isfinite

from apps.calculator import contexts
from apps.common.format import about, count, gigabytes, tokens, usd, usd_tick
from apps.engine import sentences
from apps.engine.engine import Engine
from apps.money.market import Gpu
from apps.money.memory import GPU_COUNTS, WEIGHTS_OVERHEAD
from apps.money.options import Option
from apps.money.outlook.fit import GpuFit, PrecisionFit
from apps.money.outlook.report import Hosting, Report
from apps.money.priced import OnGpus
from apps.plots import Staircase, Step, staircase


def blocks(engine: Engine, found: Report) -> tuple[contexts.HostingBlock, ...]:
    """Return each self-hosted option's staircase, the GPUs compared and the memory."""
    made: list[contexts.HostingBlock] = []
    for one in found.hosting:
        # The memory of a model is told once.
        told = any(block.model == one.part.candidate.name for block in made)
        made.append(_hosting(engine, one, is_told=told))
    return tuple(made)


def _hosting(engine: Engine, one: Hosting, *, is_told: bool) -> contexts.HostingBlock:
    name = sentences.name(engine.rulebook, one.option)
    chosen = next((fit for fit in one.fits if fit.is_chosen), None)
    return contexts.HostingBlock(
        key=one.option.value,
        title=name,
        model=one.part.candidate.name,
        sentence=_capacity(one),
        plot=_stairs_plot(one),
        plot_sentence=_stairs_sentence(one),
        stairs=tuple(
            contexts.StairRow(s.is_today, s.end, s.replicas, s.gpus, s.full, s.usd)
            for s in one.stairs
        ),
        gpus=tuple(_gpu_row(one, gpu, part, chosen) for gpu, part in one.elsewhere),
        fit_sentence=_fit_sentence(one, chosen),
        fit_names=tuple((gpu.name, gpu.vram_gb) for gpu, _ in one.elsewhere),
        fits=tuple(
            contexts.FitRow(
                fit.bits,
                fit.is_chosen,
                fit.weights_gb,
                fit.need_gb,
                tuple(_fits(each) for each in fit.fits),
            )
            for fit in (() if is_told else one.fits)
        ),
    )


def _capacity(one: Hosting) -> str:
    """Return what the stated GPUs can carry: nothing is claimed beyond it."""
    today = next((stair for stair in one.stairs if stair.is_today), None)
    if today is None:
        return ""
    upto = (
        f"up to {about(today.end)} requests a day at this peak, the spare kept apart"
        if isfinite(today.end)
        else "any number of requests of no tokens"
    )
    gpus = one.part.fleet.gpus
    which = "One GPU carries" if gpus == 1 else f"The {count(gpus)} GPUs carry"
    return f"{which} {upto}."


def _stairs_sentence(one: Hosting) -> str:
    return (
        "GPUs come in whole replicas, so the cost rises in steps: GPUs and infrastructure a month "
        f"against requests a day, for {one.part.candidate.name} on {one.part.gpu.name}. People "
        "come on top."
    )


def _stairs_plot(one: Hosting) -> Staircase | None:
    steps = [
        Step(stair.start, stair.end, stair.usd, f"{count(stair.gpus)} GPUs")
        for stair in one.stairs
        if isfinite(stair.end)
    ]
    here = (one.part.volume, f"{about(one.part.volume)} a day")
    return staircase(steps, here, "Requests a day", "US dollars a month", tokens, usd_tick)


def _gpu_row(
    one: Hosting, gpu: Gpu, part: OnGpus | None, chosen: PrecisionFit | None
) -> contexts.GpuRow:
    if part is not None:
        fleet = part.fleet
        return contexts.GpuRow(
            gpu.name,
            part.gpu == one.part.gpu and fleet.gpus_per_replica == one.part.fleet.gpus_per_replica,
            f"{count(fleet.gpus)} ({count(fleet.replicas)} × {count(fleet.gpus_per_replica)})",
            fleet.utilisation,
            part.monthly_usd,
            "",
        )
    fit = next((f for f in chosen.fits if f.gpu.slug == gpu.slug), None) if chosen else None
    hourly = gpu.own_hourly if one.option is Option.SELF_ONPREM else gpu.rent_hourly
    if one.is_picked and gpu != one.part.gpu:
        why = "another GPU was picked"
    elif fit is not None and fit.gpus is None:
        why = f"does not fit: {GPU_COUNTS[-1]} of them are {gigabytes(fit.short_gb)} short"
    elif not hourly:
        why = "its price is not known"
    else:
        why = "nothing was measured on it"
    return contexts.GpuRow(gpu.name, False, "", None, None, why)


def _fit_sentence(one: Hosting, chosen: PrecisionFit | None) -> str:
    """Return why the model takes so many of the GPU, and not fewer or smaller ones."""
    candidate, gpu = one.part.candidate, one.part.gpu
    used = one.part.fleet.gpus_per_replica
    if chosen is None:
        return f"The parameters of {candidate.name} are not known, so its memory is not either."
    rule = f"{WEIGHTS_OVERHEAD:g} × weights and the cache of one request"
    if candidate.cache_of:
        rule += f", an estimate by {candidate.cache_of}, because its own layers are not known"
    fit = next(f for f in chosen.fits if f.gpu.slug == gpu.slug)
    fewer = (
        f" {_half(fit)} would be {gigabytes(fit.short_gb)} short."
        if fit.short_gb is not None and fit.gpus is not None
        else ""
    )
    more = (
        f" It runs on {count(used)}, more than memory asks for: that is "
        "cheaper at this load, because more requests are carried at once."
        if fit.gpus is not None and used > fit.gpus
        else ""
    )
    smaller = [
        part for other, part in one.elsewhere if part is not None and other.vram_gb < gpu.vram_gb
    ]
    why = "".join(
        f" On {part.gpu.name} it would cost {usd(part.monthly_usd)} a month instead of "
        f"{usd(one.part.monthly_usd)}."
        for part in smaller
    )
    leave = "leaves" if fit.gpus == 1 else "leave"
    return (
        f"{candidate.name} at {chosen.bits:g} bits needs {gigabytes(fit.need_gb)} ({rule}); "
        f"{count(fit.gpus)} {gpu.name} {leave} {gigabytes(fit.leaves_gb)} for it.{fewer}{more}{why}"
    )


def _half(fit: GpuFit) -> str:
    return f"{count((fit.gpus or 0) // 2)} of them"


def _fits(fit: GpuFit) -> str:
    if fit.gpus is None:
        return f"{gigabytes(fit.short_gb)} short"
    return count(fit.gpus)
