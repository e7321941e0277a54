"""The cost page below the panel: what the month is made of, levers, months and regret."""

import math
from collections.abc import Mapping, Sequence
from typing import assert_never

from apps.calculator import contexts
from apps.common.format import about, count, day, requests, usd, usd_tick
from apps.decision.rulebook import Rulebook
from apps.engine import sentences
from apps.engine.engine import Engine
from apps.engine.labels import PARTS, ROLES
from apps.money.hosting import WRITE_OFF_MONTHS, Grade
from apps.money.options import OPTIONS, Option
from apps.money.outlook.levers import NEED, TOKENS_IN, TOKENS_OUT, VOLUME, End, Swing
from apps.money.outlook.regret import Column
from apps.money.outlook.report import Report
from apps.money.outlook.totals import HORIZONS, Total, month
from apps.money.priced import Moves, OnApi, OnDevices, OnGpus, Priced
from apps.money.pricing import Pricer
from apps.money.workload import HOURS_PER_MONTH
from apps.plots import Stack, stacked, tornado
from apps.plots import Swing as Bar

_PARTS = tuple(PARTS.values())
_LEVERS = {
    VOLUME: "Requests a day",
    TOKENS_IN: "Tokens in",
    TOKENS_OUT: "Tokens out",
    NEED: "Capability (ECI)",
    Moves.TOKEN_PRICE: "Price of tokens",
    Moves.GPU_PRICE: "Price of GPUs",
    Moves.PEOPLE: "People",
}
_WORDS = {0.1: "A tenth", 1.0: "As planned", 10.0: "Ten times"}


def breakdown(engine: Engine, found: Report) -> contexts.BreakdownBlock:
    """Return what each option's expected month is made of, set-up apart."""
    rows = tuple(
        contexts.BreakdownRow(
            name=sentences.name(engine.rulebook, price.option),
            group=price.option.group.value,
            parts=month(price).all[:-1],
            total=price.expected,
            how=tuple(_how(part) for part in price.parts),
        )
        for price in found.prices
    )
    return contexts.BreakdownBlock(_PARTS[:-1], rows)


def _how(part: Priced) -> str:
    """Return how the amount of one model is computed."""
    role = f"{ROLES[part.role].head}: {part.candidate.name}"
    match part:
        case OnApi():
            return f"{role} at {_how_on_api(part)}"
        case OnGpus():
            return f"{role}, {_how_on_gpus(part)}"
        case OnDevices():
            return f"{role} on {_how_on_devices(part)}"
        case _:
            assert_never(part)


def _how_on_api(part: OnApi) -> str:
    price = part.offer.price
    cached = (
        f", {usd(price.cached)} cached" if price.cached is not None else ", no cached price known"
    )
    batch = (
        f", {usd(price.batch_input)} and {usd(price.batch_output)} in batches"
        if price.batch_input is not None
        else ""
        if price.sells_batches
        else ", no discount for batches known"
    )
    steps = "".join(
        f"; for prompts above {count(step.above_tokens)} tokens {usd(step.input)} in, "
        f"{usd(step.output)} out"
        for step in price.steps
    )
    return (
        f"{part.offer.host}: a million tokens are {usd(price.input)} in, "
        f"{usd(price.output)} out{cached}{batch}{steps}. {requests(part.volume)} a day × "
        f"365/12 × {usd(part.request_usd)} a request, retries included. Prices: "
        f"{part.offer.source}, {day(part.offer.as_of)}."
    )


def _how_on_gpus(part: OnGpus) -> str:
    deployed = part.deployment.model
    speed = (
        f"speed as measured ({deployed.profile.slug})"
        if part.grade is Grade.MEASURED
        else f"speed estimated from {deployed.profile.slug}"
    )
    return (
        f"{count(part.fleet.gpus)} {part.gpu.name} × {usd(part.deployment.hourly)} an hour × "
        f"{HOURS_PER_MONTH} hours, and infrastructure on top; {speed}, from "
        f"{deployed.profile.source}. The price of an hour is an assumption."
    )


def _how_on_devices(part: OnDevices) -> str:
    device = part.device
    return (
        f"{count(part.devices)} × {device.name}: {usd(device.price_usd)} over {WRITE_OFF_MONTHS} "
        f"months, and {usd(part.power_usd)} a month of power. Price: {device.source}, "
        f"{day(device.as_of)}."
    )


def levers(engine: Engine, found: Report) -> contexts.LeversBlock:
    """Return title, sentence, picture and table of what moves an option's cost most."""
    if found.focus is None:
        sentence = "None of the options can be priced."
        return contexts.LeversBlock("What moves the cost most", sentence, None, ())
    price, name = found.price(found.focus), sentences.name(engine.rulebook, found.focus)
    rows = tuple(_lever(engine, swing) for swing in found.swings)
    bars = [Bar(row.name, row.low_value, row.high_value, row.low_usd, row.high_usd) for row in rows]
    sentence = (
        "Each input alone at half and at twice what it is, within its range; a share of 0 is "
        "tried at 0.5, capability 5 points and the spare replicas one lower and higher. Now: "
        f"{usd(price.expected)} a month."
    )
    plot = tornado(bars, price.expected, f"now {usd(price.expected)}", usd_tick)
    return contexts.LeversBlock(f"What moves the cost of {name} most", sentence, plot, rows)


def _lever(engine: Engine, swing: Swing) -> contexts.LeverRow:
    name = _LEVERS.get(swing.key) or label(engine.rulebook, swing.key)
    return contexts.LeverRow(
        name=name,
        low_value=_value(swing.key, swing.low),
        low_usd=swing.low.usd,
        low_cheapest=_cheapest(engine, swing.low),
        high_value=_value(swing.key, swing.high),
        high_usd=swing.high.usd,
        high_cheapest=_cheapest(engine, swing.high),
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


def _cheapest(engine: Engine, end: End) -> str:
    return "" if end.cheapest is None else sentences.name(engine.rulebook, end.cheapest)


def totals(engine: Engine, found: Report, pricer: Pricer) -> contexts.TotalsBlock:
    """Return what each option comes to over each horizon."""
    horizons = tuple(
        _horizon(
            engine, months, [total for total in found.totals if total.months == months], found.among
        )
        for months in HORIZONS
    )
    return contexts.TotalsBlock(_totals_note(pricer), _PARTS, horizons)


def _horizon(
    engine: Engine, months: int, of: Sequence[Total], among: Sequence[Option]
) -> contexts.HorizonBlock:
    named = [(total, sentences.name(engine.rulebook, total.option)) for total in of]
    known = [
        (total.parts.total, name)
        for total, name in named
        if total.option in among and math.isfinite(total.parts.total)
    ]
    least = min(known, default=None)
    sentence = (
        f"Over {months} months {least[1]} {'is cheapest with' if len(known) > 1 else 'costs'} "
        f"{usd(least[0])}, if the last month has {requests(round(of[0].last_volume))} a day."
        if least
        else "None of the options can be priced."
    )
    stacks = [
        Stack(name, total.option.group.value.lower(), total.parts.all, usd(total.parts.total))
        for total, name in named
        if math.isfinite(total.parts.total)
    ]
    return contexts.HorizonBlock(
        key=f"totals-{months}",
        months=months,
        sentence=sentence,
        plot=stacked(stacks, _PARTS, usd_tick),
        rows=tuple(
            contexts.TotalRow(name, total.option.group.value, total.parts.all, total.parts.total)
            for total, name in named
        ),
    )


def _totals_note(pricer: Pricer) -> str:
    growth = pricer.assumptions.growth
    grows = f"Requests grow by {growth:.1%} a month" if growth else "Requests stay as they are"
    return (
        f"{grows}. Each month is priced anew: GPUs for that month’s peak, the model that stands at "
        "its volume, and the token prices that are announced for it; what is not announced stays "
        "as it is. Set-up is the work before the first day, paid once."
    )


def _scale(found: Report, column: Column) -> str:
    """Return what a volume is to the one planned, which may lie at the end of what is taken."""
    if math.isclose(column.volume, found.needs.volume * column.scale):
        return _WORDS[column.scale]
    return "The least that is taken" if column.scale < 1 else "The most that is taken"


def regret(engine: Engine, found: Report, left_out: Mapping[Option, str]) -> contexts.RegretBlock:
    """Return what a wrong choice costs at each volume; `left_out` says what is not compared."""
    columns = tuple(
        contexts.RegretColumn(_scale(found, column), column.volume)
        for column in found.regret.columns
    )
    rows = tuple(
        contexts.RegretRow(
            name=sentences.name(engine.rulebook, row.option),
            group=row.option.group.value,
            left_out=left_out.get(row.option, ""),
            cells=tuple(
                (cell.usd, cell.regret if math.isfinite(cell.regret) else None)
                for cell in row.cells
            ),
            most=row.most,
        )
        for row in found.regret.rows
    )
    return contexts.RegretBlock(_least_risk(engine, found), columns, rows)


def _least_risk(engine: Engine, found: Report) -> str:
    known = [
        (row.most, row.option)
        for row in found.regret.rows
        if row.option in found.among and math.isfinite(row.most)
    ]
    if not known:
        return "None of the options can be priced."
    most, option = min(known, key=lambda pair: (pair[0], OPTIONS.index(pair[1])))
    name = sentences.name(engine.rulebook, option)
    if len(known) == 1:
        return f"{name} is the only option that is left to compare."
    if most == 0:
        return f"{name} is cheapest at all three volumes."
    return (
        f"{name} risks least: at worst it costs {usd(most)} a month more than the cheapest option "
        "at one of these volumes."
    )
