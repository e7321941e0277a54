"""The cost formulas one by one, from flat names: each part that its inputs are given for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from apps.calculator.query import CostQuery, needs
from apps.decision.address import Problem, Reading, UnreadableError, read_slug, read_within
from apps.engine.engine import Engine
from apps.engine.request import Visit
from apps.money.api import TokenPrice, month_usd, request_usd
from apps.money.break_even import break_even
from apps.money.gpus import Serving
from apps.money.market import Candidate, Gpu, Offer
from apps.money.memory import (
    Architecture,
    concurrency,
    gpus_needed,
    kv_bytes_per_token,
    need_gb,
    weights_gb,
)
from apps.money.needs import Needs, RequestSize
from apps.money.pricing import Pricer
from apps.money.self_hosted import self_hosted_month
from apps.money.throughput import Profile, gpu_seconds
from apps.money.workload import Workload

type Numbers = Mapping[str, float]

MODEL, PROFILE = "model", "profile"


@dataclass(frozen=True, slots=True)
class _Field:
    """An input that only the formulas know: its name, its range, and whether it is whole."""

    name: str
    low: float
    high: float
    whole: bool = False

    def read(self, values: Sequence[str]) -> float:
        number = read_within(self.name, values, self.low, self.high)
        if self.whole and number != int(number):
            raise UnreadableError(f"{self.name} must be a whole number")
        return number


_FIELDS = {
    "price_in": _Field("Price of a million tokens in", 0, 1e6),
    "price_out": _Field("Price of a million tokens out", 0, 1e6),
    "price_cached": _Field("Price of a million cached tokens", 0, 1e6),
    "gpus_per_replica": _Field("GPUs of a replica", 1, 1024, whole=True),
    "params_b": _Field("Billions of parameters", 0.001, 1e5),
    "layers": _Field("Layers", 1, 1e5, whole=True),
    "kv_heads": _Field("KV heads", 1, 1e5, whole=True),
    "head_dim": _Field("Dimension of a head", 1, 1e5, whole=True),
    "kv_bytes": _Field("Bytes of a cached value", 0.125, 8),
    "context": _Field("Tokens of context", 0, 1e9),
    "concurrency": _Field("Requests at once", 0, 1e9),
    "vram_gb": _Field("Gigabytes of a GPU", 1, 1e5),
}
NAMES = (*_FIELDS, MODEL, PROFILE)


@dataclass(frozen=True)
class FormulaQuery:
    """What an address gives the formulas; `given` names every key that holds a value."""

    numbers: Numbers
    model: Candidate | None
    profile: Profile | None
    given: frozenset[str]


def read(visit: Visit) -> tuple[FormulaQuery, tuple[Problem, ...]]:
    """Read the names that only the formulas know; never raises."""
    reading, market = Reading(visit.given), visit.engine.market
    read_numbers = {key: reading.read(key, field.read) for key, field in _FIELDS.items()}
    models = {candidate.slug: candidate for candidate in market.candidates}
    profiles = {profile.slug: profile for profile in market.profiles}
    query = FormulaQuery(
        numbers={key: number for key, number in read_numbers.items() if number is not None},
        model=reading.read(MODEL, partial(_read_named, "Model", models)),
        profile=reading.read(PROFILE, partial(_read_named, "Profile", profiles)),
        given=frozenset(visit.given),
    )
    return query, tuple(reading.problems)


def _read_named[T](name: str, known: Mapping[str, T], values: Sequence[str]) -> T:
    slug = read_slug(name, values)
    if slug not in known:
        raise UnreadableError(f"{name}: “{slug}” is not one that has what the formulas need")
    return known[slug]


def parts(engine: Engine, query: CostQuery, asked: FormulaQuery) -> dict[str, Any]:
    """Return `api`, `self_hosted`, `break_even` and `memory`, each if its inputs are given.

    Numbers are neither rounded nor put into words: they are what the formulas return.
    """
    return _Parts(engine, query, asked).all()


class _Parts:
    """One reading of an address, and what its parts share."""

    def __init__(self, engine: Engine, query: CostQuery, asked: FormulaQuery) -> None:
        self.asked = asked
        self.needs: Needs = needs(engine, query)
        self.pricer: Pricer = engine.pricer(query.answers)
        self.assumed = self.pricer.assumptions
        self.gpus: Mapping[str, Gpu] = {gpu.slug: gpu for gpu in engine.market.gpus}
        self.bits = (
            float(query.answers.overrides["bits"]) if "bits" in query.answers.overrides else None
        )
        self.has_size = {"tokens_in", "tokens_out"} <= asked.given or "size" in asked.given
        self.has_volume = "volume" in asked.given

    def all(self) -> dict[str, Any]:
        offer, deployment = self._offer(), None
        price = self._price(offer)
        serving = self._serving() if self.has_size else None
        if self.asked.model is not None and serving is None and self.has_size and self.has_volume:
            deployment = self.pricer.rented(self.asked.model.slug, self.needs)
            serving = (
                deployment.serving(self.assumed, self.pricer.peak(self.needs))
                if deployment
                else None
            )
        hourly = deployment.hourly if deployment else self._hourly()
        found: dict[str, Any] = {}
        if price is not None and self.has_size and self.has_volume:
            found["api"] = self._api(price, offer)
        if serving is not None and hourly is not None and self.has_volume:
            found["self_hosted"] = self._self_hosted(serving, hourly)
            if deployment is not None:
                found["self_hosted"] |= {
                    "gpu": deployment.model.gpu.slug,
                    "gpu_hourly": deployment.hourly,
                    "profile": deployment.model.profile.slug,
                    "grade": deployment.model.grade.value,
                }
        if serving is not None and hourly is not None and price is not None:
            found["break_even"] = self._break_even(price, serving, hourly)
        memory = self._memory(deployment.model.gpu if deployment else None)
        if memory is not None:
            found["memory"] = memory
        return found

    def _request(self) -> Workload:
        return Workload(
            volume=self.needs.volume,
            tokens_in=self.needs.tokens_in,
            tokens_out=self.needs.tokens_out,
            cached=self.assumed.cached,
            batch=self.assumed.batch,
            retry=self.assumed.retry,
            batch_discount=self.assumed.batch_discount,
        )

    def _billed(self) -> Workload:
        """Return the request as a named model is billed for it: it may write more than is asked."""
        model, request = self.asked.model, self._request()
        if model is None:
            return request
        asked = RequestSize(request.tokens_in, request.tokens_out)
        size = asked.written_by(model, self.assumed.reasoning)
        return replace(request, tokens_out=size.tokens_out)

    def _offer(self) -> Offer | None:
        """Return the named model's cheapest offer that takes this request, routers apart."""
        if self.asked.model is None or "price_in" in self.asked.given:
            return None
        billed = self._billed()
        context = self.needs.tokens_in + self.needs.tokens_out
        offers = [
            offer
            for offer in self.asked.model.offers
            if not offer.is_router and offer.holds(context)
        ]
        priced = [(request_usd(offer.price, billed), offer.host, offer) for offer in offers]
        return min(priced, key=lambda one: one[:2])[2] if priced else None

    def _price(self, offer: Offer | None) -> TokenPrice | None:
        if offer is not None:
            return offer.price
        given = self.asked.numbers
        if not {"price_in", "price_out"} <= given.keys():
            return None
        return TokenPrice(given["price_in"], given["price_out"], given.get("price_cached"))

    def _people_usd(self) -> float:
        """Return what the API's people cost where they are asked for; the tokens alone else."""
        fte = self.assumed.fte_closed if "fte_closed" in self.asked.given else 0.0
        return self.assumed.people_usd(fte)

    def _api(self, price: TokenPrice, offer: Offer | None) -> dict[str, Any]:
        billed = self._billed()
        found: dict[str, Any] = {
            "per_request_usd": request_usd(price, billed),
            "month_usd": month_usd(price, billed, self._people_usd()),
        }
        if offer is not None:
            found |= {
                "host": offer.host,
                "price_in": offer.price.input,
                "price_out": offer.price.output,
                "price_cached": offer.price.cached,
                "source": offer.source,
                "as_of": offer.as_of.isoformat(),
            }
        return found

    def _serving(self) -> Serving | None:
        profile = self.asked.profile
        if profile is None or "gpus_per_replica" not in self.asked.numbers:
            return None
        sized = self.needs
        return Serving(
            gpu_seconds=gpu_seconds(
                profile, sized.tokens_in, sized.tokens_out, self.assumed.cached
            ),
            gpus_per_replica=int(self.asked.numbers["gpus_per_replica"]),
            efficiency=self.assumed.efficiency,
            peak=self.pricer.peak(sized),
            spare=self.assumed.spare,
        )

    def _hourly(self) -> float | None:
        if self.assumed.gpu_hourly is not None or self.asked.profile is None:
            return self.assumed.gpu_hourly
        gpu = self.gpus.get(self.asked.profile.gpu)
        return gpu.rent_hourly if gpu else None

    def _self_hosted(self, serving: Serving, hourly: float) -> dict[str, Any]:
        people_usd = self.assumed.people_usd(self.assumed.fte)
        month = self_hosted_month(
            serving, self.needs.volume, hourly, self.assumed.infra, people_usd
        )
        return {
            "gpu_seconds_per_request": serving.gpu_seconds,
            "gpus_per_replica": serving.gpus_per_replica,
            "replicas": month.fleet.replicas,
            "gpus": month.fleet.gpus,
            "utilisation": month.fleet.utilisation,
            "gpu_usd": month.gpu_usd,
            "idle_usd": month.idle_usd,
            "infra_usd": month.infra_usd,
            "people_usd": month.people_usd,
            "month_usd": month.month_usd,
        }

    def _break_even(self, price: TokenPrice, serving: Serving, hourly: float) -> dict[str, Any]:
        found = break_even(
            request_usd(price, self._billed()),
            self._people_usd(),
            serving,
            hourly,
            self.assumed.infra,
            self.assumed.people_usd(self.assumed.fte),
        )
        return {
            "volume": found.volume,
            "reason": found.reason.value,
            "api_request_usd": found.api_request_usd,
            "self_hosted_request_usd": found.self_request_usd,
        }

    def _memory(self, gpu: Gpu | None) -> dict[str, Any] | None:
        inputs = self._memory_inputs(gpu)
        if inputs is None:
            return None
        shape = Architecture(
            int(inputs["layers"]),
            int(inputs["kv_heads"]),
            int(inputs["head_dim"]),
            inputs["kv_bytes"],
        )
        weights = weights_gb(inputs["params_b"], inputs["bits"])
        need = need_gb(weights, shape, inputs["context"], inputs["concurrency"])
        vram = inputs.get("vram_gb")
        return {
            "weights_gb": weights,
            "kv_bytes_per_token": kv_bytes_per_token(shape),
            "need_gb": need,
            "gpus_per_replica": gpus_needed(need, vram) if vram else None,
        }

    def _memory_inputs(self, gpu: Gpu | None) -> dict[str, float] | None:
        """Return what sizes the memory: given, or known of the named model."""
        model, given = self.asked.model, dict(self.asked.numbers)
        if model is not None and model.architecture is not None and model.params_b is not None:
            known = model.architecture
            given = {
                "params_b": model.params_b,
                "layers": known.layers,
                "kv_heads": known.kv_heads,
                "head_dim": known.head_dim,
                "kv_bytes": known.kv_bytes,
            } | given
        bits = self.bits or (model.bits if model and model.is_open else None)
        if bits is not None:
            given["bits"] = bits
        if gpu is not None:
            given.setdefault("vram_gb", gpu.vram_gb)
        given.setdefault("kv_bytes", 2.0)
        if self.has_size:
            given.setdefault("context", self.needs.tokens_in + self.needs.tokens_out)
        if self.has_size and self.has_volume:
            flying = concurrency(
                self.needs.volume, self.pricer.peak(self.needs), self.needs.tokens_out
            )
            given.setdefault("concurrency", flying)
        needed = {"params_b", "bits", "layers", "kv_heads", "head_dim", "context", "concurrency"}
        return given if needed <= given.keys() else None
