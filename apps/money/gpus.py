"""How many GPUs a volume of requests needs, and how busy they are."""

from dataclasses import dataclass
from math import ceil, inf

from apps.money.ranges import check, check_positive
from apps.money.workload import SECONDS_PER_DAY


@dataclass(frozen=True, slots=True)
class Serving:
    """One model on one kind of GPU: what a request takes, and how a fleet is laid out.

    `gpu_seconds` is GPU-seconds a request at full load; `gpus_per_replica` GPUs serve one copy
    together; `efficiency` (above 0, at most 1) is the share of the measured throughput that real
    traffic reaches; `peak` (1 or more) is the busiest hour's rate over the mean one; `spare`
    counts replicas beyond need. A request is in flight for `request_seconds`, and a replica's
    memory carries `replica_concurrency` of them at once. Raises ValueError, naming the field.
    """

    gpu_seconds: float
    gpus_per_replica: int
    efficiency: float
    peak: float = 1.0
    spare: float = 0.0
    request_seconds: float = 0.0
    replica_concurrency: float = inf

    def __post_init__(self) -> None:
        """Refuse what cannot serve."""
        check("gpu_seconds", self.gpu_seconds, 0)
        check_positive("gpus_per_replica", self.gpus_per_replica)
        check_positive("efficiency", self.efficiency)
        check("efficiency", self.efficiency, 0, 1)
        check("peak", self.peak, 1)
        check("spare", self.spare, 0)
        check("request_seconds", self.request_seconds, 0)
        if not self.replica_concurrency > 0:
            raise ValueError(f"replica_concurrency must be above 0, not {self.replica_concurrency}")

    @property
    def replica_seconds(self) -> float:
        """Seconds of one replica that a request takes: of its time or, if more, its memory."""
        return replica_seconds(
            self.gpu_seconds,
            self.gpus_per_replica,
            self.efficiency,
            self.request_seconds,
            self.replica_concurrency,
        )

    @property
    def requests_per_replica(self) -> float:
        """Requests a day at which one replica more is needed; infinite if they take no time."""
        seconds = self.peak * self.replica_seconds
        return SECONDS_PER_DAY / seconds if seconds > 0 else inf


@dataclass(frozen=True, slots=True)
class Fleet:
    """The GPUs that serve a volume; `utilisation` is the share of what they could serve."""

    replicas: int
    gpus_per_replica: int
    gpus: int
    utilisation: float


def replica_seconds(
    gpu_seconds: float,
    gpus_per_replica: int,
    efficiency: float,
    request_seconds: float = 0.0,
    replica_concurrency: float = inf,
) -> float:
    """Return the seconds of one replica that a request takes, by throughput or by memory.

    max(g/(efficiency·m), request_seconds/replica_concurrency); times requests a second and the
    peak factor it is the number of replicas (method, section 6).
    """
    by_time = gpu_seconds / (efficiency * gpus_per_replica)
    return max(by_time, request_seconds / replica_concurrency)


def replicas(busiest_rate: float, replica_seconds: float, spare: int) -> int:
    """Return max(1, ⌈requests a second at the peak · seconds of a replica⌉) + spare (section 6)."""
    return max(1, ceil(busiest_rate * replica_seconds)) + spare


def fleet(serving: Serving, volume: float) -> Fleet:
    """Return the fleet for `volume` requests a day.

    replicas = max(1, ⌈volume/86400·peak·g/(efficiency·m)⌉) + spare, more where memory asks for
    more; GPUs = replicas·m; utilisation = volume/86400·g/(efficiency·GPUs). Part of a spare
    replica counts as a whole one. Raises ValueError for a negative volume. Method, section 6.
    """
    check("volume", volume, 0, 1e12)
    busiest_rate = volume / SECONDS_PER_DAY * serving.peak
    needed = replicas(busiest_rate, serving.replica_seconds, ceil(serving.spare))
    gpus = needed * serving.gpus_per_replica
    utilisation = volume / SECONDS_PER_DAY * serving.gpu_seconds / (serving.efficiency * gpus)
    return Fleet(needed, serving.gpus_per_replica, gpus, utilisation)
