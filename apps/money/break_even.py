"""From which volume on one's own GPUs stay cheaper than an API."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, isinf

from apps.money.gpus import Serving
from apps.money.ranges import check
from apps.money.self_hosted import replica_usd
from apps.money.workload import DAYS_PER_MONTH

# Steps are told apart to this part of a step: a volume at a step's end must not slip into the next.
_STEP = 1e-9


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


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to serve a model oneself; `hourly` is US dollars a GPU-hour, `infra` a fraction.

    `people_usd` is US dollars a month of the people that each GPU takes.
    """

    serving: Serving
    hourly: float
    infra: float
    people_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class _Staircase:
    """A plan's month: step j, the volumes from (j − 1)·each to j·each, costs j·step + fixed.

    `fixed_usd` holds the spare replicas and the people, less the people that the API needs.
    """

    step_usd: float
    fixed_usd: float
    each: float

    @property
    def request_usd(self) -> float:
        return self.step_usd / self.each / DAYS_PER_MONTH


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
    """
    plans = (Plan(serving, hourly, infra),)
    return break_even_of_best(api_request_usd, api_people_usd, plans, people_usd)


def break_even_of_best(
    api_request_usd: float, api_people_usd: float, plans: Sequence[Plan], people_usd: float
) -> BreakEven:
    """Return the same where at each volume the cheapest of several plans is run.

    Raises ValueError for negative numbers and where there is no plan.
    """
    check("api_request_usd", api_request_usd, 0)
    check("api_people_usd", api_people_usd, 0)
    check("people_usd", people_usd, 0)
    check("plans", len(plans), 1)
    stairs = [_staircase(plan, people_usd - api_people_usd) for plan in plans]
    self_request_usd = min(stair.request_usd for stair in stairs)
    ends = [_end(stair, api_request_usd) for stair in stairs if stair.request_usd < api_request_usd]
    if not ends:
        return BreakEven(None, Reason.NEVER, api_request_usd, self_request_usd)
    volume = min(ends)
    while (lower := _cheaper_down_to(volume, stairs, api_request_usd)) < volume:
        volume = lower
    reason = Reason.REACHED if volume > 0 else Reason.ALWAYS
    return BreakEven(volume, reason, api_request_usd, self_request_usd)


def _staircase(plan: Plan, people_usd: float) -> _Staircase:
    gpus = plan.serving.gpus_per_replica
    step_usd = replica_usd(gpus, plan.hourly, plan.infra) + gpus * plan.people_usd
    fixed_usd = ceil(plan.serving.spare) * step_usd + people_usd
    return _Staircase(step_usd, fixed_usd, plan.serving.requests_per_replica)


def _end(stair: _Staircase, api_request_usd: float) -> float:
    """Return the volume above which one staircase is never dearer than the API.

    It can be dearest just after a step, so the last step that starts dearer holds that volume:
    j·step + fixed > api·(j − 1)·each. Both sides grow linearly in j, which finds the step without
    walking there.
    """
    gain = (api_request_usd - stair.request_usd) * DAYS_PER_MONTH * stair.each
    last = max(1, ceil((stair.fixed_usd + stair.step_usd) / gain))
    return max(0.0, (last * stair.step_usd + stair.fixed_usd) / (DAYS_PER_MONTH * api_request_usd))


def _cheaper_down_to(volume: float, stairs: Sequence[_Staircase], api_request_usd: float) -> float:
    """Return how far below a volume some staircase stays cheaper; the volume itself if none is."""
    lowest = volume
    for stair in stairs:
        step = 1 if isinf(stair.each) else max(1, ceil(volume / stair.each - _STEP))
        start = 0.0 if step == 1 else (step - 1) * stair.each
        equal = (step * stair.step_usd + stair.fixed_usd) / (DAYS_PER_MONTH * api_request_usd)
        if equal < volume * (1 - _STEP):
            lowest = min(lowest, max(start, equal))
    return lowest
