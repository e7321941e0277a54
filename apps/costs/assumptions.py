"""The inputs of the cost formulas that nobody is asked for, but anybody may change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumptions:
    """One value for each assumption; the names are the keys of the URL.

    Shares (`retry`, `cached`, `batch`, `batch_discount`, `efficiency`, `infra`, `infra_own`) are
    fractions; `spare` counts replicas; `salary` is US dollars a year; `fte…` are full-time people,
    `fte` itself for self-hosting on rented GPUs. `gpu` (a slug), `gpu_hourly`, `gpu_hourly_own`
    (US dollars) and `peak` replace the rows' values where they are given.
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

    def people_usd(self, fte: float) -> float:
        """Return the US dollars a month that this many full-time people cost."""
        return fte * self.salary / 12
