"""What holds for the prices of any market, checked against the formulas written out."""

import math
import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.money.api import STEP_PRICES, TokenPrice, request_usd, requests_priced
from apps.money.assumptions import Assumptions
from apps.money.hosting import (
    Deployment,
    Grade,
    OnDevice,
    capital_usd,
    deployments,
    hourly_usd,
    models_on_devices,
    models_on_gpus,
    on_device,
)
from apps.money.market import ALWAYS, Candidate, Market
from apps.money.memory import Load, request_seconds, usable_gb, weights_gb
from apps.money.needs import GPU_SERVER, TO_BE_BOUGHT, Ask, Needs
from apps.money.options import OPTIONS, Option
from apps.money.priced import OnApi, OnGpus, Priced
from apps.money.pricing import Pricer
from apps.money.suitability import LackKind
from apps.money.supply import Supply
from apps.money.work import SINGLE_KINDS, Kind
from apps.money.workload import Workload
from tests.money.examples import token_prices, workloads
from tests.money.random_markets import ASSUMED, keeping, markets, needs_of_many

CLOSED, HOSTED, RENTED, OWNED, HYBRID = OPTIONS

type Machine = Deployment | OnDevice


def written(candidate: Candidate, ask: Ask) -> float:
    return ask.tokens_out * (ask.reasoning if candidate.reasons else 1)


# --- models on machines, one by one ---


def machines(found: Market, kind: Kind, ask: Ask, assumed: Assumptions) -> Iterator[Machine]:
    """Yield every way to run every model of a market, by the formulas for a single one."""
    infra = assumed.infra_own if kind is Kind.OWNED else assumed.infra
    wants_gpus = kind is not Kind.OWNED or ask.hardware in {GPU_SERVER, TO_BE_BOUGHT}
    for candidate in found.candidates:
        if not candidate.is_open:
            continue
        size = ask.size.written_by(candidate, ask.reasoning)
        for model in models_on_gpus(found, candidate):
            hourly = hourly_usd(model.gpu, assumed, kind is Kind.OWNED)
            if hourly is not None and wants_gpus:
                yield from deployments(model, hourly, infra, assumed, size)
        for on in models_on_devices(found, candidate):
            wanted = ask.hardware in {on.device.kind, TO_BE_BOUGHT}
            one = on_device(on, assumed, size)
            if kind is Kind.OWNED and wanted and one is not None:
                yield one


def month(way: Machine, needs: Needs, assumed: Assumptions, owned: bool) -> float:
    """Return a month with its people, infinite where more devices run than are looked at."""
    busy = max(1, math.ceil(needs.volume / 86_400 * needs.peak * way.replica_seconds))
    if isinstance(way, OnDevice):
        if busy > 1 and needs.ask.hardware == TO_BE_BOUGHT:
            return math.inf
        fte = assumed.people_device * needs.staffing
        return busy * way.replica_usd + fte * assumed.salary / 12
    running = busy + math.ceil(assumed.spare)
    gpus = running * way.gpus_per_replica
    base, each = (
        (assumed.people_owned, assumed.people_per_gpu_own)
        if owned
        else (assumed.people_rented, assumed.people_per_gpu)
    )
    free = min(gpus, assumed.owned_gpus) * capital_usd(way.model.gpu, assumed) if owned else 0.0
    fte = (base + each * gpus) * needs.staffing
    return running * way.replica_usd - free + fte * assumed.salary / 12


def is_outdone(way: Machine, others: list[Machine]) -> bool:
    """Tell whether an estimate has a measured model within three points and twice its price."""
    if isinstance(way, OnDevice) or way.model.grade is Grade.MEASURED:
        return False
    return any(
        isinstance(one, Deployment)
        and one.model.grade is Grade.MEASURED
        and one.eci >= way.eci - 3
        and one.replica_usd <= 2 * way.replica_usd
        and one.replica_seconds * one.replica_usd <= 2 * way.replica_seconds * way.replica_usd
        for one in others
    )


@settings(max_examples=50)
@given(markets(), needs_of_many, st.floats(90, 150), st.sampled_from((0.0, 1.0, 7.0)))
def test_at_a_stated_capability_no_machine_is_cheaper_than_the_one_that_is_priced(
    found: Market, needs: Needs, least: float, owned_gpus: float
) -> None:
    assumed = replace(ASSUMED, owned_gpus=owned_gpus)
    needs = replace(needs, least_eci=least)
    expected = Pricer(found, assumed).expected(needs)
    for option, kind in ((RENTED, Kind.RENTED), (OWNED, Kind.OWNED)):
        every = list(machines(found, kind, needs.ask, assumed))
        kept = [way for way in every if not is_outdone(way, every)]
        costs = [(way.eci, month(way, needs, assumed, kind is Kind.OWNED)) for way in kept]
        priced = [(eci, usd) for eci, usd in costs if math.isfinite(usd)]
        # The nearest, where none is that good.
        least_eci = min(least, max((eci for eci, _ in priced), default=least))
        cheapest = min((usd for eci, usd in priced if eci >= least_eci), default=math.nan)
        assert expected[OPTIONS.index(option)] == pytest.approx(cheapest, nan_ok=True)


@settings(max_examples=50)
@given(markets(), needs_of_many)
def test_a_way_among_many_has_the_numbers_of_the_same_way_alone(
    found: Market, needs: Needs
) -> None:
    supply = Supply(found, ASSUMED, 1_000_000)
    for kind in (Kind.RENTED, Kind.OWNED):
        ways = supply.ways(kind, needs.ask)
        every = ways.every() if ways else None
        for place in range(every.numbers.eci.size if every else 0):
            assert every is not None
            way, numbers = every.way(place), every.numbers
            assert isinstance(way, Deployment | OnDevice)
            gpus = way.gpus_per_replica if isinstance(way, Deployment) else 0
            of_many = (numbers.eci, numbers.seconds, numbers.replica_usd, numbers.gpus)
            alone = (way.eci, way.replica_seconds, way.replica_usd, gpus)
            assert [column[place] for column in of_many] == pytest.approx(alone)


# --- hosts ---


@given(st.lists(token_prices(), min_size=1, max_size=5), workloads(), st.booleans())
def test_many_price_lists_are_priced_as_one_is(
    lists: list[TokenPrice], workload: Workload, sells_batches: bool
) -> None:
    lists = [replace(one, steps=(), sells_batches=sells_batches) for one in lists]
    rows = [[getattr(one, name) for one in lists] for name in STEP_PRICES]
    prices = {name: np.array(row, dtype=float) for name, row in zip(STEP_PRICES, rows, strict=True)}
    out = np.full(len(lists), float(workload.tokens_out))
    sells = np.full(len(lists), sells_batches)
    together = requests_priced(prices, workload.tokens_in, out, workload, sells)
    assert together.tolist() == pytest.approx([request_usd(one, workload) for one in lists])


def counting(candidate: Candidate, ask: Ask) -> list[float]:
    """Return what a request costs at each host that has all that is asked, from the cheapest on."""
    clauses = [{fact} for fact in ALWAYS] + list(ask.hosts)
    work = Workload(1, ask.tokens_in, written(candidate, ask), retry=ASSUMED.retry)
    return sorted(
        request_usd(offer.price, work)
        for offer in candidate.offers
        if all(offer.facts & set(clause) for clause in clauses)
    )


@settings(max_examples=50)
@given(markets(), needs_of_many, st.floats(90, 160))
def test_at_a_stated_capability_the_cheapest_median_of_the_hosts_that_count_is_priced(
    found: Market, needs: Needs, least: float
) -> None:
    needs = replace(needs, ask=replace(needs.ask, tuned=False), least_eci=least)
    pricer = Pricer(found, ASSUMED)
    for option, is_open in ((CLOSED, False), (HOSTED, True)):
        medians = {
            c.slug: costs[(len(costs) - 1) // 2]
            for c in found.candidates
            if c.is_open is is_open and (costs := counting(c, needs.ask))
        }
        eci = {c.slug: c.capability.counted for c in found.candidates if c.capability}
        if not medians:
            continue
        nearest = min(least, max(eci[slug] for slug in medians))
        (part,) = pricer.detail(needs)[OPTIONS.index(option)].on_api
        cheapest = min(usd for slug, usd in medians.items() if eci[slug] >= nearest)
        assert part.request_usd == pytest.approx(cheapest)
        assert not [lack for lack in part.lacks if lack.kind is LackKind.HOST]


@settings(max_examples=50)
@given(markets(), keeping())
def test_no_host_is_priced_without_what_is_asked_of_it(found: Market, needs: Needs) -> None:
    clauses = [{fact} for fact in ALWAYS] + list(needs.ask.hosts)
    for price in Pricer(found, ASSUMED).detail(needs):
        for part in price.on_api:
            missing = [set(clause) for clause in clauses if not part.offer.facts & set(clause)]
            told = [lack for lack in part.lacks if lack.kind is LackKind.HOST]
            assert {lack.wanted for lack in told} == {
                " or ".join(sorted(clause)) for clause in missing
            }
            if missing:
                # Then there is no model of the kind with a host that counts.
                kin = (c for c in found.candidates if c.is_open is part.candidate.is_open)
                assert not [c for c in kin if counting(c, needs.ask)]


# --- amounts and bands ---


@settings(max_examples=50)
@given(markets(), keeping())
def test_amounts_are_the_sum_of_their_parts_and_lie_in_their_band(
    found: Market, needs: Needs
) -> None:
    pricer = Pricer(found, ASSUMED)
    for one, usd in zip(pricer.detail(needs), pricer.expected(needs), strict=True):
        assert one.expected == pytest.approx(usd, nan_ok=True)
        if not one.parts:
            assert math.isnan(one.expected)
            continue
        assert 0 < one.low <= one.expected <= one.high < math.inf
        parts = sum(part.monthly_usd for part in one.parts)
        assert one.expected == pytest.approx(parts + one.people_usd)
        assert sum(part.volume for part in one.parts) == pytest.approx(needs.volume)
        for part in one.on_gpus:
            assert part.monthly_usd == pytest.approx(part.month.month_usd)
            assert part.fleet.utilisation <= 1 / needs.peak * (1 + 1e-9)


def stands(part: Priced) -> tuple[str, str]:
    """Return which model a part is, and where it runs."""
    match part:
        case OnApi():
            where = part.offer.host.slug
        case OnGpus():
            where = part.gpu.slug
        case _:
            where = part.device.slug
    return part.candidate.slug, where


@settings(max_examples=50)
@given(markets(), needs_of_many, st.floats(1, 1000))
def test_bands_do_not_fall_with_the_volume_while_the_same_model_stands(
    found: Market, needs: Needs, times: float
) -> None:
    pricer = Pricer(found, ASSUMED)
    more = replace(needs, volume=min(needs.volume * times, 1e9))
    for before, after in zip(pricer.detail(needs), pricer.detail(more), strict=True):
        if [stands(part) for part in before.parts] != [stands(part) for part in after.parts]:
            continue
        for amount in ("low", "high"):
            less = getattr(before, amount)
            assert math.isnan(less) or getattr(after, amount) >= less * (1 - 1e-9)


@settings(max_examples=50)
@given(markets(), needs_of_many, st.floats(1, 100), st.floats(90, 150))
def test_cost_at_a_stated_capability_never_falls_with_volume_or_tokens(
    found: Market, needs: Needs, times: float, least: float
) -> None:
    pricer = Pricer(found, ASSUMED)
    needs = replace(needs, least_eci=least)
    before = pricer.expected(needs)
    ask = needs.ask
    for more in (
        replace(needs, volume=needs.volume * times),
        needs.with_tokens(ask.tokens_in * times, ask.tokens_out),
        needs.with_tokens(ask.tokens_in, ask.tokens_out * times),
    ):
        for option, less, usd in zip(OPTIONS, before, pricer.expected(more), strict=True):
            # A request may grow until nothing that good holds it: that is another model.
            grown = more.volume == needs.volume and SINGLE_KINDS.get(option) not in {
                Kind.CLOSED,
                Kind.HOSTED,
            }
            if not grown:
                assert math.isnan(usd) or usd >= less * (1 - 1e-12)


@settings(max_examples=50)
@given(markets(), needs_of_many)
def test_a_replica_that_is_priced_holds_what_it_carries(found: Market, needs: Needs) -> None:
    for one in Pricer(found, ASSUMED).detail(needs):
        for part in one.on_gpus:
            candidate = part.candidate
            if candidate.params_b is None or candidate.architecture is None:
                continue
            out = written(candidate, needs.ask)
            in_flight = part.volume / 86_400 * needs.peak * request_seconds(out)
            busy = part.fleet.replicas - part.serving.spare
            load = Load(
                weights_gb(candidate.params_b, candidate.bits),
                candidate.architecture,
                needs.ask.tokens_in + out,
                in_flight / busy,
            )
            gpus = part.fleet.gpus_per_replica
            assert load.need_gb(gpus) * (1 - 1e-9) <= usable_gb(part.gpu.vram_gb, gpus)


@settings(max_examples=50)
@given(markets(), keeping(), keeping(), st.randoms(use_true_random=False))
def test_prices_depend_on_nothing_but_market_assumptions_and_needs(
    found: Market, needs: Needs, others: Needs, shuffle: random.Random
) -> None:
    asked_before = Pricer(found, ASSUMED)
    asked_before.detail(others)
    asked_before.expected(needs)
    mixed = list(found.candidates)
    shuffle.shuffle(mixed)
    turned = replace(
        found,
        candidates=tuple(replace(c, offers=c.offers[::-1]) for c in mixed),
        gpus=found.gpus[::-1],
        profiles=found.profiles[::-1],
        devices=found.devices[::-1],
    )
    first = Pricer(found, ASSUMED).detail(needs)
    assert [one.parts for one in asked_before.detail(needs)] == [one.parts for one in first]
    for one, other in zip(first, Pricer(turned, ASSUMED).detail(needs), strict=True):
        assert one.expected == pytest.approx(other.expected, nan_ok=True)
        assert [p.candidate.slug for p in one.parts] == [p.candidate.slug for p in other.parts]
        assert [p.offer for p in one.on_api] == [p.offer for p in other.on_api]


def test_the_options_are_looked_at_in_their_order() -> None:
    assert tuple(SINGLE_KINDS) == (
        Option.CLOSED_API,
        Option.HOSTED_OPEN,
        Option.SELF_CLOUD,
        Option.SELF_ONPREM,
    )
