"""From which volume on one's own GPUs stay cheaper than an API."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from apps.costs.gpus import Serving
from apps.costs.ranges import check
from apps.costs.self_hosted import gpus_usd
from apps.costs.workload import DAYS_PER_MONTH


class Reason(StrEnum):
    """Why a break-even volume is what it is."""

    REACHED = "reached"
    # Fewer people than the API needs pay for the first GPUs: cheaper from the first request on.
    ALWAYS = "always"
    # Even GPUs that are busy in every peak hour cost no less a request than the API.
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The break-even in requests a day; `volume` is None where there is none.

    `api_request_usd` and `self_request_usd` are what one more request costs, people apart, on the
    API and on GPUs that are as busy as the peak lets them be.
    """

    volume: float | None
    reason: Reason
    api_request_usd: float
    self_request_usd: float


def break_even(
    api_request_usd: float,
    api_people_usd: float,
    serving: Serving,
    hourly: float,
    infra: float,
    people_usd: float,
) -> BreakEven:
    """Return the smallest volume, requests a day, from which self-hosting stays cheaper.

    At that volume both cost the same. Never where g·peak/efficiency·hourly·(1 + infra)/3600, or
    its like where memory sets the number of replicas, is not below the API's request. `hourly` is
    US dollars a GPU-hour, both `people_usd` US dollars a month. Raises ValueError for negative
    numbers. Method, section 6.

    The cost is a staircase: step j, (j + spare) replicas, serves from (j − 1) to j times what a
    replica serves. Self-hosting can be dearest just after a step, so the last step that starts
    dearer than the API holds the break-even. A step's start and the API both grow linearly in j,
    which finds that step without walking there.
    """
    check("api_request_usd", api_request_usd, 0)
    check("api_people_usd", api_people_usd, 0)
    check("infra", infra, 0)
    check("people_usd", people_usd, 0)
    replica_usd = gpus_usd(serving.gpus_per_replica, hourly) * (1 + infra)
    fixed_usd = ceil(serving.spare) * replica_usd + people_usd - api_people_usd
    each = serving.requests_per_replica
    self_request_usd = replica_usd / each / DAYS_PER_MONTH
    if api_request_usd <= self_request_usd:
        return BreakEven(None, Reason.NEVER, api_request_usd, self_request_usd)
    # Step j starts dearer where j·replica + fixed > api·(j − 1)·each; gain is what a step saves.
    gain = (api_request_usd - self_request_usd) * DAYS_PER_MONTH * each
    last = max(1, ceil((fixed_usd + replica_usd) / gain))
    volume = max(0.0, (last * replica_usd + fixed_usd) / (DAYS_PER_MONTH * api_request_usd))
    reason = Reason.REACHED if volume > 0 else Reason.ALWAYS
    return BreakEven(volume, reason, api_request_usd, self_request_usd)
