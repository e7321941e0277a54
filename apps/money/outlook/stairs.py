"""The GPUs as a staircase: what each further replica carries and costs."""

from dataclasses import dataclass
from math import inf, isinf

from apps.money.gpus import fleet
from apps.money.priced import OnGpus
from apps.money.self_hosted import self_hosted_month

# Steps that are shown around today's.
_BEFORE, _AFTER = 2, 3


@dataclass(frozen=True, slots=True)
class Stair:
    """One step: the volumes above `start` up to `end`, requests a day, and what serves them.

    `usd` is US dollars a month without people; `full` is the utilisation at its end (0 to 1),
    which a peak above the mean keeps below 1.
    """

    start: float
    end: float
    replicas: int
    gpus: int
    usd: float
    full: float
    is_today: bool


def stairs(part: OnGpus) -> tuple[Stair, ...]:
    """Return the steps around today's volume.

    The model, the GPU and the number of GPUs a replica stay what they are today.
    """
    serving = part.serving
    hourly, infra = part.deployment.hourly, part.deployment.infra
    each = serving.requests_per_replica
    today = part.fleet.replicas - (fleet(serving, 0).replicas - 1)
    if isinf(each):
        fleet_, usd = part.fleet, part.month.month_usd
        return (Stair(0, inf, fleet_.replicas, fleet_.gpus, usd, 0.0, True),)
    found = []
    for busy in range(max(1, today - _BEFORE), today + _AFTER + 1):
        # Just below the end, so that rounding never starts the next step.
        end = busy * each
        month = self_hosted_month(serving, end * (1 - 1e-9), hourly, infra)
        found.append(
            Stair(
                start=end - each,
                end=end,
                replicas=month.fleet.replicas,
                gpus=month.fleet.gpus,
                usd=month.month_usd,
                full=month.fleet.utilisation,
                is_today=busy == today,
            )
        )
    return tuple(found)
