"""The inputs of the cost formulas that nobody is asked for, but anybody may change."""

from collections.abc import Mapping
from dataclasses import dataclass

_PEOPLE = (0.0, 10_000.0)
# What the formulas take, whatever a rulebook allows; 36 months of growth end within their range.
LIMITS: Mapping[str, tuple[float, float]] = {
    "retry": (0.0, 10.0),
    "cached": (0.0, 1.0),
    "batch": (0.0, 1.0),
    "batch_discount": (0.0, 1.0),
    "efficiency": (0.001, 1.0),
    "spare": (0.0, 1000.0),
    "infra": (0.0, 100.0),
    "infra_own": (0.0, 100.0),
    "gpu_hourly": (0.001, 10_000.0),
    "gpu_hourly_own": (0.001, 10_000.0),
    "salary": (0.0, 1e8),
    "fte_closed": _PEOPLE,
    "fte_hosted": _PEOPLE,
    "fte": _PEOPLE,
    "fte_onprem": _PEOPLE,
    "fte_hybrid": _PEOPLE,
    "peak": (1.0, 1000.0),
    "hard_share": (0.0, 1.0),
    "reasoning": (1.0, 100.0),
    "growth": (0.0, 0.2),
    "setup_closed": _PEOPLE,
    "setup_hosted": _PEOPLE,
    "setup": _PEOPLE,
    "setup_onprem": _PEOPLE,
    "setup_hybrid": _PEOPLE,
}


@dataclass(frozen=True, slots=True)
class Assumptions:
    """One value for each assumption; the names are the keys of the URL.

    Shares (`retry`, `cached`, `batch`, `batch_discount`, `efficiency`, `infra`, `infra_own`) are
    fractions; `spare` counts replicas; `salary` is US dollars a year; `fte…` are full-time people,
    `fte` itself for self-hosting on rented GPUs. `gpu` (a slug), `gpu_hourly`, `gpu_hourly_own`
    (US dollars), `peak` and `hard_share` (the part of a hybrid's requests that go to its closed
    model) replace the rows' values where they are given. `reasoning` is how many
    output tokens a model that reasons is billed for each one that is counted, `growth` the part by
    which the requests of a month exceed those of the month before, `setup…` one full-time person's
    months before the first day, `setup` itself for self-hosting on rented GPUs.
    """

    retry: float
    cached: float
    batch: float
    batch_discount: float
    efficiency: float
    spare: float
    infra: float
    infra_own: float
    salary: float
    fte_closed: float
    fte_hosted: float
    fte: float
    fte_onprem: float
    fte_hybrid: float
    gpu: str | None = None
    gpu_hourly: float | None = None
    gpu_hourly_own: float | None = None
    peak: float | None = None
    reasoning: float = 1.0
    hard_share: float | None = None
    growth: float = 0.0
    setup_closed: float = 0.0
    setup_hosted: float = 0.0
    setup: float = 0.0
    setup_onprem: float = 0.0
    setup_hybrid: float = 0.0

    def people_usd(self, fte: float) -> float:
        """Return the US dollars a month that this many full-time people cost."""
        return fte * self.salary / 12
