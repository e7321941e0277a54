"""Measured profiles and hypothesis strategies that the tests of the cost formulas share."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from apps.money.api import PriceStep, TokenPrice
from apps.money.choice import Demand
from apps.money.gpus import Serving
from apps.money.needs import Needs
from apps.money.throughput import Profile
from apps.money.workload import Workload


def profile(
    slug: str = "small@H100",
    gpu: str = "H100",
    model: str = "small",
    active: float = 8.0,
    a: float = 1e-5,
    b: float = 1e-4,
    c: float = 1e-8,
    total: float | None = None,
) -> Profile:
    """Return a profile, as measured as the test needs it."""
    return Profile(slug, gpu, model, "FP8", active, a, b, c, 5.0, "a published table", total)


# NVIDIA's published TensorRT-LLM tables, fitted; active parameters as published with the models.
MEASURED = {
    "gpt-oss-120b@H100": profile(
        "gpt-oss-120b@H100", "H100", "gpt-oss-120b", 5.1, 4.669e-05, 0.0001011, 4.291e-08
    ),
    "llama-3.3-70b-fp8@H100": profile(
        "llama-3.3-70b-fp8@H100", "H100", "llama-3-3-70b", 70.6, 0.0001375, 0.0001371, 1.38e-07
    ),
}

usd = st.floats(0.001, 200)
shares = st.floats(0, 1)


@st.composite
def token_prices(draw: st.DrawFn) -> TokenPrice:
    """Price lists as they are found: longer prompts cost no less, cached tokens no more."""
    price_in, price_out = draw(usd), draw(usd)
    cached = draw(st.none() | shares.map(lambda share: share * price_in))
    steps: list[PriceStep] = []
    above, step_in, step_out, step_cached = 0.0, price_in, price_out, cached
    for _ in range(draw(st.integers(0, 2))):
        above += draw(st.integers(1000, 300_000))
        step_in *= draw(st.floats(1, 5))
        step_out *= draw(st.floats(1, 5))
        if step_cached is not None:
            step_cached = min(step_in, step_cached * draw(st.floats(1, 5)))
        steps.append(PriceStep(above, step_in, step_out, step_cached))
    return TokenPrice(price_in, price_out, cached, tuple(steps))


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    """Workloads over the whole range that people can enter."""
    return Workload(
        volume=draw(st.floats(1, 1e9)),
        tokens_in=draw(st.integers(0, 10_000_000)),
        tokens_out=draw(st.integers(0, 10_000_000)),
        peak=draw(st.floats(1, 50)),
        cached=draw(st.floats(0, 0.95)),
        batch=draw(shares),
        retry=draw(st.floats(0, 0.5)),
        batch_discount=draw(st.floats(0, 0.9)),
    )


@st.composite
def servings(draw: st.DrawFn) -> Serving:
    """Ways to serve, with and without a limit by memory."""
    return Serving(
        gpu_seconds=draw(st.floats(0.001, 10)),
        gpus_per_replica=draw(st.sampled_from((1, 2, 4, 8, 16))),
        efficiency=draw(st.floats(0.05, 1)),
        peak=draw(st.floats(1, 50)),
        spare=draw(st.integers(0, 3)),
        request_seconds=draw(st.floats(0, 60)),
        replica_concurrency=draw(st.floats(1, 1000) | st.just(float("inf"))),
    )


def demand_of(states: Sequence[Needs]) -> Demand:
    """Return the demand of several states, each with an ask of its own."""
    each = [Demand.of(needs) for needs in states]
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(one, name) for one in each])
        for name in Demand.__slots__
        if name not in {"asks", "ask_of", "least_eci"}
    }
    asks = [needs.ask for needs in states]
    return Demand(asks=asks, ask_of=np.arange(len(states)), **arrays)
