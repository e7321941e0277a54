"""The cost page below the panel: what the month is made of, GPUs, levers, months and regret."""

from collections.abc import Mapping, Sequence
from math import isfinite

from apps.common.format import about, count, gigabytes, tokens, usd, usd_tick
from apps.common.plots import Stack, Staircase, Step, Tornado, stacked, staircase, tornado
from apps.common.plots import Swing as Bar
from apps.decision.market import Gpu
from apps.decision.outlook.fit import GpuFit, PrecisionFit
from apps.decision.outlook.levers import TIER, TOKENS_IN, TOKENS_OUT, VOLUME, End, Swing
from apps.decision.outlook.report import Hosting, Report
from apps.decision.outlook.totals import HORIZONS, Total, month
from apps.decision.pricing import Grade, Moves, Priced, Pricer, Role
from apps.decision.rulebook import Rulebook
from apps.decision.vocabulary import OPTIONS, Option
from apps.wizard import sentences
from apps.wizard.calculator import pages
from apps.wizard.engine import Engine

# The parts of a month, in the order of `Parts`.
PARTS = ("Tokens", "GPUs", "Infrastructure", "People", "Set-up")
_ROLES = {Role.ALL: "All requests", Role.HARD: "The hard part", Role.REST: "The rest"}
_LEVERS = {
    VOLUME: "Requests a day",
    TOKENS_IN: "Tokens in",
    TOKENS_OUT: "Tokens out",
    TIER: "Capability tier",
    Moves.TOKEN_PRICE: "Price of tokens",
    Moves.GPU_PRICE: "Price of GPUs",
    Moves.PEOPLE: "People",
}
_WORDS = {0.1: "A tenth", 1.0: "As planned", 10.0: "Ten times"}


def breakdown(now: Engine, found: Report) -> tuple[pages.BreakdownRow, ...]:
    """Return what each option's expected month is made of, set-up apart."""
    return tuple(
        pages.BreakdownRow(
            name=sentences.name(now.rulebook, price.option),
            group=price.option.group.value,
            parts=month(price).all[:-1],
            total=price.expected,
            how=tuple(_how(part) for part in price.parts),
        )
        for price in found.prices
    )


def _how(part: Priced) -> str:
    """Return how the amount of one model is computed."""
    role = f"{_ROLES[part.role]}: {part.candidate.name}"
    if part.offer is not None:
        price = part.offer.price
        cached = (
            f", {usd(price.cached)} cached"
            if price.cached is not None
            else ", no cached price known"
        )
        batch = (
            f", {usd(price.batch_input)} and {usd(price.batch_output)} in batches"
            if price.batch_input is not None
            else ""
        )
        steps = "".join(
            f"; for prompts above {count(step.above_tokens)} tokens {usd(step.input)} in, "
            f"{usd(step.output)} out"
            for step in price.steps
        )
        return (
            f"{role} at {part.offer.host}: a million tokens are {usd(price.input)} in, "
            f"{usd(price.output)} out{cached}{batch}{steps}. {about(part.volume)} requests a day × "
            f"365/12 × {usd(part.request_usd)} a request, retries included."
        )
    if part.gpu is None or part.profile is None:
        return f"{role}."
    speed = (
        f"speed as measured ({part.profile.slug})"
        if part.grade is Grade.MEASURED
        else f"speed estimated from {part.profile.slug} × {part.scale:.3g}"
    )
    return (
        f"{role}, {count(part.gpus)} {part.gpu.name} × {usd(part.hourly)} an hour × 730 hours, and "
        f"infrastructure on top; {speed}."
    )


def hosting(now: Engine, found: Report) -> tuple[pages.HostingBlock, ...]:
    """Return each self-hosted option's staircase, the GPUs compared and the memory."""
    blocks: list[pages.HostingBlock] = []
    for one in found.hosting:
        # The memory of a model is told once.
        told = any(block.model == one.part.candidate.name for block in blocks)
        blocks.append(_hosting(now, one, is_told=told))
    return tuple(blocks)


def _hosting(now: Engine, one: Hosting, *, is_told: bool) -> pages.HostingBlock:
    name = sentences.name(now.rulebook, one.option)
    chosen = next((fit for fit in one.fits if fit.is_chosen), None)
    return pages.HostingBlock(
        key=one.option.value,
        title=name,
        model=one.part.candidate.name,
        sentence=_capacity(one),
        plot=_stairs_plot(one),
        plot_sentence=_stairs_sentence(one),
        stairs=tuple(
            pages.StairRow(s.is_today, s.start, s.end, s.replicas, s.gpus, s.full, s.usd)
            for s in one.stairs
        ),
        gpus=tuple(_gpu_row(one, gpu, part, chosen) for gpu, part in one.elsewhere),
        fit_sentence=_fit_sentence(one, chosen),
        fit_names=tuple((gpu.name, gpu.vram_gb) for gpu, _ in one.elsewhere),
        fits=tuple(
            pages.FitRow(
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
        f"carry up to {about(today.end)} requests a day at this peak, the spare kept apart"
        if isfinite(today.end)
        else "carry any number of requests of no tokens"
    )
    return f"The {count(one.part.gpus)} GPUs {upto}."


def _stairs_sentence(one: Hosting) -> str:
    return (
        "GPUs come in whole replicas, so the cost rises in steps: GPUs and infrastructure a month "
        f"against requests a day, for {one.part.candidate.name} on {_gpu_name(one)}. People come "
        "on top."
    )


def _gpu_name(one: Hosting) -> str:
    return one.part.gpu.name if one.part.gpu else ""


def _stairs_plot(one: Hosting) -> Staircase | None:
    steps = [
        Step(stair.start, stair.end, stair.usd, f"{count(stair.gpus)} GPUs")
        for stair in one.stairs
        if isfinite(stair.end)
    ]
    here = (one.part.volume, f"{about(one.part.volume)} a day")
    return staircase(steps, here, "Requests a day", "US dollars a month", tokens, usd_tick)


def _gpu_row(
    one: Hosting, gpu: Gpu, part: Priced | None, chosen: PrecisionFit | None
) -> pages.GpuRow:
    if part is not None:
        return pages.GpuRow(
            gpu.name,
            part.gpu == one.part.gpu and part.gpus_per_replica == one.part.gpus_per_replica,
            f"{count(part.gpus)} ({count(part.replicas)} × {count(part.gpus_per_replica)})",
            part.utilisation,
            part.monthly_usd,
            "",
        )
    fit = next((f for f in chosen.fits if f.gpu.slug == gpu.slug), None) if chosen else None
    hourly = gpu.own_hourly if one.option is Option.SELF_ONPREM else gpu.rent_hourly
    if fit is not None and fit.gpus is None:
        why = f"does not fit: 16 of them are {gigabytes(fit.short_gb)} short"
    elif not hourly:
        why = "its price is not known"
    else:
        why = "nothing was measured on it, or another GPU was picked"
    return pages.GpuRow(gpu.name, False, "", None, None, why)


def _fit_sentence(one: Hosting, chosen: PrecisionFit | None) -> str:
    """Return why the model takes so many of the GPU, and not fewer or smaller ones."""
    candidate, gpu = one.part.candidate, one.part.gpu
    if chosen is None or gpu is None:
        return f"The parameters of {candidate.name} are not known, so its memory is not either."
    known = candidate.architecture is not None
    rule = (
        "1.05 × weights and the cache of one request"
        if known
        else "1.25 × weights, an estimate, because its layers or KV heads are not known"
    )
    fit = next(f for f in chosen.fits if f.gpu.slug == gpu.slug)
    fewer = (
        f" {_half(fit)} would be {gigabytes(fit.short_gb)} short."
        if fit.short_gb is not None and fit.gpus is not None
        else ""
    )
    more = (
        f" It runs on {count(one.part.gpus_per_replica)}, more than memory asks for: that is "
        "cheaper at this load, because more requests are carried at once."
        if fit.gpus is not None and one.part.gpus_per_replica > fit.gpus
        else ""
    )
    smaller = [
        part for other, part in one.elsewhere if part is not None and other.vram_gb < gpu.vram_gb
    ]
    why = "".join(
        f" On {part.gpu.name} it would cost {usd(part.monthly_usd)} a month instead of "
        f"{usd(one.part.monthly_usd)}."
        for part in smaller
        if part.gpu is not None
    )
    return (
        f"{candidate.name} at {chosen.bits:g} bits needs {gigabytes(chosen.need_gb)} ({rule}); "
        f"{count(fit.gpus)} {gpu.name} leave {gigabytes(fit.leaves_gb)} for it.{fewer}{more}{why}"
    )


def _half(fit: GpuFit) -> str:
    return f"{count((fit.gpus or 0) // 2)} of them"


def _fits(fit: GpuFit) -> str:
    if fit.gpus is None:
        return f"{gigabytes(fit.short_gb)} short"
    return count(fit.gpus)


def levers(
    now: Engine, found: Report
) -> tuple[str, str, Tornado | None, tuple[pages.LeverRow, ...]]:
    """Return title, sentence, picture and table of what moves an option's cost most."""
    if found.focus is None:
        return ("", "None of the options can be priced.", None, ())
    price, name = found.price(found.focus), sentences.name(now.rulebook, found.focus)
    rows = tuple(_lever(now, swing) for swing in found.swings)
    bars = [Bar(row.name, row.low_value, row.high_value, row.low_usd, row.high_usd) for row in rows]
    sentence = (
        "Each input alone at half and at twice what it is, within its range; a share of 0 is "
        "tried at 0.5, the tier and the spare replicas one lower and one higher. Now: "
        f"{usd(price.expected)} a month."
    )
    plot = tornado(bars, price.expected, f"now {usd(price.expected)}", usd_tick)
    return (f"What moves the cost of {name} most", sentence, plot, rows)


def _lever(now: Engine, swing: Swing) -> pages.LeverRow:
    name = _LEVERS.get(swing.key) or label(now.rulebook, swing.key)
    return pages.LeverRow(
        name=name,
        low_value=_value(swing.key, swing.low),
        low_usd=swing.low.usd,
        low_cheapest=_cheapest(now, swing.low),
        high_value=_value(swing.key, swing.high),
        high_usd=swing.high.usd,
        high_cheapest=_cheapest(now, swing.high),
    )


def label(rulebook: Rulebook, key: str) -> str:
    """Return what the pages call an assumption."""
    return next(row.label for row in rulebook.assumptions if row.key == key)


def _value(key: str, end: End) -> str:
    if key in {Moves.TOKEN_PRICE, Moves.GPU_PRICE, Moves.PEOPLE}:
        return "½×" if end.value < 1 else "2×"
    if key in {VOLUME, TOKENS_IN, TOKENS_OUT}:
        return about(end.value)
    return f"{end.value:.3g}"


def _cheapest(now: Engine, end: End) -> str:
    return "" if end.cheapest is None else sentences.name(now.rulebook, end.cheapest)


def totals(now: Engine, found: Report) -> tuple[pages.TotalBlock, ...]:
    """Return what each option comes to over each horizon."""
    return tuple(
        _total_block(
            now, months, [total for total in found.totals if total.months == months], found.among
        )
        for months in HORIZONS
    )


def _total_block(
    now: Engine, months: int, of: Sequence[Total], among: Sequence[Option]
) -> pages.TotalBlock:
    named = [(total, sentences.name(now.rulebook, total.option)) for total in of]
    known = [
        (total.parts.total, name)
        for total, name in named
        if total.option in among and isfinite(total.parts.total)
    ]
    least = min(known, default=None)
    sentence = (
        f"Over {months} months {least[1]} is cheapest with {usd(least[0])}, if the last month has "
        f"{about(of[0].last_volume)} requests a day."
        if least
        else "None of the options can be priced."
    )
    stacks = [
        Stack(name, total.option.group.value.lower(), total.parts.all, usd(total.parts.total))
        for total, name in named
        if isfinite(total.parts.total)
    ]
    return pages.TotalBlock(
        key=f"totals-{months}",
        months=months,
        sentence=sentence,
        plot=stacked(stacks, PARTS, usd_tick),
        rows=tuple(
            pages.TotalRow(name, total.option.group.value, total.parts.all, total.parts.total)
            for total, name in named
        ),
    )


def totals_note(pricer: Pricer) -> str:
    """Return what the months are made of."""
    growth = pricer.assumptions.growth
    grows = f"Requests grow by {growth:.1%} a month" if growth else "Requests stay as they are"
    return (
        f"{grows}. Each month is priced anew: GPUs for that month’s peak, the cheapest suitable "
        "model, and the token prices that are announced for it; what is not announced stays as it "
        "is. Set-up is the work before the first day, paid once."
    )


def regret(
    now: Engine, found: Report, out: Mapping[Option, str]
) -> tuple[tuple[tuple[str, float, str], ...], tuple[pages.RegretRow, ...], str]:
    """Return columns, rows and sentence of what a wrong choice costs."""
    columns = tuple(
        (
            _WORDS[column.scale],
            column.volume,
            sentences.name(now.rulebook, column.cheapest) if column.cheapest else "",
        )
        for column in found.regret.columns
    )
    rows = tuple(
        pages.RegretRow(
            name=sentences.name(now.rulebook, row.option),
            group=row.option.group.value,
            ruled_out=out.get(row.option, ""),
            cells=tuple((cell.usd, cell.regret) for cell in row.cells),
            most=row.most,
        )
        for row in found.regret.rows
    )
    known = [
        (row.most, row.option)
        for row in found.regret.rows
        if row.option in found.among and isfinite(row.most)
    ]
    if not known:
        return columns, rows, "None of the options can be priced."
    most, option = min(known, key=lambda pair: (pair[0], OPTIONS.index(pair[1])))
    name = sentences.name(now.rulebook, option)
    return (
        columns,
        rows,
        f"{name} risks least: at worst it costs {usd(most)} a month more than the cheapest option "
        "at one of these volumes."
        if most > 0
        else f"{name} is cheapest at all three volumes.",
    )
