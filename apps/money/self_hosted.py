"""What a month on own or rented GPUs costs."""

from dataclasses import dataclass

from apps.money.gpus import Fleet, Serving, fleet
from apps.money.ranges import check
from apps.money.workload import HOURS_PER_MONTH


@dataclass(frozen=True, slots=True)
class SelfHostedMonth:
    """A month of a fleet in US dollars."""

    fleet: Fleet
    gpu_usd: float
    infra_usd: float
    people_usd: float

    @property
    def month_usd(self) -> float:
        """GPUs, infrastructure and people together."""
        return self.gpu_usd + self.infra_usd + self.people_usd

    @property
    def idle_usd(self) -> float:
        """The part of the GPUs' cost that serves nothing."""
        return self.gpu_usd * (1 - self.fleet.utilisation)


def gpus_usd(gpus: int, hourly: float) -> float:
    """Return the US dollars a month of GPUs at an hourly price: GPUs·hourly·730 (section 6).

    Raises ValueError for negative numbers.
    """
    check("gpus", gpus, 0)
    check("hourly", hourly, 0)
    return gpus * hourly * HOURS_PER_MONTH


def replica_usd(gpus_per_replica: int, hourly: float, infra: float) -> float:
    """Return the US dollars a month of one replica, infrastructure included (section 6).

    Raises ValueError for negative numbers.
    """
    check("infra", infra, 0)
    return gpus_usd(gpus_per_replica, hourly) * (1 + infra)


def self_hosted_month(
    serving: Serving, volume: float, hourly: float, infra: float, people_usd: float = 0.0
) -> SelfHostedMonth:
    """Return the month that serves `volume` requests a day: GPUs·hourly·730·(1 + infra) + people.

    `hourly` is US dollars a GPU-hour, `infra` a fraction of the GPUs' cost, `people_usd` US
    dollars a month. Raises ValueError for negative numbers. Method, section 6.
    """
    check("infra", infra, 0)
    check("people_usd", people_usd, 0)
    found = fleet(serving, volume)
    gpu_usd = gpus_usd(found.gpus, hourly)
    return SelfHostedMonth(found, gpu_usd, gpu_usd * infra, people_usd)
