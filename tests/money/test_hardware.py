"""Hardware of one's own: devices, GPUs that are there already, and what an estimate may win.

A replica of the open model takes 0.4 s of a GPU for a request; three requests a second at the peak.
"""

from dataclasses import replace
from math import isnan
from typing import Any

import pytest

from apps.money.hosting import Grade
from apps.money.market import DeviceKind, Gpu, Market
from apps.money.memory import Architecture
from apps.money.needs import Needs, Stakes
from apps.money.options import OPTIONS, Option
from apps.money.priced import OnDevices, OnGpus, OptionPrice
from apps.money.pricing import Pricer
from apps.money.suitability import LackKind
from tests.markets import ASSUMPTIONS, H100, NEEDS, asking, closed, device, market, measured, opened

CLOSED, HOSTED, RENTED, OWNED, HYBRID = OPTIONS
ELECTRIC = replace(ASSUMPTIONS, electricity=0.2)
LAPTOP, WORKSTATION = device(), device("workstation", kind=DeviceKind.WORKSTATION, memory_gb=48)
STUDIO = device("studio", kind=DeviceKind.UNIFIED_MEMORY, memory_gb=128, usable_gb=96.0)
DEVICES = (LAPTOP, WORKSTATION, STUDIO)
# 100 requests a day, 34 s each.
FEW = replace(asking(hardware="laptop"), volume=100)


def price(found: Market, option: Option, needs: Needs, **assumed: Any) -> OptionPrice:
    pricer = Pricer(found, replace(ELECTRIC, **assumed))
    return pricer.detail(needs)[OPTIONS.index(option)]


def on_devices(found: Market, needs: Needs = FEW, **assumed: Any) -> OnDevices:
    (part,) = price(found, OWNED, needs, **assumed).on_devices
    return part


def on_gpus(found: Market, option: Option, needs: Needs = NEEDS, **assumed: Any) -> OnGpus:
    (part,) = price(found, option, needs, **assumed).on_gpus
    return part


def small(**changes: Any) -> Market:
    """Return a market with the devices and one open model of 10 billion parameters."""
    return market(closed(), opened(**changes), devices=DEVICES)


# --- devices ---


@pytest.mark.parametrize("kind", DeviceKind)
def test_the_hardware_that_is_there_is_the_hardware_that_is_priced(kind: DeviceKind) -> None:
    part = on_devices(small(), replace(asking(hardware=kind.value), volume=100))
    assert part.device.kind is kind


def test_a_device_writes_as_fast_as_it_reads_the_active_weights_at_four_bits() -> None:
    # 0.6 · 100 GB/s over 10 billion parameters of half a byte
    part = on_devices(small())
    assert part.tokens_per_second == pytest.approx(12)
    assert part.grade is Grade.ESTIMATED
    mixture = on_devices(small(params_b=20.0, active_b=2.0))
    assert mixture.tokens_per_second == pytest.approx(60)


def test_a_month_of_a_device_is_its_price_over_three_years_and_its_power() -> None:
    part = on_devices(small())
    # $1,440 over 36 months; 0.1 kW in 730 hours at $0.2
    assert part.power_usd == pytest.approx(14.6)
    assert part.monthly_usd == pytest.approx(40 + 14.6)
    assert (part.devices, part.lacks) == (1, ())
    # 100 requests of 1 s and 1,000 tokens at 12 a second
    assert part.utilisation == pytest.approx(100 / 86_400 * (1 + 1000 / 12))


def test_power_that_is_not_known_counts_nothing() -> None:
    found = market(closed(), opened(), devices=(device(power_w=None),))
    assert on_devices(found).monthly_usd == pytest.approx(40)


@pytest.mark.parametrize("changes", [{"price_usd": None}, {"bandwidth_gbs": None}])
def test_a_device_whose_price_or_bandwidth_is_not_known_is_not_priced(
    changes: dict[str, Any],
) -> None:
    found = market(closed(), opened(), devices=(device(**changes),))
    assert isnan(price(found, OWNED, FEW).expected)


@pytest.mark.parametrize(
    ("params_b", "changes", "fits"),
    [
        # 32 GB leave 0.9 · 32 − 2 = 26.8; 1.05 · 25 GB of weights and 0.2 GB of cache are 26.45
        (50.0, {}, True),
        (51.0, {}, False),
        # 24 GB where the system leaves no more: 1.05 · 22.5 + 0.2 = 23.825
        (45.0, {"usable_gb": 24.0}, True),
        (46.0, {"usable_gb": 24.0}, False),
        # What the system leaves is no more than a machine can give.
        (51.0, {"usable_gb": 32.0}, False),
    ],
)
def test_a_model_fits_a_device_at_four_bits(
    params_b: float, changes: dict[str, Any], *, fits: bool
) -> None:
    found = market(closed(), opened(params_b=params_b, active_b=1.0), devices=(device(**changes),))
    assert isnan(price(found, OWNED, FEW).expected) is not fits


def test_four_bits_cost_two_points_of_the_index_where_more_were_published() -> None:
    assert on_devices(small(bits=16, eci=140)).eci == 138
    assert on_devices(small(bits=4, eci=140)).eci == 140


def test_a_load_beyond_one_device_takes_more_of_them_and_says_which_load_one_carries() -> None:
    part = on_devices(small(), replace(FEW, volume=1000))
    each = 1 + 1000 / 12
    # 1,000 a day, three times as many at the peak: 2.93 devices.
    assert part.devices == 3
    assert part.monthly_usd == pytest.approx(3 * (40 + 14.6))
    (lack,) = part.lacks
    assert (lack.kind, lack.wanted) == (LackKind.LOAD, 1000)
    assert lack.found == pytest.approx(86_400 / each / 3)


def test_a_device_has_no_spare_and_its_band_moves_with_its_speed() -> None:
    part = on_devices(small(), replace(FEW, volume=500), spare=5.0)
    # 1.46 devices: two; 0.73 at twice the speed, 2.93 at half of it.
    assert part.devices == 2
    assert (part.low_usd, part.high_usd) == pytest.approx((54.6 / 2, 3 * 54.6 * 2))


def test_where_servers_can_be_bought_one_device_is_looked_at() -> None:
    bought = replace(NEEDS, volume=100)
    # One laptop and a tenth of a person, or two GPUs at $803 and a person.
    assert isinstance(price(small(), OWNED, bought).parts[0], OnDevices)
    # 1,000 requests would take three laptops at $164, still far cheaper than the GPUs.
    assert isinstance(price(small(), OWNED, replace(bought, volume=1000)).parts[0], OnGpus)


def test_who_has_a_gpu_server_runs_on_gpus_and_who_rents_rents_no_laptop() -> None:
    server = replace(asking(hardware="gpu-server"), volume=100)
    assert isinstance(price(small(), OWNED, server).parts[0], OnGpus)
    assert isinstance(price(small(), RENTED, FEW).parts[0], OnGpus)


# --- GPUs that are there already ---


@pytest.mark.parametrize(("owned", "free"), [(0.0, 0), (2.0, 2), (3.0, 3), (100.0, 3)])
def test_gpus_that_are_there_cost_their_power(owned: float, free: int) -> None:
    found = market(closed(), opened(), gpus=(replace(H100, power_w=500.0),))
    part = on_gpus(found, OWNED, owned_gpus=owned)
    whole, power = 1.0 * 730 * 1.1, 0.5 * 730 * 0.2
    assert part.fleet.gpus == 3
    assert part.monthly_usd == pytest.approx((3 - free) * whole + free * power)
    assert price(found, OWNED, NEEDS, owned_gpus=owned).expected == pytest.approx(
        part.monthly_usd + 1000
    )


def test_gpus_that_are_there_change_nothing_that_is_rented_or_hosted() -> None:
    for option in (CLOSED, HOSTED, RENTED):
        assert price(small(), option, NEEDS, owned_gpus=9.0) == price(small(), option, NEEDS)


# --- weights of one's own ---

TRAINING = {"training_tokens": 1e7, "training_epochs": 3.0, "training_price": 4.0}


def test_a_tuned_open_model_is_hosted_on_gpus_of_its_own_after_a_training_run() -> None:
    part = on_gpus(small(), HOSTED, asking(tuned=True), **TRAINING)
    # Two busy GPUs, no spare and no infrastructure; $120 for the run over a year.
    assert part.fleet.gpus == 2
    assert part.monthly_usd == pytest.approx(2 * 2 * 730 + 10)
    assert (part.low_usd, part.high_usd) == pytest.approx((2920 / 2 + 10, 2920 * 2 + 10))
    assert price(small(), HOSTED, NEEDS, **TRAINING).on_gpus == ()


def test_a_tuned_open_model_runs_the_same_on_ones_own_gpus() -> None:
    for option in (RENTED, OWNED):
        tuned = price(small(), option, asking(tuned=True), **TRAINING)
        assert tuned.expected == price(small(), option, NEEDS).expected


# --- estimated speeds ---

UNSURE = Gpu("unsure", "Unsure", 80, 2.0, 1.0)


def rivals(eci: float, times: float) -> Market:
    """Return a measured model, and one without a measurement that is so many times as large."""
    guessed = opened("guessed", eci=eci, params_b=10.0 * times, active_b=10.0 * times)
    return market(closed(), opened("open", eci=130), guessed, profiles=(measured(),))


# Capability alone counts.
ABLE = replace(NEEDS, stakes=Stakes(capability=100.0, cost=0.0))


@pytest.mark.parametrize(
    ("eci", "times", "stands"),
    [
        # Within three points and within twice the price: the measured one.
        (133.0, 1.0, "open"),
        (133.0, 0.5, "open"),
        # Better by more than that.
        (133.1, 1.0, "guessed"),
        # Less than half the price of the measured one at full load.
        (133.0, 0.49, "guessed"),
        (120.0, 1.0, "open"),
    ],
)
def test_an_estimated_speed_never_stands_where_a_measured_model_is_about_as_good(
    eci: float, times: float, stands: str
) -> None:
    part = on_gpus(rivals(eci, times), RENTED, ABLE)
    assert part.candidate.slug == stands
    assert part.grade is (Grade.MEASURED if stands == "open" else Grade.ESTIMATED)


def test_an_estimate_alone_stands_with_a_wider_band() -> None:
    found = market(closed(), opened("guessed"), profiles=(measured(),))
    assert on_gpus(found, RENTED).grade is Grade.ESTIMATED


def test_on_a_gpu_on_which_nothing_was_measured_nothing_runs() -> None:
    found = market(closed(), opened(), gpus=(UNSURE,))
    assert isnan(price(found, RENTED, NEEDS).expected)


def test_an_estimated_speed_is_scaled_and_capped_by_its_gpu() -> None:
    fast = replace(H100, tflops=1.0)
    found = market(closed(), opened("other", active_b=20.0, params_b=20.0), gpus=(fast,))
    speed = on_gpus(found, RENTED, replace(NEEDS, volume=1)).deployment.model.speed
    # 2 · 20 billion operations at 2 · 10^12 a second are slower than twice the measured 1e-4 s.
    assert (speed.a, speed.b) == pytest.approx((0.02, 0.02))
    assert speed.profile == measured()


def test_what_is_measured_on_one_gpu_is_not_scaled_on_another() -> None:
    second = replace(H100, slug="second", name="Second", rent_hourly=3.0)
    profiles = (measured(), replace(measured("second"), b=5e-5))
    found = market(closed(), opened(), gpus=(H100, second), profiles=profiles)
    by_gpu = dict(Pricer(found, ELECTRIC).on_each_gpu(NEEDS, RENTED))
    assert {gpu.slug: part.grade for gpu, part in by_gpu.items() if part} == {
        "h100": Grade.MEASURED,
        "second": Grade.MEASURED,
    }


def test_the_cache_of_a_long_request_counts_on_a_device_too() -> None:
    # 1 MB a token, 2 GB a request; 1.05 · 24 GB of weights: 27.2 of 26.8 GB
    heavy = opened(params_b=48.0, active_b=1.0, architecture=Architecture(25, 100, 100))
    found = market(closed(), heavy, devices=(LAPTOP,))
    assert isnan(price(found, OWNED, FEW).expected)
