"""Small markets with round numbers, built by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

from apps.money.api import TokenPrice
from apps.money.assumptions import Assumptions
from apps.money.market import (
    Candidate,
    Capability,
    CapabilityGrade,
    Device,
    DeviceKind,
    Gpu,
    Host,
    Market,
    Offer,
    Rights,
)
from apps.money.memory import Architecture
from apps.money.needs import Ask, Level, Needs, RestAt, Stakes
from apps.money.throughput import Profile

DAY = date(2026, 11, 22)

# $1,000 a month for each full-time person; no retries.
ASSUMPTIONS = Assumptions(
    retry=0.0,
    cached=0.0,
    batch=0.0,
    batch_discount=0.5,
    efficiency=0.5,
    spare=1,
    infra=0.2,
    infra_own=0.1,
    salary=12_000,
    fte_closed=0.1,
    fte_hosted=0.2,
    fte=0.5,
    fte_onprem=1.0,
    fte_hybrid=0.6,
)

# One request a second, three at the peak; 2,628,000 a month. Nothing but cost counts, so that the
# cheapest model stands; work of level 130 is solved by every second model of index 130.
ASK = Ask(modality="text", tokens_in=1000, tokens_out=1000, reasoning=1.0)
NEEDS = Needs(
    ask=ASK,
    hardest=Level(130, 0.1),
    easier=Level(110, 0.1),
    hard_share=0.25,
    volume=86_400,
    peak=3,
    rest_at=RestAt.HOSTED,
    stakes=Stakes(capability=0.0, cost=1.0),
)

# 100,000 bytes a token: 0.2 GB for the 2,000 tokens of a request.
ARCHITECTURE = Architecture(layers=25, kv_heads=10, head_dim=100)

H100 = Gpu("h100", "H100", 80, 2.0, 1.0)


# What a host in these markets has that is asked of every host.
HOST_FACTS = frozenset({"known", "per-token"})


def asking(needs: Needs = NEEDS, **changes: Any) -> Needs:
    """Return needs with other things asked of the model and its host."""
    return replace(needs, ask=replace(needs.ask, **changes))


def measured_at(eci: float, **changes: Any) -> Capability:
    """Return a capability that was measured for the model itself."""
    made = Capability(eci, None, None, CapabilityGrade.EXACT, "A model", DAY)
    return replace(made, **changes)


def offer(
    host: str = "host",
    price: TokenPrice | float = 1.0,
    *,
    is_router: bool = False,
    facts: frozenset[str] = HOST_FACTS,
) -> Offer:
    """Return an offer of a host in the US that counts where nothing more is asked, seen of late.

    A plain number is the price of tokens in and of tokens out.
    """
    listed = price if isinstance(price, TokenPrice) else TokenPrice(price, price)
    seller = Host(host, host, "US", facts, is_router)
    own = {"seen"} if is_router else {"seen", "direct"}
    return Offer(seller, listed, "", "a price list", DAY, facts=facts | own)


def model(slug: str, *, is_open: bool, eci: float = 130.0, **changes: Any) -> Candidate:
    """Return a current model of index 130 that reads text, with 10 billion parameters."""
    made = Candidate(
        slug=slug,
        name=slug.title(),
        provider="A provider",
        is_open=is_open,
        status="current",
        modalities=frozenset({"text"}),
        context_tokens=100_000,
        rights=Rights.FREE if is_open else Rights.API_TERMS,
        license="MIT" if is_open else "",
        clause="",
        params_b=10.0 if is_open else None,
        active_b=10.0 if is_open else None,
        bits=8,
        architecture=ARCHITECTURE if is_open else None,
        checked_on=DAY,
        capability=measured_at(eci),
    )
    return replace(made, **changes)


def closed(slug: str = "closed", price: TokenPrice | float = 6.0, **changes: Any) -> Candidate:
    """Return a closed model at its maker's API: $0.012 a request of 1,000 and 1,000 tokens."""
    return model(slug, is_open=False, **{"offers": (offer("maker", price),), **changes})


def opened(slug: str = "open", price: TokenPrice | float = 1.0, **changes: Any) -> Candidate:
    """Return an open model with one host: $0.002 a request of 1,000 and 1,000 tokens."""
    return model(slug, is_open=True, **{"offers": (offer("host", price),), **changes})


def measured(gpu: str = "h100", of: str = "open", active: float = 10.0) -> Profile:
    """Return a profile of 0.2 GPU-seconds for a request of 1,000 and 1,000 tokens."""
    source = "a published table"
    return Profile(
        f"{of}@{gpu}", gpu, of, "FP8", active, 1e-4, 1e-4, 0.0, 5.0, source, total_params_b=active
    )


def device(slug: str = "laptop", **changes: Any) -> Device:
    """Return a laptop of $1,440 that draws 100 watts: $40 a month beside its power.

    It reads 100 gigabytes a second, so that it writes 12 tokens a second of a model of 10 billion
    active parameters at four bits.
    """
    made = Device(slug, slug.title(), DeviceKind.LAPTOP, 32, 100.0, 1440.0, 100.0, "A source", DAY)
    return replace(made, **changes)


def market(
    *candidates: Candidate, gpus: Any = (H100,), profiles: Any = None, devices: Any = ()
) -> Market:
    """Return a market; unless told otherwise one GPU on which the model 'open' was measured."""
    found = (measured(),) if profiles is None else tuple(profiles)
    return Market("1", DAY, candidates, tuple(gpus), found, tuple(devices))
