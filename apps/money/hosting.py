"""Models on machines: rented GPUs, own GPUs and devices that people have on a desk.

A replica takes `seconds` for a request and costs `replica_usd` a month, so that a month is
(max(1, ⌈x·seconds⌉) + spare)·replica_usd, x being requests a second at the peak.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from apps.money.assumptions import Assumptions
from apps.money.gpus import Serving, replica_seconds
from apps.money.market import Candidate, Device, Gpu, Market
from apps.money.memory import (
    GPU_COUNTS,
    TTFT_SECONDS,
    AnyArchitecture,
    Load,
    replica_concurrency,
    request_seconds,
    usable_gb,
)
from apps.money.needs import GPU_SERVER, TO_BE_BOUGHT, RequestSize
from apps.money.self_hosted import replica_usd
from apps.money.suitability import index
from apps.money.throughput import Profile, Scaled, nearest, scaled
from apps.money.workload import HOURS_PER_MONTH

# Devices: what is read of the bandwidth, bits a weight, and months that the price is spread over.
DECODING = 0.6
DEVICE_BITS = 4.0
WRITE_OFF_MONTHS = 36
_WATTS = 1000.0


class Grade(StrEnum):
    """What a price rests on."""

    LIST_PRICE = "list-price"
    MEASURED = "measured"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class ModelOnGpu:
    """What a model takes of one GPU: the speed that was measured or scaled, and its memory."""

    candidate: Candidate
    gpu: Gpu
    speed: Scaled
    grade: Grade
    weights_gb: float
    architecture: AnyArchitecture

    @property
    def profile(self) -> Profile:
        """The measurement that the speed rests on."""
        return self.speed.profile


@dataclass(frozen=True, slots=True)
class ModelOnDevice:
    """A model with four bits a weight on a device: how fast it writes, and its memory."""

    candidate: Candidate
    device: Device
    bits: float
    weights_gb: float
    architecture: AnyArchitecture
    tokens_per_second: float

    @property
    def grade(self) -> Grade:
        """A speed computed from the bandwidth is an estimate."""
        return Grade.ESTIMATED


@dataclass(frozen=True, slots=True)
class Deployment:
    """A model on so many of one GPU a replica, at a price an hour, for one size of request."""

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
    def candidate(self) -> Candidate:
        """The model."""
        return self.model.candidate

    @property
    def eci(self) -> float:
        """Points of the index that count for it."""
        return index(self.candidate)

    @property
    def order(self) -> tuple[bool, int, str]:
        """What decides between the same model at one price: measured first."""
        return self.model.grade is Grade.ESTIMATED, self.gpus_per_replica, self.model.gpu.slug

    def serving(self, assumptions: Assumptions, peak: float, spare: float) -> Serving:
        """Return the same as the input of the cost formulas."""
        return Serving(
            gpu_seconds=self.gpu_seconds,
            gpus_per_replica=self.gpus_per_replica,
            efficiency=assumptions.efficiency,
            peak=peak,
            spare=spare,
            request_seconds=request_seconds(self.size.tokens_out),
            replica_concurrency=self.replica_concurrency,
        )


@dataclass(frozen=True, slots=True)
class OnDevice:
    """A model on one device, for one size of request; `replica_usd` is a device's month."""

    model: ModelOnDevice
    size: RequestSize
    replica_seconds: float
    replica_usd: float
    electricity: float

    @property
    def candidate(self) -> Candidate:
        """The model."""
        return self.model.candidate

    @property
    def eci(self) -> float:
        """Points of the index that count for it at its precision."""
        return index(self.candidate, self.model.bits)

    @property
    def order(self) -> tuple[bool, int, str]:
        """What decides between the same model at one price."""
        return True, 1, self.model.device.slug


type Machine = Deployment | OnDevice


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

    Its own measurement first, else the nearest measured model, scaled; where the active
    parameters are unknown, all parameters are the upper bound.
    """
    weights, architecture = candidate.weights_gb(candidate.bits), candidate.architecture
    if candidate.params_b is None or weights is None or architecture is None:
        return ()
    found = []
    for gpu in market.gpus:
        own = [p for p in market.profiles if p.gpu == gpu.slug and p.model == candidate.slug]
        if own:
            speed = Scaled.of(min(own, key=lambda p: p.slug))
        else:
            profile = nearest(market.profiles, gpu.slug, candidate)
            if profile is None:
                continue
            speed = scaled(profile, candidate, gpu)
        # At another precision than the measured one speed is a guess.
        as_measured = bool(own) and not candidate.is_requantised
        measured = as_measured and not candidate.cache_of
        grade = Grade.MEASURED if measured else Grade.ESTIMATED
        found.append(ModelOnGpu(candidate, gpu, speed, grade, weights, architecture))
    return tuple(found)


def models_on_devices(market: Market, candidate: Candidate) -> tuple[ModelOnDevice, ...]:
    """Return a model with four bits a weight on each device whose memory and price are known.

    Decoding speed ≈ 0.6·bandwidth/(active bytes a token) (method, section 6).
    """
    bits = min(candidate.bits, DEVICE_BITS)
    weights = candidate.weights_gb(bits)
    active = candidate.active_b or candidate.params_b
    if weights is None or active is None or candidate.architecture is None:
        return ()
    return tuple(
        ModelOnDevice(
            candidate,
            device,
            bits,
            weights,
            candidate.architecture,
            DECODING * device.bandwidth_gbs / (active * bits / 8),
        )
        for device in market.devices
        if device.price_usd is not None and device.bandwidth_gbs is not None
    )


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
    seconds = model.speed.gpu_seconds(size.tokens_in, size.tokens_out, assumptions.cached)
    seconds *= throughput
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


def on_device(
    model: ModelOnDevice, assumptions: Assumptions, size: RequestSize, throughput: float = 1.0
) -> OnDevice | None:
    """Return a model on a device, one request after the other; None where it does not fit."""
    load = Load(model.weights_gb, model.architecture, held_context(model.candidate, size))
    if load.need_gb() > device_gb(model.device):
        return None
    seconds = TTFT_SECONDS + size.tokens_out / model.tokens_per_second
    return OnDevice(
        model,
        size,
        seconds * throughput,
        device_usd(model.device, assumptions.electricity),
        assumptions.electricity,
    )


def device_gb(device: Device) -> float:
    """Return the gigabytes that a device leaves to a model: those of a GPU, or its system's limit.

    0.9·memory − 2 (method, section 6), less where its system is known to leave less.
    """
    of_memory = usable_gb(device.memory_gb, 1)
    return of_memory if device.usable_gb is None else min(of_memory, device.usable_gb)


def device_usd(device: Device, electricity: float) -> float:
    """Return the US dollars a month of a device: its price over 36 months, and its power.

    Power counts as if it ran all hours, an upper bound; unknown power counts nothing.
    """
    price = (device.price_usd or 0.0) / WRITE_OFF_MONTHS
    return price + power_usd(device.power_w, electricity)


def power_usd(watts: float | None, electricity: float) -> float:
    """Return the US dollars a month of so many watts at US dollars a kWh."""
    return (watts or 0.0) / _WATTS * HOURS_PER_MONTH * electricity


def capital_usd(gpu: Gpu, assumptions: Assumptions) -> float:
    """Return what a month of a GPU does not cost that is there already: all but its power."""
    hourly = hourly_usd(gpu, assumptions, owned=True) or 0.0
    whole = hourly * HOURS_PER_MONTH * (1 + assumptions.infra_own)
    return max(0.0, whole - power_usd(gpu.power_w, assumptions.electricity))


def held_context(candidate: Candidate, size: RequestSize) -> float:
    """Return the tokens that a replica holds for one request.

    A model that is taken although its context is too short holds no more than its context.
    """
    return min(size.context, candidate.context_tokens or size.context)


def wants_gpus(hardware: str) -> bool:
    """Tell whether own hardware may be GPU servers."""
    return hardware in {GPU_SERVER, TO_BE_BOUGHT}


def most_devices(hardware: str) -> float:
    """Return how many devices are looked at: one where GPU servers can be bought instead."""
    return 1.0 if hardware == TO_BE_BOUGHT else inf
