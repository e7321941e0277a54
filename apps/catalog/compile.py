"""The catalog as the engine sees it: rows compiled once to plain values, and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict

from apps.catalog.capabilities import capability_of, index_on
from apps.catalog.models import (
    CatalogVersion,
    Device,
    Gpu,
    IndexScore,
    Model,
    Offer,
    Price,
    ThroughputProfile,
)
from apps.catalog.price_lists import announced, base_of, in_force, is_offered
from apps.catalog.sellers import offer_facts, sellers
from apps.catalog.sizing import ModelSize, known_architectures
from apps.common.today import today as today_is
from apps.money import market
from apps.money.api import PriceStep, TokenPrice
from apps.money.cache import Latest
from apps.money.market import DeviceKind, Market, Rights
from apps.money.stand_in import KnownArchitecture
from apps.money.throughput import Profile

# Closed models are never sized, so that their precision is only a number to fill the place.
_BITS = 8.0


class _ExtraPrices(TypedDict):
    """Prices that a list may leave unknown."""

    cached: float | None
    batch_input: float | None
    batch_output: float | None
    batch_cached: float | None
    cache_write: float | None
    cache_write_1h: float | None


# Of sixty models about 0.1 MB; of ten thousand about 20.
_MOST_BYTES = 40_000_000
_markets: Latest[tuple[date, date], Market] = Latest(_MOST_BYTES)


def current_market(today: date, version: str | None = None) -> Market:
    """Return the models, prices, GPUs and profiles of a day; compiled when a row has changed.

    `version` is that of the catalog, where it is known already; otherwise it is one query.
    """
    now = CatalogVersion.current() if version is None else version
    known_on = today_is()
    return _markets.get((today, known_on), now, lambda: _compile(now, today, known_on))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows of all models share: the day, hosts, the index, and sizes that stand in.

    `known_on` is the day that it is, on which the rows say what they say.
    """

    day: date
    known_on: date
    sellers: Mapping[int, market.Host]
    index: Mapping[str, IndexScore]
    architectures: Sequence[KnownArchitecture]

    @property
    def seen_by(self) -> date:
        """The day by which a price must have been seen.

        What nobody can have seen yet is no older for being planned with on a later day.
        """
        return min(self.day, self.known_on)


def _compile(version: str, today: date, known_on: date) -> Market:
    models = (
        Model.objects.measured()
        .released_by(today)
        .select_related("provider", "license", "successor")
        .with_modalities()
        .with_offers()
        .order_by("slug")
    )
    architectures = known_architectures(Model.objects.with_architecture())
    known = _Known(today, known_on, sellers(), index_on(today), architectures)
    return Market(
        version=version,
        as_of=today,
        candidates=tuple(
            _candidate(model, known, found)
            for model in models
            if (found := capability_of(model, known.index)) is not None
        ),
        gpus=tuple(_gpu(gpu) for gpu in Gpu.objects.all()),
        devices=tuple(_device(device) for device in Device.objects.with_sources()),
        profiles=tuple(
            _profile(profile) for profile in ThroughputProfile.objects.select_related("source")
        ),
    )


def _candidate(model: Model, known: _Known, capability: market.Capability) -> market.Candidate:
    license_ = model.license
    size = ModelSize.of(model, known.architectures)
    offers = (_offer(offer, known) for offer in model.offers.all())
    return market.Candidate(
        slug=model.slug,
        name=model.name,
        provider=model.provider.name,
        is_open=model.is_open,
        status=model.status_on(known.day),
        modalities=frozenset(modality.slug for modality in model.reads.all()),
        context_tokens=model.context_tokens,
        rights=Rights(license_.rights) if license_ else Rights.UNKNOWN,
        license=license_.name if license_ else "",
        clause=license_.clause if license_ else "",
        params_b=model.params_total_b,
        active_b=model.params_active_b,
        bits=model.served_bits or _BITS,
        architecture=size.architecture,
        checked_on=model.checked_on,
        offers=tuple(offer for offer in offers if offer is not None),
        reasons=model.reasoning,
        published_gb=size.published_gb,
        cache_of=size.cache_of,
        capability=capability,
        country=model.provider.country,
        ends_on=model.retirement_date,
    )


def _offer(offer: Offer, known: _Known) -> market.Offer | None:
    """Return the offer with its price; None where nobody should plan with it."""
    rows, seller = list(offer.prices.all()), known.sellers[offer.host_id]
    sells_batches = bool(seller.sells_batches)
    listed = in_force(rows, known.day)
    price, base = token_price(listed, sells_batches), base_of(listed)
    if price is None or base is None:
        return None
    # A government's cloud is open to few.
    if not is_offered(offer, known.day, known.known_on) or offer.region == Offer.Region.US_GOV:
        return None
    return market.Offer(
        host=seller,
        price=price,
        note=base.note,
        source=base.source.title,
        as_of=base.read_on,
        later=tuple(
            (day, later)
            for day, of_list in announced(rows, known.day)
            if (later := token_price(of_list, sells_batches)) is not None
        ),
        context_tokens=offer.context_tokens,
        facts=offer_facts(seller, offer, base, known.seen_by),
    )


def token_price(rows: Sequence[Price], sells_batches: bool) -> TokenPrice | None:
    """Return a price list in US dollars a million tokens; None where it is none to plan with.

    A step whose input or output is unknown is left out. `sells_batches` tells of the host; whoever
    has a price for batches sells them too.
    """
    base = base_of(rows)
    if base is None or base.input is None or base.output is None:
        return None
    steps = sorted((row for row in rows if row.above_tokens), key=lambda row: row.above_tokens)
    return TokenPrice(
        input=float(base.input),
        output=float(base.output),
        steps=tuple(
            PriceStep(
                step.above_tokens, float(step.input), float(step.output), **_extra_prices(step)
            )
            for step in steps
            if step.input and step.output
        ),
        sells_batches=sells_batches or base.batch_in is not None,
        **_extra_prices(base),
    )


def _extra_prices(price: Price) -> _ExtraPrices:
    """Return the prices that not every list has; a batch is priced where both sides are known."""
    batch = (
        (price.batch_in, price.batch_out, price.batch_cached)
        if price.batch_in and price.batch_out
        else (None, None, None)
    )
    return {
        "cached": _known(price.cached),
        "batch_input": _known(batch[0]),
        "batch_output": _known(batch[1]),
        "batch_cached": _known(batch[2]),
        "cache_write": _known(price.cache_write),
        "cache_write_1h": _known(price.cache_write_1h),
    }


def _known(usd: Decimal | None) -> float | None:
    return None if usd is None else float(usd)


def _gpu(gpu: Gpu) -> market.Gpu:
    return market.Gpu(
        slug=gpu.slug,
        name=gpu.name,
        vram_gb=gpu.vram_gb,
        rent_hourly=gpu.rent_hourly,
        own_hourly=gpu.own_hourly,
        bandwidth_gbs=gpu.bandwidth_gbs,
        tflops=gpu.tflops,
        price_usd=gpu.price_usd,
        power_w=gpu.power_w,
        lead_time=gpu.lead_time,
    )


def _device(device: Device) -> market.Device:
    return market.Device(
        slug=device.slug,
        name=device.name,
        kind=DeviceKind(device.kind),
        memory_gb=device.memory_gb,
        bandwidth_gbs=device.bandwidth_gbs,
        price_usd=device.price_usd,
        power_w=device.power_w,
        source=device.source.title,
        as_of=device.as_of,
        usable_gb=device.usable_gb,
    )


def _profile(row: ThroughputProfile) -> Profile:
    return Profile(
        slug=row.slug,
        gpu=row.gpu_slug,
        model=row.model_slug,
        precision=row.precision,
        active_params_b=row.active_params_b,
        total_params_b=row.total_params_b,
        a=row.seconds_per_input_token,
        b=row.seconds_per_output_token,
        c=row.seconds_per_output_token_per_context_token,
        worst_fit_error_percent=row.worst_fit_error_percent,
        source=row.source.title,
    )
