"""Random markets and needs for the properties of prices and of the choice among models."""

from dataclasses import replace

from hypothesis import strategies as st

from apps.money.api import TokenPrice
from apps.money.market import Candidate, Device, DeviceKind, Gpu, Market, Offer
from apps.money.memory import Architecture
from apps.money.needs import GPU_SERVER, TO_BE_BOUGHT, Ask, HostNeeds, Level, Needs, RestAt, Stakes
from tests.markets import ASSUMPTIONS, HOST_FACTS, closed, device, market, measured, offer, opened

GPUS = (
    Gpu("a", "A", 80, 2.95, 1.69, 3350, 989, 30_000, 700),
    Gpu("b", "B", 141, 3.5, 1.74, 4800, 989, 32_000, 700),
    Gpu("c", "C", 180, 5.5, 2.34, 8000, 2250, 40_000, 1000),
    Gpu("d", "D", 48, 1.55, None),
)
PROFILES = (
    measured("a", "m0", 5.0),
    replace(measured("a", "m1", 60.0), a=1e-4, b=2e-4, c=1e-7),
    replace(measured("b", "m2", 20.0), a=5e-5, b=1e-4, c=5e-8, total_params_b=200.0),
    replace(measured("c", "m3", 20.0), a=1e-5, b=2e-5, c=1e-8),
)
DEVICES: tuple[Device, ...] = (
    device(memory_gb=24),
    device("studio", kind=DeviceKind.UNIFIED_MEMORY, memory_gb=128, usable_gb=96.0, power_w=None),
)
# What a host may say of itself, beside what is always asked.
FACTS = ("contract", "no-training", "zero-retention", "hipaa", "aws")
# People by what runs, as the method computes them.
ASSUMED = replace(
    ASSUMPTIONS,
    fte_closed=None,
    fte_hosted=None,
    fte=None,
    fte_onprem=None,
    fte_hybrid=None,
    people_closed=0.05,
    people_hosted=0.1,
    people_hybrid=0.15,
    people_rented=0.4,
    people_owned=0.7,
    people_device=0.1,
    people_fleet_hybrid=0.1,
    people_per_gpu=0.02,
    people_per_gpu_own=0.03,
    electricity=0.15,
    sensitive_share=0.3,
)

architectures = st.builds(
    Architecture,
    layers=st.integers(8, 80),
    kv_heads=st.integers(1, 16),
    head_dim=st.sampled_from((64, 128)),
)
prices = st.builds(TokenPrice, st.floats(0.01, 50), st.floats(0.01, 50))


@st.composite
def offers_of(draw: st.DrawFn, most: int = 4) -> tuple[Offer, ...]:
    """Hosts of which some count and some do not, each with facts of its own."""
    found = []
    for place in range(draw(st.integers(1, most))):
        facts = HOST_FACTS | set(draw(st.sets(st.sampled_from(FACTS))))
        if not draw(st.integers(0, 5)):
            facts -= {"known"}
        listed = offer(
            f"h{place}", draw(prices), facts=facts, is_router=not draw(st.integers(0, 5))
        )
        found.append(listed)
    return tuple(found)


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Markets whose models all read text and hold any request."""
    candidates: list[Candidate] = []
    for place in range(draw(st.integers(1, 3))):
        eci = draw(st.floats(100, 160))
        candidates.append(closed(f"c{place}", eci=eci, offers=draw(offers_of())))
    for place in range(draw(st.integers(1, 5))):
        params = draw(st.floats(1, 400))
        candidates.append(
            opened(
                f"m{place}",
                eci=draw(st.floats(90, 150)),
                params_b=params,
                active_b=draw(st.none() | st.floats(0.05 * params, params)),
                bits=draw(st.sampled_from((16, 8, 4))),
                architecture=draw(st.none() | architectures),
                offers=draw(offers_of()),
                reasons=draw(st.booleans()),
            )
        )
    roomy = [replace(c, context_tokens=100_000_000) for c in candidates]
    return market(*roomy, gpus=GPUS, profiles=PROFILES, devices=DEVICES)


host_needs: st.SearchStrategy[HostNeeds] = st.frozensets(
    st.frozensets(st.sampled_from(FACTS), min_size=1, max_size=3), max_size=3
)

asks = st.builds(
    Ask,
    modality=st.just("text"),
    tokens_in=st.integers(1, 100_000),
    tokens_out=st.integers(0, 20_000),
    reasoning=st.floats(1, 6),
    hosts=host_needs,
    tuned=st.booleans(),
    hardware=st.sampled_from((*DeviceKind, GPU_SERVER, TO_BE_BOUGHT)).map(str),
    starts_in=st.sampled_from((0.0, 1.0, 6.0)),
)

needs_of_many = st.builds(
    Needs,
    ask=asks,
    hardest=st.builds(Level, st.floats(110, 155), st.floats(0.08, 0.15)),
    easier=st.builds(Level, st.floats(110, 140), st.floats(0.08, 0.15)),
    hard_share=st.floats(0, 1),
    volume=st.floats(1, 1e9),
    peak=st.floats(1, 50),
    rest_at=st.sampled_from(RestAt),
    staffing=st.sampled_from((0.5, 0.8, 1.0, 1.5)),
    stakes=st.builds(Stakes, st.floats(0, 6), st.floats(0, 3)),
)


@st.composite
def keeping(draw: st.DrawFn) -> Needs:
    """Needs of which a part may have to stay inside, where there is an inside."""
    needs = draw(needs_of_many)
    return replace(needs, keeps_inside=needs.rest_at is not RestAt.HOSTED and draw(st.booleans()))
