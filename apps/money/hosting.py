"""Ways to run an open model on GPUs, so reduced that the cheapest is found at any volume at once.

A way takes `seconds` of one replica for a request and costs `replica_usd` a month for a replica.
Its month is (max(1, ⌈x·seconds⌉) + spare)·replica_usd, x being requests a second at the peak. So a
way that is no better in both numbers never wins at any volume, and is dropped once and for all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, inf
from typing import NamedTuple

from apps.money.assumptions import Assumptions
from apps.money.gpus import Serving, replica_seconds
from apps.money.market import Candidate, Gpu, Market
from apps.money.memory import (
    GPU_COUNTS,
    kv_bytes_per_token,
    need_gb_unknown_architecture,
    replica_concurrency,
    request_seconds,
    usable_gb,
    weights_gb,
)
from apps.money.self_hosted import gpus_usd
from apps.money.throughput import Profile, gpu_seconds, nearest


class Grade(StrEnum):
    """What a price rests on."""

    LIST_PRICE = "list-price"
    MEASURED = "measured"
    ESTIMATED = "estimated"


class Size(NamedTuple):
    """The tokens of a request, in and out."""

    tokens_in: float
    tokens_out: float

    @property
    def context(self) -> float:
        """The tokens that a model must hold at once."""
        return self.tokens_in + self.tokens_out

    def of(self, candidate: Candidate, reasoning: float) -> "Size":
        """Return the size with the tokens that a model which is known to reason adds.

        `reasoning` is how many tokens it writes for each one that is counted (1 or more).
        """
        return Size(self.tokens_in, self.tokens_out * reasoning) if candidate.reasons else self


@dataclass(frozen=True, slots=True)
class Rate:
    """What a model takes of one GPU: a measured profile, `scale` times, and the model's memory."""

    candidate: Candidate
    gpu: Gpu
    profile: Profile
    scale: float
    grade: Grade
    weights_gb: float


@dataclass(frozen=True, slots=True)
class Way:
    """One model on so many of one GPU a replica, at a price an hour, for one size of request."""

    rate: Rate
    size: Size
    gpus: int
    hourly: float
    infra: float
    gpu_seconds: float
    seconds: float
    replica_concurrency: float
    replica_usd: float

    @property
    def order(self) -> tuple[bool, int, str, int, str]:
        """What decides between ways that cost the same: measured first, then the higher tier."""
        rate = self.rate
        estimated = rate.grade is Grade.ESTIMATED
        candidate = rate.candidate
        return estimated, -candidate.tier, candidate.slug, self.gpus, rate.gpu.slug

    def month_usd(self, peak_rate: float, spare: int) -> float:
        """Return US dollars a month, infrastructure included, at requests a second at the peak."""
        return (max(1, ceil(peak_rate * self.seconds)) + spare) * self.replica_usd

    def serving(self, assumptions: Assumptions, peak: float) -> Serving:
        """Return the same as the input of the cost formulas."""
        return Serving(
            gpu_seconds=self.gpu_seconds,
            gpus_per_replica=self.gpus,
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


def rates(market: Market, candidate: Candidate) -> tuple[Rate, ...]:
    """Return what a model takes of each GPU on which anything was measured.

    Its own measurement first, else the nearest measured model in proportion to active
    parameters; where those are unknown, all parameters are the upper bound.
    """
    if candidate.params_b is None:
        return ()
    weights = weights_gb(candidate.params_b, candidate.bits)
    active = candidate.active_b or candidate.params_b
    found = []
    for gpu in market.gpus:
        own = [p for p in market.profiles if p.gpu == gpu.slug and p.model == candidate.slug]
        profile = min(own, key=lambda p: p.slug, default=nearest(market.profiles, gpu.slug, active))
        if profile is None:
            continue
        # At another precision than the measured one speed is a guess.
        as_measured = bool(own) and not candidate.is_requantised
        measured = as_measured and candidate.architecture is not None
        scale = 1.0 if own else active / profile.active_params_b
        grade = Grade.MEASURED if measured else Grade.ESTIMATED
        found.append(Rate(candidate, gpu, profile, scale, grade, weights))
    return tuple(found)


def ways(
    rate: Rate,
    hourly: float,
    infra: float,
    assumptions: Assumptions,
    size: Size,
    throughput: float = 1.0,
) -> tuple[Way, ...]:
    """Return the ways to run a model on a GPU: for each number of GPUs where it fits.

    A replica must hold the weights and at least one whole request. `throughput` multiplies the
    GPU-seconds of a request: 2 is half as fast.
    """
    seconds = gpu_seconds(rate.profile, size.tokens_in, size.tokens_out, assumptions.cached)
    seconds *= rate.scale * throughput
    in_flight = request_seconds(size.tokens_out)
    # A model that is taken although its context is too short holds no more than its context.
    context = min(size.context, rate.candidate.context_tokens or size.context)
    found = []
    for gpus in GPU_COUNTS:
        carried = _carried(rate, gpus, context)
        if carried < 1:
            continue
        found.append(
            Way(
                rate,
                size,
                gpus,
                hourly,
                infra,
                seconds,
                replica_seconds(seconds, gpus, assumptions.efficiency, in_flight, carried),
                carried,
                gpus_usd(gpus, hourly) * (1 + infra),
            )
        )
    return tuple(found)


def _carried(rate: Rate, gpus: int, context: float) -> float:
    """Return how many requests a replica's memory carries at once; infinite where not known."""
    architecture, vram = rate.candidate.architecture, rate.gpu.vram_gb
    if architecture is None:
        fits = need_gb_unknown_architecture(rate.weights_gb) <= usable_gb(vram, gpus)
        return inf if fits else 0.0
    kv_bytes = kv_bytes_per_token(architecture)
    return replica_concurrency(rate.weights_gb, kv_bytes, context, vram, gpus)


def undominated(found: Iterable[Way]) -> tuple[Way, ...]:
    """Return the ways that win at some volume, the cheapest replica first.

    Of two replicas at one price the slower one stays only where it comes first in order, for the
    volumes at which both cost the same.
    """
    kept: list[Way] = []
    for way in sorted(found, key=lambda w: (w.replica_usd, w.seconds, w.order)):
        if not any(
            better.seconds <= way.seconds
            and (better.replica_usd < way.replica_usd or better.order < way.order)
            for better in kept
        ):
            kept.append(way)
    return tuple(kept)


def cheapest(kept: Sequence[Way], peak_rate: float, spare: int) -> tuple[float, Way]:
    """Return US dollars a month and the way that costs least at requests a second at the peak.

    `kept` is what `undominated` returned, not empty.
    """
    best, best_usd = kept[0], inf
    for way in kept:
        least = way.replica_usd * (1 + spare)
        if least > best_usd:
            break
        busy = ceil(peak_rate * way.seconds)
        usd = (busy + spare) * way.replica_usd if busy > 1 else least
        if usd < best_usd or (usd == best_usd and way.order < best.order):
            best, best_usd = way, usd
    return best_usd, best
