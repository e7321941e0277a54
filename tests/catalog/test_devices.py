"""Hardware of one's own: devices as they are sold, and what is known of GPUs."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.catalog.compile import current_market
from apps.catalog.models import Device, Gpu
from apps.money import market
from apps.money.market import DeviceKind
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def test_a_device_reaches_the_market_as_its_row_says() -> None:
    factories.DeviceFactory.create(
        slug="box",
        name="Box",
        kind="unified-memory",
        memory_gb=128.0,
        usable_gb=96.0,
        bandwidth_gbs=256.0,
        price_usd=3500.0,
        power_w=150.0,
        source__title="A shop",
        as_of=date(2026, 9, 2),
    )
    assert current_market(TODAY).devices == (
        market.Device(
            "box",
            "Box",
            DeviceKind.UNIFIED_MEMORY,
            128.0,
            256.0,
            3500.0,
            150.0,
            "A shop",
            date(2026, 9, 2),
            96.0,
        ),
    )


def test_what_is_unknown_of_a_device_stays_unknown() -> None:
    factories.DeviceFactory.create()
    (found,) = current_market(TODAY).devices
    assert (found.bandwidth_gbs, found.price_usd, found.power_w, found.usable_gb) == (None,) * 4


def test_a_gpu_carries_its_speed_power_price_and_lead_time() -> None:
    source = factories.SourceFactory.create()
    factories.GpuFactory.create(
        slug="g",
        name="G",
        vram_gb=80.0,
        bandwidth_gbs=3350.0,
        tflops=989.0,
        power_w=700.0,
        price_usd=30_000.0,
        price_source=source,
        lead_time="12 weeks",
        lead_source=source,
    )
    assert current_market(TODAY).gpus == (
        market.Gpu("g", "G", 80.0, None, None, 3350.0, 989.0, 30_000.0, 700.0, "12 weeks"),
    )


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        (factories.DeviceFactory, {"memory_gb": 0}),
        (factories.DeviceFactory, {"usable_gb": 129.0}),
        (factories.DeviceFactory, {"usable_gb": 0}),
        (factories.DeviceFactory, {"bandwidth_gbs": 0}),
        (factories.DeviceFactory, {"price_usd": -1}),
        (factories.DeviceFactory, {"power_w": 0}),
        (factories.DeviceFactory, {"kind": "mainframe"}),
        (factories.GpuFactory, {"bandwidth_gbs": 0}),
        (factories.GpuFactory, {"tflops": -1}),
        (factories.GpuFactory, {"price_usd": 30_000.0}),
        (factories.GpuFactory, {"lead_time": "12 weeks"}),
    ],
)
def test_what_cannot_be_is_refused(factory: Any, values: dict[str, Any]) -> None:
    row = factory.build(source=factories.SourceFactory.create(), **values)
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.usefixtures("seeded")
def test_each_kind_of_device_is_there_with_its_source() -> None:
    memory = {
        kind.value: sorted(Device.objects.filter(kind=kind).values_list("memory_gb", flat=True))
        for kind in DeviceKind
    }
    assert all(16 <= gb <= 32 for gb in memory["laptop"])
    assert all(24 <= gb <= 48 for gb in memory["workstation"])
    assert all(64 <= gb <= 128 for gb in memory["unified-memory"])
    assert all(memory.values())
    # What one pays for, and how fast it writes, must be known of a device that can be picked.
    assert not Device.objects.filter(price_usd=None).exists()
    assert not Device.objects.filter(bandwidth_gbs=None).exists()


@pytest.mark.usefixtures("seeded")
def test_every_gpu_has_a_price_its_bandwidth_and_its_arithmetic() -> None:
    assert not Gpu.objects.filter(rent_hourly=None, price_usd=None).exists()
    assert not Gpu.objects.filter(bandwidth_gbs=None).exists()
    assert not Gpu.objects.filter(tflops=None).exists()
