"""The catalog as the engine sees it: rows compiled once to plain values, and kept."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TypedDict

from apps.catalog.models import CatalogVersion, Gpu, Model, Offer, Price, ThroughputProfile
from apps.money import market
from apps.money.api import PriceStep, TokenPrice
from apps.money.market import Market, Rights
from apps.money.memory import Architecture
from apps.money.throughput import Profile
from apps.money.undercut import can_win

# Closed models are never sized, so that their precision is only a number to fill the place.
_BITS = 8.0


class _ExtraPrices(TypedDict):
    """Prices that a list may leave unknown."""

    cached: float | None
    batch_input: float | None
    batch_output: float | None


_KEPT: dict[tuple[str, date], Market] = {}
_KEPT_MOST = 8


def current_market(today: date) -> Market:
    """Return the models, prices, GPUs and profiles of a day; compiled when a row has changed."""
    key = (CatalogVersion.current(), today)
    if key not in _KEPT:
        compiled = _compile(*key)
        # A process that runs for weeks, or a test that changes rows, must not collect markets.
        while len(_KEPT) >= _KEPT_MOST:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = compiled
    return _KEPT[key]


def _compile(version: str, today: date) -> Market:
    models = (
        Model.objects.graded()
        .released_by(today)
        .select_related("provider", "license", "tier_grade__source")
        .with_modalities()
        .with_offers_on(today)
        .order_by("slug")
    )
    return Market(
        version=version,
        as_of=today,
        candidates=tuple(_candidate(model, today) for model in models),
        gpus=tuple(_gpu(gpu) for gpu in Gpu.objects.all()),
        profiles=tuple(
            _profile(profile) for profile in ThroughputProfile.objects.select_related("source")
        ),
    )


def _candidate(model: Model, today: date) -> market.Candidate:
    grade, license_ = model.tier_grade, model.license
    offers = (_offer(offer) for offer in model.offers_on_day)
    return market.Candidate(
        slug=model.slug,
        name=model.name,
        provider=model.provider.name,
        is_open=model.is_open,
        status=model.status_on(today),
        tier=grade.tier,
        tier_grade=grade.grade,
        tier_reason=grade.reason,
        tier_source=grade.source.title,
        tier_date=grade.date,
        modalities=frozenset(modality.slug for modality in model.reads.all()),
        context_tokens=model.context_tokens,
        rights=Rights(license_.rights) if license_ else Rights.UNKNOWN,
        license=license_.name if license_ else "",
        clause=license_.clause if license_ else "",
        params_b=model.params_total_b,
        active_b=model.params_active_b,
        bits=model.served_bits or _BITS,
        architecture=_architecture(model),
        checked_on=model.checked_on,
        offers=can_win([offer for offer in offers if offer is not None]),
        reasons=model.reasoning,
    )


def _architecture(model: Model) -> Architecture | None:
    if model.layers is None or model.kv_heads is None or model.head_dim is None:
        return None
    return Architecture(model.layers, model.kv_heads, model.head_dim)


def _offer(offer: Offer) -> market.Offer | None:
    """Return the offer with its price; None where the price is unknown, or 0, which says little."""
    found = token_price(offer.prices_in_force)
    if found is None:
        return None
    price, base = found
    return market.Offer(
        host=offer.host.name,
        price=price,
        is_router=offer.host.is_router,
        note=base.note,
        source=base.source.title,
        as_of=base.source.read_on,
        later=tuple(
            (day, found[0])
            for day, rows in groupby(offer.prices_ahead, key=lambda price: price.valid_from)
            if (found := token_price(tuple(rows)))
        ),
        context_tokens=offer.context_tokens,
    )


def token_price(prices: Sequence[Price]) -> tuple[TokenPrice, Price] | None:
    """Return the latest of the price lists in force, US dollars a million tokens, and its base row.

    None without a base row, and where its input or output is unknown or 0: a free tier is no
    price to plan with. A step whose input or output is unknown is left out.
    """
    latest = max((price.valid_from for price in prices), default=None)
    rows = sorted((p for p in prices if p.valid_from == latest), key=lambda p: p.above_tokens)
    if not rows or rows[0].above_tokens:
        return None
    base, *steps = rows
    if not base.input or not base.output:
        return None
    price = TokenPrice(
        input=float(base.input),
        output=float(base.output),
        steps=tuple(
            PriceStep(
                step.above_tokens, float(step.input), float(step.output), **_extra_prices(step)
            )
            for step in steps
            if step.input and step.output
        ),
        **_extra_prices(base),
    )
    return price, base


def _extra_prices(price: Price) -> _ExtraPrices:
    """Return the prices that not every list has; a batch is priced where both sides are known."""
    batch = (
        (price.batch_in, price.batch_out) if price.batch_in and price.batch_out else (None, None)
    )
    return {
        "cached": _known(price.cached),
        "batch_input": _known(batch[0]),
        "batch_output": _known(batch[1]),
    }


def _known(usd: Decimal | None) -> float | None:
    return None if usd is None else float(usd)


def _gpu(gpu: Gpu) -> market.Gpu:
    return market.Gpu(gpu.slug, gpu.name, gpu.vram_gb, gpu.rent_hourly, gpu.own_hourly)


def _profile(row: ThroughputProfile) -> Profile:
    return Profile(
        slug=row.slug,
        gpu=row.gpu_slug,
        model=row.model_slug,
        precision=row.precision,
        active_params_b=row.active_params_b,
        a=row.seconds_per_input_token,
        b=row.seconds_per_output_token,
        c=row.seconds_per_output_token_per_context_token,
        worst_fit_error_percent=row.worst_fit_error_percent,
        source=row.source.title,
    )
