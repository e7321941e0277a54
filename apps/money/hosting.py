"""Ways to run an open model on GPUs, so reduced that the cheapest is found at any volume at once.

One takes `replica_seconds` for a request and costs `replica_usd` a month for a replica.
Its month is (max(1, ⌈x·replica_seconds⌉) + spare)·replica_usd, x being requests a second at the
peak. So one that is no better in both numbers never wins at any volume, and is dropped once and for
all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from apps.money.assumptions import Assumptions
from apps.money.gpus import Serving, replica_seconds, replicas
from apps.money.market import Candidate, Gpu, Market
from apps.money.memory import (
    GPU_COUNTS,
    AnyArchitecture,
    Load,
    replica_concurrency,
    request_seconds,
)
from apps.money.needs import RequestSize
from apps.money.self_hosted import replica_usd
from apps.money.throughput import Profile, gpu_seconds, nearest, scale


class Grade(StrEnum):
    """What a price rests on."""

    LIST_PRICE = "list-price"
    MEASURED = "measured"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class ModelOnGpu:
    """What a model takes of one GPU: a measured profile, `scale` times, and the model's memory."""

    candidate: Candidate
    gpu: Gpu
    profile: Profile
    scale: float
    grade: Grade
    weights_gb: float
    architecture: AnyArchitecture


@dataclass(frozen=True, slots=True)
class Deployment:
    """One model on so many of one GPU a replica, at a price an hour, for one size of request."""

    model: ModelOnGpu
    size: RequestSize
    gpus_per_replica: int
    hourly: float
    infra: float
    gpu_seconds: float
    replica_seconds: float
    replica_concurrency: float
    replica_usd: float

    @property
    def order(self) -> tuple[bool, int, str, int, str]:
        """What decides between those that cost the same: measured first, then the higher tier."""
        model = self.model
        estimated = model.grade is Grade.ESTIMATED
        candidate = model.candidate
        return estimated, -candidate.tier, candidate.slug, self.gpus_per_replica, model.gpu.slug

    def month_usd(self, busiest_rate: float, spare: int) -> float:
        """Return US dollars a month, infrastructure included, at requests a second at the peak."""
        return replicas(busiest_rate, self.replica_seconds, spare) * self.replica_usd

    def serving(self, assumptions: Assumptions, peak: float) -> Serving:
        """Return the same as the input of the cost formulas."""
        return Serving(
            gpu_seconds=self.gpu_seconds,
            gpus_per_replica=self.gpus_per_replica,
            efficiency=assumptions.efficiency,
            peak=peak,
            spare=assumptions.spare,
            request_seconds=request_seconds(self.size.tokens_out),
            replica_concurrency=self.replica_concurrency,
        )


def hourly_usd(gpu: Gpu, assumptions: Assumptions, owned: bool) -> float | None:
    """Return US dollars an hour of a GPU, rented or owned; None where unknown or not wanted."""
    if assumptions.gpu is not None and assumptions.gpu != gpu.slug:
        return None
    given = assumptions.gpu_hourly_own if owned else assumptions.gpu_hourly
    listed = gpu.own_hourly if owned else gpu.rent_hourly
    hourly = listed if given is None else given
    return hourly if hourly else None


def models_on_gpus(market: Market, candidate: Candidate) -> tuple[ModelOnGpu, ...]:
    """Return what a model takes of each GPU on which anything was measured.

    Its own measurement first, else the nearest measured model in proportion to active
    parameters; where those are unknown, all parameters are the upper bound.
    """
    weights, architecture = candidate.weights_gb(candidate.bits), candidate.architecture
    if candidate.params_b is None or weights is None or architecture is None:
        return ()
    active = candidate.active_b or candidate.params_b
    found = []
    for gpu in market.gpus:
        own = [p for p in market.profiles if p.gpu == gpu.slug and p.model == candidate.slug]
        profile = min(own, key=lambda p: p.slug, default=nearest(market.profiles, gpu.slug, active))
        if profile is None:
            continue
        # At another precision than the measured one speed is a guess.
        as_measured = bool(own) and not candidate.is_requantised
        measured = as_measured and not candidate.cache_of
        times = 1.0 if own else scale(profile, active)
        grade = Grade.MEASURED if measured else Grade.ESTIMATED
        found.append(ModelOnGpu(candidate, gpu, profile, times, grade, weights, architecture))
    return tuple(found)


def deployments(
    model: ModelOnGpu,
    hourly: float,
    infra: float,
    assumptions: Assumptions,
    size: RequestSize,
    throughput: float = 1.0,
) -> Iterator[Deployment]:
    """Yield the ways to run a model on a GPU: one for each number of GPUs where it fits.

    A replica must hold the weights and at least one whole request. `throughput` multiplies the
    GPU-seconds of a request: 2 is half as fast.
    """
    seconds = gpu_seconds(model.profile, size.tokens_in, size.tokens_out, assumptions.cached)
    seconds *= model.scale * throughput
    in_flight = request_seconds(size.tokens_out)
    load = Load(model.weights_gb, model.architecture, held_context(model.candidate, size))
    for gpus in GPU_COUNTS:
        carried = replica_concurrency(load, model.gpu.vram_gb, gpus)
        if carried >= 1:
            yield Deployment(
                model,
                size,
                gpus,
                hourly,
                infra,
                seconds,
                replica_seconds(seconds, gpus, assumptions.efficiency, in_flight, carried),
                carried,
                replica_usd(gpus, hourly, infra),
            )


def held_context(candidate: Candidate, size: RequestSize) -> float:
    """Return the tokens that a replica holds for one request.

    A model that is taken although its context is too short holds no more than its context.
    """
    return min(size.context, candidate.context_tokens or size.context)


def undominated(found: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """Return those that win at some volume, the cheapest replica first.

    Of two replicas at one price the slower one stays only where it comes first in order, for the
    volumes at which both cost the same.
    """
    kept: list[Deployment] = []
    for one in sorted(found, key=lambda d: (d.replica_usd, d.replica_seconds, d.order)):
        if not any(
            better.replica_seconds <= one.replica_seconds
            and (better.replica_usd < one.replica_usd or better.order < one.order)
            for better in kept
        ):
            kept.append(one)
    return tuple(kept)


def cheapest(
    kept: Sequence[Deployment], busiest_rate: float, spare: int
) -> tuple[float, Deployment]:
    """Return US dollars a month and what costs least at requests a second at the peak.

    `kept` is what `undominated` returned, not empty.
    """
    best, best_usd = kept[0], inf
    for one in kept:
        if one.replica_usd * (1 + spare) > best_usd:
            break
        usd = one.month_usd(busiest_rate, spare)
        if usd < best_usd or (usd == best_usd and one.order < best.order):
            best, best_usd = one, usd
    return best_usd, best
