"""The cost formulas one by one, from flat names: each part that its inputs are given for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from apps.calculator.query import CostQuery, needs
from apps.decision.address import (
    Problem,
    Reading,
    UnreadableError,
    read_slug,
    read_whole,
    read_within,
)
from apps.decision.numbers import BILLION
from apps.decision.rulebook import QuestionKind
from apps.decision.vocabulary import TOKENS_IN, TOKENS_OUT
from apps.engine.engine import Engine
from apps.engine.request import Visit
from apps.money.api import TokenPrice, month_usd, request_usd
from apps.money.break_even import break_even
from apps.money.gpus import Serving, fleet
from apps.money.hosting import Deployment
from apps.money.market import Candidate, Offer
from apps.money.memory import (
    GPU_COUNTS,
    AnyArchitecture,
    Architecture,
    LatentArchitecture,
    Load,
    concurrency,
    gpus_needed,
    kv_bytes_per_token,
    weights_gb,
)
from apps.money.needs import Needs
from apps.money.options import Option
from apps.money.overrides import BITS
from apps.money.pricing import Pricer
from apps.money.self_hosted import self_hosted_month
from apps.money.suitability import is_priced, may_be_picked
from apps.money.throughput import Profile, gpu_seconds
from apps.money.workload import Workload

MODEL, PROFILE = "model", "profile"
# Sixteen bits for each value of a cache of which nothing is said.
_KV_BYTES = 2.0


@dataclass(frozen=True, slots=True)
class _Field:
    """An input that only the formulas know: its name, range and unit, and whether it is whole."""

    name: str
    low: float
    high: float
    whole: bool = False
    unit: int = 1

    def read(self, values: Sequence[str]) -> float:
        if self.whole:
            return float(read_whole(self.name, values, int(self.low), int(self.high)))
        return read_within(self.name, values, self.low, self.high, unit=self.unit)


_FIELDS = {
    "price_in": _Field("Price of a million tokens in", 0, 1e6),
    "price_out": _Field("Price of a million tokens out", 0, 1e6),
    "price_cached": _Field("Price of a million cached tokens", 0, 1e6),
    "price_cache_write": _Field("Price of a million tokens written to a cache", 0, 1e6),
    "price_cache_write_1h": _Field("Price of a million tokens cached for an hour", 0, 1e6),
    "cache_write": _Field("Of the uncached tokens, those written to a cache", 0, 1),
    "cache_write_1h": _Field("Of the tokens written to a cache, those kept for an hour", 0, 1),
    "gpus_per_replica": _Field("GPUs of a replica", 1, 1024, whole=True),
    "params_b": _Field("Billions of parameters", 0.001, 1e5, unit=BILLION),
    "weights_gb": _Field("Gigabytes of the weights", 0.001, 1e5),
    "layers": _Field("Layers", 1, 1e5, whole=True),
    "kv_heads": _Field("KV heads", 1, 1e5, whole=True),
    "head_dim": _Field("Dimension of a head", 1, 1e5, whole=True),
    "latent_dim": _Field("Values of latent attention", 1, 1e5, whole=True),
    "window_layers": _Field("Layers with a window", 0, 1e5, whole=True),
    "window": _Field("Tokens of the window", 0, 1e9, whole=True),
    "kv_bytes": _Field("Bytes of a cached value", 0.125, 8),
    "context": _Field("Tokens of context", 0, 1e9, whole=True),
    "concurrency": _Field("Requests at once", 0, 1e9),
    "vram_gb": _Field("Gigabytes of a GPU", 1, 1e5),
}
NAMES = (*_FIELDS, MODEL, PROFILE)


# What sizes a cache with heads, and what sizes one of latent attention.
_HEADS, _LATENT = ("layers", "kv_heads", "head_dim"), ("layers", "latent_dim")
# A layer's window is of no consequence where no layer has one.
_WINDOW = ("window_layers", "window")


@dataclass(frozen=True)
class FormulaQuery:
    """What an address gives the formulas, and which inputs of the page it does not leave open."""

    numbers: Mapping[str, float]
    model: Candidate | None
    profile: Profile | None
    has_size: bool
    has_volume: bool
    has_people: bool  # of an API, which else is billed for its tokens alone


@dataclass(frozen=True, slots=True)
class Bought:
    """Requests that an API bills, by its prices; `offer` is theirs if they are a model's.

    `lacks` are the kinds of what is asked that the offer does not have.
    """

    price: TokenPrice
    request: Workload
    people_usd: float
    offer: Offer | None = None
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Requests that GPUs serve; `deployment` is how, if it is a model's."""

    serving: Serving
    hourly: float
    infra: float
    people_usd: float
    deployment: Deployment | None = None


def read(visit: Visit) -> tuple[FormulaQuery, tuple[Problem, ...]]:
    """Read the names that only the formulas know; never raises."""
    reading, market, rulebook = Reading(visit.given), visit.engine.market, visit.engine.rulebook
    read_numbers = {key: reading.read(key, field.read) for key, field in _FIELDS.items()}
    models = {candidate.slug: candidate for candidate in market.candidates}
    profiles = {profile.slug.lower(): profile for profile in market.profiles}
    given = visit.given.keys()
    query = FormulaQuery(
        numbers={key: number for key, number in read_numbers.items() if number is not None},
        model=reading.read(MODEL, partial(_read_model, models)),
        profile=reading.read(PROFILE, partial(_read_named, "Profile", profiles)),
        has_size=rulebook.of_kind(QuestionKind.SIZE).key in given
        or {TOKENS_IN, TOKENS_OUT} <= given,
        has_volume=rulebook.of_kind(QuestionKind.NUMBER).key in given,
        has_people="fte_closed" in given,
    )
    return query, tuple(reading.problems)


def _read_model(known: Mapping[str, Candidate], values: Sequence[str]) -> Candidate:
    slug = read_slug("Model", values)
    if slug not in known:
        raise UnreadableError(f"Model: “{slug}” is not one whose capability is on record")
    model = known[slug]
    if not may_be_picked(model):
        raise UnreadableError(f"Model: “{slug}” is not one that is current and open to business")
    if not model.is_open and not any(is_priced(offer) for offer in model.offers):
        raise UnreadableError(f"Model: “{slug}” is not one whose price is on record")
    return model


def _read_named[T](name: str, known: Mapping[str, T], values: Sequence[str]) -> T:
    slug = read_slug(name, values)
    if slug not in known:
        raise UnreadableError(f"{name}: “{slug}” is not one that has what the formulas need")
    return known[slug]


def parts(engine: Engine, query: CostQuery, asked: FormulaQuery) -> dict[str, Any]:
    """Return `api`, `self_hosted`, `break_even` and `memory`, each if its inputs are given.

    Numbers are neither rounded nor put into words: they are what the formulas return.
    """
    pricer, wanted = engine.pricer(query.answers), needs(engine, query)
    bought = _bought(pricer, wanted, asked)
    run = _run(pricer, wanted, asked)
    load, vram_gb = _load(pricer, wanted, asked, query), _vram_gb(asked, run)
    found: dict[str, Any] = {}
    if bought is not None and asked.has_volume:
        found["api"] = api(bought)
    if run is not None and asked.has_volume:
        found["self_hosted"] = self_hosted(run, wanted.volume)
    if bought is not None and run is not None:
        found["break_even"] = api_against_gpus(bought, run)
    if load is not None:
        found["memory"] = memory(load, vram_gb)
    return found


# The formulas


def api(bought: Bought) -> dict[str, Any]:
    """Return what an API costs, with the offer that the prices are from."""
    found: dict[str, Any] = {
        "per_request_usd": request_usd(bought.price, bought.request),
        "month_usd": month_usd(bought.price, bought.request, bought.people_usd),
    }
    offer = bought.offer
    if offer is not None:
        found |= {
            "host": offer.host.name,
            "lacks": list(bought.lacks),
            "price_in": offer.price.input,
            "price_out": offer.price.output,
            "price_cached": offer.price.cached,
            "price_cache_write": offer.price.cache_write,
            "price_cache_write_1h": offer.price.cache_write_1h,
            "source": offer.source,
            "as_of": offer.as_of.isoformat(),
        }
    return found


def self_hosted(run: Run, volume: float) -> dict[str, Any]:
    """Return what GPUs cost, with the model's deployment where they are those of a model."""
    month = self_hosted_month(run.serving, volume, run.hourly, run.infra, run.people_usd)
    found: dict[str, Any] = {
        "gpu_seconds_per_request": run.serving.gpu_seconds,
        "gpus_per_replica": run.serving.gpus_per_replica,
        "replicas": month.fleet.replicas,
        "gpus": month.fleet.gpus,
        "utilisation": month.fleet.utilisation,
        "gpu_usd": month.gpu_usd,
        "idle_usd": month.idle_usd,
        "infra_usd": month.infra_usd,
        "people_usd": month.people_usd,
        "month_usd": month.month_usd,
    }
    if run.deployment is not None:
        on_gpu = run.deployment.model
        found |= {
            "gpu": on_gpu.gpu.slug,
            "gpu_hourly": run.hourly,
            "profile": on_gpu.profile.slug,
            "grade": on_gpu.grade.value,
        }
    return found


def api_against_gpus(bought: Bought, run: Run) -> dict[str, Any]:
    """Return the requests a day from which the GPUs cost less than the API."""
    found = break_even(
        request_usd(bought.price, bought.request),
        bought.people_usd,
        run.serving,
        run.hourly,
        run.infra,
        run.people_usd,
    )
    return {
        "volume": found.volume,
        "reason": found.reason.value,
        "api_request_usd": found.api_request_usd,
        "self_hosted_request_usd": found.self_request_usd,
    }


def memory(load: Load, vram_gb: float | None) -> dict[str, Any]:
    """Return what a model takes of GPUs' memory, at their number if the memory of one is known."""
    gpus = gpus_needed(load, vram_gb) if vram_gb else None
    at = (gpus or GPU_COUNTS[-1]) if vram_gb else 1
    return {
        "weights_gb": load.weights_gb,
        "kv_bytes_per_token": kv_bytes_per_token(load.architecture),
        "need_gb": load.need_gb(at),
        "gpus_per_replica": gpus,
    }


# Their inputs: what is given goes before what is known of a named model


def _bought(pricer: Pricer, wanted: Needs, asked: FormulaQuery) -> Bought | None:
    """Return the requests on an API; None without their size or without prices."""
    if not asked.has_size:
        return None
    given = asked.numbers
    request = replace(
        pricer.billed(asked.model, wanted),
        written=given.get("cache_write", 0.0),
        written_1h=given.get("cache_write_1h", 0.0),
    )
    people_usd = pricer.people_usd(Option.CLOSED_API, wanted) if asked.has_people else 0.0
    if asked.model is not None and "price_in" not in given:
        bid = pricer.bid(asked.model, wanted)
        if bid is None:
            return None
        lacks = tuple(each.kind.value for each in bid.lacks)
        return Bought(bid.offer.price, request, people_usd, bid.offer, lacks)
    if not {"price_in", "price_out"} <= given.keys():
        return None
    price = TokenPrice(
        given["price_in"],
        given["price_out"],
        given.get("price_cached"),
        cache_write=given.get("price_cache_write"),
        cache_write_1h=given.get("price_cache_write_1h"),
    )
    return Bought(price, request, people_usd)


def _run(pricer: Pricer, wanted: Needs, asked: FormulaQuery) -> Run | None:
    """Return the requests on GPUs; None without their size, or without a profile and a price."""
    if not asked.has_size:
        return None
    if asked.profile is not None and "gpus_per_replica" in asked.numbers:
        return _run_as_given(pricer, wanted, asked.profile, int(asked.numbers["gpus_per_replica"]))
    if asked.model is None or not asked.has_volume:
        return None
    assumed = pricer.assumptions
    deployment = pricer.rented(asked.model.slug, wanted)
    if deployment is None:
        return None
    serving = deployment.serving(assumed, pricer.peak(wanted), assumed.spare)
    people_usd = pricer.people_usd(Option.SELF_CLOUD, wanted, fleet(serving, wanted.volume).gpus)
    return Run(serving, deployment.hourly, deployment.infra, people_usd, deployment)


def _run_as_given(pricer: Pricer, wanted: Needs, profile: Profile, gpus: int) -> Run | None:
    assumed = pricer.assumptions
    rented = {gpu.slug: gpu.rent_hourly for gpu in pricer.market.gpus}
    hourly = rented.get(profile.gpu) if assumed.gpu_hourly is None else assumed.gpu_hourly
    if hourly is None:
        return None
    serving = Serving(
        gpu_seconds=gpu_seconds(profile, *wanted.size, assumed.cached),
        gpus_per_replica=gpus,
        efficiency=assumed.efficiency,
        peak=pricer.peak(wanted),
        spare=assumed.spare,
    )
    people_usd = pricer.people_usd(Option.SELF_CLOUD, wanted, fleet(serving, wanted.volume).gpus)
    return Run(serving, hourly, assumed.infra, people_usd)


def _load(pricer: Pricer, wanted: Needs, asked: FormulaQuery, query: CostQuery) -> Load | None:
    """Return what a replica has to hold; None where a part of it is not given."""
    given, weights, shape = asked.numbers, _weights(asked, query), _shape(asked)
    context = given.get("context", wanted.size.context if asked.has_size else None)
    at_once = given.get("concurrency")
    if at_once is None and asked.has_size and asked.has_volume:
        found = concurrency(wanted.volume, pricer.peak(wanted), wanted.size.tokens_out)
        # However seldom they come, a request that is in flight is a whole one.
        at_once = max(1.0, found)
    if weights is None or shape is None or context is None or at_once is None:
        return None
    return Load(weights, shape, context, at_once)


def _weights(asked: FormulaQuery, query: CostQuery) -> float | None:
    """Return the gigabytes of the weights: as given, else by their number and bits."""
    if "weights_gb" in asked.numbers:
        return asked.numbers["weights_gb"]
    model = asked.model if asked.model is not None and asked.model.is_open else None
    params_b, bits = asked.numbers.get("params_b"), query.answers.overrides.get(BITS)
    each = float(bits) if bits is not None else model.bits if model else None
    if each is None:
        return None
    if params_b is not None:
        return weights_gb(params_b, each)
    return model.weights_gb(each) if model else None


def _shape(asked: FormulaQuery) -> AnyArchitecture | None:
    """Return what sizes the cache: what is given, else what is known of the model."""
    model, given = asked.model, asked.numbers
    inputs = {**_of_architecture(model.architecture if model else None, given), **given}
    kv_bytes = inputs.get("kv_bytes", _KV_BYTES)
    if inputs.keys() >= set(_LATENT):
        layers, latent = (int(inputs[key]) for key in _LATENT)
        return LatentArchitecture(layers, latent, kv_bytes)
    if not inputs.keys() >= set(_HEADS):
        return None
    layers, heads, size = (int(inputs[key]) for key in _HEADS)
    windowed, window = (int(inputs.get(key, 0)) for key in _WINDOW)
    return Architecture(layers, heads, size, kv_bytes, min(windowed, layers), window)


def _of_architecture(known: AnyArchitecture | None, given: Mapping[str, float]) -> dict[str, float]:
    """Return a model's inputs; heads that are given stand instead of its latent attention."""
    match known:
        case LatentArchitecture() if "kv_heads" not in given:
            keys: tuple[str, ...] = (*_LATENT, "kv_bytes")
        case Architecture() if "latent_dim" not in given:
            keys = (*_HEADS, *_WINDOW, "kv_bytes")
        case _:
            return {}
    return {key: getattr(known, key) for key in keys}


def _vram_gb(asked: FormulaQuery, run: Run | None) -> float | None:
    known = run.deployment.model.gpu.vram_gb if run is not None and run.deployment else None
    return asked.numbers.get("vram_gb", known)
