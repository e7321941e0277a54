"""The cost page for programs: the same report, unrounded, with the words of the page beside it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, assert_never

from apps.calculator import formulas
from apps.calculator.build import compute, out_of
from apps.calculator.query import CostQuery
from apps.common.format import usd
from apps.common.json import finite
from apps.decision.address import Problem
from apps.engine import sentences
from apps.engine.documents import version_of
from apps.engine.engine import Engine
from apps.engine.labels import MOVES, PARTS
from apps.engine.money_panel import compared, workload
from apps.money.hosting import Grade
from apps.money.outlook.curve import Crossing
from apps.money.outlook.levers import Swing
from apps.money.outlook.regret import Regret
from apps.money.outlook.report import Hosting, Report
from apps.money.outlook.totals import Total
from apps.money.priced import OnApi, OnDevices, OnGpus, OptionPrice, Priced


def problems_document(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return what was wrong, by field."""
    return {"errors": {problem.key: problem.message for problem in problems}}


def document(engine: Engine, query: CostQuery, asked: formulas.FormulaQuery) -> dict[str, Any]:
    """Return the report and the formulas' parts; amounts are US dollars, shares 0 to 1."""
    found, rulebook = compute(engine, query), engine.rulebook
    return {
        "rulebook": version_of(rulebook),
        "at": engine.market.as_of.isoformat(),
        "inputs": dict(query.pairs(rulebook)),
        "workload": _workload(engine, query, found),
        **formulas.parts(engine, query, asked),
        "options": [_option(engine, query, price) for price in found.prices],
        "cheapest": found.cheapest.value if found.cheapest else None,
        "curve": [
            {
                "volume": point.volume,
                "monthly_usd": {price.option.value: _band(price) for price in point.prices},
            }
            for point in found.curve
        ],
        "break_evens": [_break_even(crossing) for crossing in found.crossings],
        "gpus": [_hosting(one) for one in found.hosting],
        "moves_most": {
            "option": found.focus.value if found.focus else None,
            "inputs": [_swing(swing) for swing in found.swings],
        },
        "totals": [_total(total) for total in found.totals],
        "regret": _regret(found.regret),
    }


def _workload(engine: Engine, query: CostQuery, found: Report) -> dict[str, Any]:
    pricer, needs = engine.pricer(query.answers), found.needs
    return {
        "volume": needs.volume,
        "tokens_in": needs.size.tokens_in,
        "tokens_out": needs.size.tokens_out,
        "peak": pricer.peak(needs),
        "modality": needs.ask.modality,
        "need": needs.least_eci,
        "hard_share": pricer.hard_share(needs),
        "rest_at": needs.rest_at.value,
        "sentence": f"{workload(engine, query.answers, needs)}. {compared(needs)}",
    }


def _break_even(crossing: Crossing) -> dict[str, Any]:
    return {
        "api": crossing.api.value,
        "self_hosted": crossing.own.value,
        "volume": crossing.found.volume,
        "reason": crossing.found.reason.value,
        "month_usd": crossing.usd,
        "range": [end.volume for end in crossing.ends],
    }


def _hosting(one: Hosting) -> dict[str, Any]:
    return {
        "option": one.option.value,
        "model": one.part.candidate.slug,
        "steps": [
            {
                "above": stair.start,
                "up_to": finite(stair.end),
                "replicas": stair.replicas,
                "gpus": stair.gpus,
                "utilisation": stair.full,
                "month_usd": stair.usd,
                "is_today": stair.is_today,
            }
            for stair in one.stairs
        ],
        "memory": [
            {
                "bits": fit.bits,
                "weights_gb": fit.weights_gb,
                "need_gb": fit.need_gb,
                "gpus_per_replica": {each.gpu.slug: each.gpus for each in fit.fits},
            }
            for fit in one.fits
        ],
    }


def _swing(swing: Swing) -> dict[str, Any]:
    ends = {"low": swing.low, "high": swing.high}
    return {"key": swing.key} | {
        name: {"value": end.value, "month_usd": finite(end.usd)} for name, end in ends.items()
    }


def _total(total: Total) -> dict[str, Any]:
    return {
        "option": total.option.value,
        "months": total.months,
        **dict(zip(PARTS, map(finite, total.parts.all), strict=True)),
        "total_usd": finite(total.parts.total),
        "shown": usd(total.parts.total),
    }


def _regret(found: Regret) -> list[dict[str, Any]]:
    return [
        {
            "option": row.option.value,
            "at": [
                {
                    "scale": column.scale,
                    "volume": column.volume,
                    "month_usd": finite(cell.usd),
                    "regret_usd": finite(cell.regret),
                }
                for column, cell in zip(found.columns, row.cells, strict=True)
            ],
            "most_usd": finite(row.most),
        }
        for row in found.rows
    ]


def _band(price: OptionPrice) -> dict[str, float | None]:
    return {
        "low": finite(price.low),
        "expected": finite(price.expected),
        "high": finite(price.high),
    }


def _option(engine: Engine, query: CostQuery, price: OptionPrice) -> dict[str, Any]:
    return {
        "option": price.option.value,
        "name": sentences.name(engine.rulebook, price.option),
        "group": price.option.group.value,
        "ruled_out": out_of(engine, query).get(price.option),
        "monthly_usd": _band(price),
        "shown": {key: usd(getattr(price, key)) for key in ("low", "expected", "high")},
        "people_usd": finite(price.people_usd),
        "bills_usd": finite(price.bills_usd),
        "people_fte": finite(price.fte),
        "moved_by": [moves.value for moves in MOVES if moves in price.moved_by],
        "parts": [_part(part) for part in price.parts],
    }


def _part(part: Priced) -> dict[str, Any]:
    found: dict[str, Any] = {
        "model": part.candidate.slug,
        "role": part.role.value,
        "volume": part.volume,
        "eci": part.eci,
        "grade": part.grade.value,
        "month_usd": part.monthly_usd,
        "lacks": [each.kind.value for each in part.lacks],
    }
    match part:
        case OnApi():
            return found | _on_api(part)
        case OnGpus():
            return found | _on_gpus(part)
        case OnDevices():
            return found | _on_devices(part)
        case _:
            assert_never(part)


def _on_api(part: OnApi) -> dict[str, Any]:
    offer = part.offer
    return {
        "host": offer.host.name,
        "host_country": offer.host.country or None,
        "is_router": offer.is_router,
        "hosts": part.hosted.hosts,
        "request_usd_range": [part.hosted.low_usd, part.hosted.high_usd],
        "cheapest_host": part.hosted.cheapest.host.name,
        "cheapest_request_usd": part.hosted.cheapest_usd,
        "request_usd": part.request_usd,
        "price_in": offer.price.input,
        "price_out": offer.price.output,
        "price_cached": offer.price.cached,
        "source": offer.source,
        "as_of": offer.as_of.isoformat(),
    }


def _on_gpus(part: OnGpus) -> dict[str, Any]:
    return {
        "gpu": part.gpu.slug,
        "gpu_hourly": part.deployment.hourly,
        "gpus": part.fleet.gpus,
        "replicas": part.fleet.replicas,
        "gpus_per_replica": part.fleet.gpus_per_replica,
        "utilisation": part.fleet.utilisation,
        "gpu_usd": part.month.gpu_usd,
        "idle_usd": part.idle_usd,
        "infra_usd": part.month.infra_usd,
        "profile": part.deployment.model.profile.slug,
        "estimated": part.grade is Grade.ESTIMATED,
    }


def _on_devices(part: OnDevices) -> dict[str, Any]:
    return {
        "device": part.device.slug,
        "devices": part.devices,
        "device_usd": part.device.price_usd,
        "power_usd": part.power_usd,
        "tokens_per_second": part.tokens_per_second,
        "utilisation": part.utilisation,
    }


type Line = tuple[str, str, str, float | None, str, str]

HEADER = ("part", "option", "item", "value", "unit", "shown", "as_of")


def lines(engine: Engine, query: CostQuery) -> Iterator[tuple[object, ...]]:
    """Yield the report for a spreadsheet: one number a line, with unit, words and date."""
    found, day = compute(engine, query), engine.market.as_of.isoformat()
    for line in _lines(found, usd):
        yield (*line, day)


def _lines(found: Report, text: Callable[[float], str]) -> Iterator[Line]:
    month, once = "US dollars a month", "US dollars"
    for price in found.prices:
        for item in ("low", "expected", "high"):
            value = getattr(price, item)
            yield "month", price.option.value, item, finite(value), month, text(value)
        yield (
            "month",
            price.option.value,
            "people",
            finite(price.people_usd),
            month,
            text(price.people_usd),
        )
    for point in found.curve:
        for price in point.prices:
            for item in ("low", "expected", "high"):
                value = getattr(price, item)
                name = f"{item} at {point.volume:.12g} requests a day"
                yield "curve", price.option.value, name, finite(value), month, text(value)
    for crossing in found.crossings:
        name = f"{crossing.own.value} instead of {crossing.api.value}"
        shown = "never" if crossing.found.volume is None else f"{crossing.found.volume:.3g}"
        yield (
            "break-even",
            crossing.own.value,
            name,
            finite(crossing.found.volume),
            "requests a day",
            shown,
        )
    for swing in found.swings:
        for item, end in (("low", swing.low), ("high", swing.high)):
            name = f"{swing.key} {item} ({end.value:.6g})"
            option = found.focus.value if found.focus else ""
            yield "moves most", option, name, finite(end.usd), month, text(end.usd)
    for total in found.totals:
        amounts = (*zip(PARTS, total.parts.all, strict=True), ("total", total.parts.total))
        for item, value in amounts:
            name = f"{item} over {total.months} months"
            yield "totals", total.option.value, name, finite(value), once, text(value)
    for row in found.regret.rows:
        for column, cell in zip(found.regret.columns, row.cells, strict=True):
            name = f"above the cheapest at {column.volume:.12g} requests a day"
            yield "regret", row.option.value, name, finite(cell.regret), month, text(cell.regret)
