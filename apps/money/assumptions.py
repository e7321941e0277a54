"""The inputs of the cost formulas that nobody is asked for, but anybody may change."""

from collections.abc import Mapping
from dataclasses import dataclass

_PEOPLE = (0.0, 10_000.0)
_PRICE = (0.0, 1_000_000.0)
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
    "people": (0.0, 1.0),
    "people_closed": _PEOPLE,
    "people_hosted": _PEOPLE,
    "people_hybrid": _PEOPLE,
    "people_rented": _PEOPLE,
    "people_owned": _PEOPLE,
    "people_device": _PEOPLE,
    "people_fleet_hybrid": _PEOPLE,
    "people_per_gpu": _PEOPLE,
    "people_per_gpu_own": _PEOPLE,
    "sensitive_share": (0.0, 1.0),
    "price_in_closed_api": _PRICE,
    "price_out_closed_api": _PRICE,
    "price_in_hosted_open": _PRICE,
    "price_out_hosted_open": _PRICE,
    "owned_gpus": (0.0, 1e6),
    "tuned_factor": (1.0, 100.0),
    "training_tokens": (0.0, 1e13),
    "training_epochs": (0.0, 1000.0),
    "training_price": (0.0, 10_000.0),
    "electricity": (0.0, 10.0),
}


@dataclass(frozen=True, slots=True)
class Assumptions:
    """One value for each assumption; the names are the keys of the URL, with _ for each hyphen.

    Shares (`retry`, `cached`, `batch`, `batch_discount`, `efficiency`, `infra`, `infra_own`,
    `sensitive_share`) are fractions; `spare` counts replicas; `salary` is US dollars a year.
    `fte…` are full-time people, `fte` itself for self-hosting on rented GPUs; where they are None
    they are computed from `people_…` (base and each GPU), which `people` (0 or 1) leaves out.
    `gpu` (a slug), `gpu_hourly`, `gpu_hourly_own` (US dollars), `peak`, `hard_share` (the part of
    a hybrid's requests that go to its closed model) and `reasoning` (how many tokens a model that
    reasons is billed for each of the answer) replace the rows' values where they are given, and so
    do the negotiated prices `price_…` (US dollars a million tokens). `owned_gpus` counts GPUs that
    are there already. `growth` is the part by which the requests of a month exceed those of the
    month before, `setup…` one full-time person's months before the first day, `setup` itself for
    self-hosting on rented GPUs. `tuned_factor` is a tuned closed model's price over its base
    price; a training run is tokens · epochs · price; `electricity` is US dollars a kWh.
    """

    retry: float = 0.05
    cached: float = 0.0
    batch: float = 0.0
    batch_discount: float = 0.5
    efficiency: float = 0.5
    spare: float = 1.0
    infra: float = 0.2
    infra_own: float = 0.1
    salary: float = 180_000.0
    fte_closed: float | None = None
    fte_hosted: float | None = None
    fte: float | None = None
    fte_onprem: float | None = None
    fte_hybrid: float | None = None
    gpu: str | None = None
    gpu_hourly: float | None = None
    gpu_hourly_own: float | None = None
    peak: float | None = None
    reasoning: float | None = None
    hard_share: float | None = None
    growth: float = 0.0
    setup_closed: float = 0.0
    setup_hosted: float = 0.0
    setup: float = 0.0
    setup_onprem: float = 0.0
    setup_hybrid: float = 0.0
    people: float = 1.0
    people_closed: float = 0.0
    people_hosted: float = 0.0
    people_hybrid: float = 0.0
    people_rented: float = 0.0
    people_owned: float = 0.0
    people_device: float = 0.0
    people_fleet_hybrid: float = 0.0
    people_per_gpu: float = 0.0
    people_per_gpu_own: float = 0.0
    sensitive_share: float = 0.0
    price_in_closed_api: float | None = None
    price_out_closed_api: float | None = None
    price_in_hosted_open: float | None = None
    price_out_hosted_open: float | None = None
    owned_gpus: float = 0.0
    tuned_factor: float = 1.0
    training_tokens: float = 0.0
    training_epochs: float = 0.0
    training_price: float = 0.0
    electricity: float = 0.0

    def negotiated(self, *, is_open: bool) -> tuple[float | None, float | None]:
        """Return what a person pays a million tokens, in and out; None: what the list says."""
        if is_open:
            return self.price_in_hosted_open, self.price_out_hosted_open
        return self.price_in_closed_api, self.price_out_closed_api

    @property
    def training_usd(self) -> float:
        """US dollars of one training run."""
        return self.training_tokens * self.training_epochs * self.training_price / 1e6
