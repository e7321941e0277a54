"""Every worked example comes out within its stated tolerance."""

import json
from pathlib import Path
from typing import Any

import pytest

from apps.money.api import TokenPrice, month_usd, request_usd
from apps.money.break_even import break_even
from apps.money.gpus import Serving
from apps.money.memory import (
    GPU_COUNTS,
    Architecture,
    Load,
    gpus_needed,
    kv_bytes_per_token,
    weights_gb,
)
from apps.money.self_hosted import self_hosted_month
from apps.money.throughput import gpu_seconds
from apps.money.workload import Workload
from tests.money.examples import MEASURED

Row = dict[str, Any]

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text())
TOLERANCE = 1e-6
BREAK_EVEN_TOLERANCE = 0.005


def rows(kind: str) -> list[tuple[Row, Row]]:
    return [(row["given"], row["expect"]) for row in VECTORS[kind]]


def token_price(given: Row) -> TokenPrice:
    return TokenPrice(given["price_in"], given["price_out"], given["price_cached"])


def serving(given: Row) -> Serving:
    profile = MEASURED[given["profile"]]
    cached = given.get("cached", 0.0)
    return Serving(
        gpu_seconds=gpu_seconds(profile, given["tokens_in"], given["tokens_out"], cached),
        gpus_per_replica=given["gpus_per_replica"],
        efficiency=given["efficiency"],
        peak=given["peak"],
        spare=given["spare"],
    )


def test_every_kind_of_example_is_tested() -> None:
    assert set(VECTORS) == {"note", "api", "self_hosted", "break_even", "memory"}


@pytest.mark.parametrize(("given", "expect"), rows("api"))
def test_api(given: Row, expect: Row) -> None:
    names = ("volume", "tokens_in", "tokens_out", "cached", "batch", "retry", "batch_discount")
    workload = Workload(**{name: given[name] for name in names})
    price = token_price(given)
    assert request_usd(price, workload) == pytest.approx(expect["per_request_usd"], rel=TOLERANCE)
    assert month_usd(price, workload) == pytest.approx(expect["month_usd"], rel=TOLERANCE)


@pytest.mark.parametrize(("given", "expect"), rows("self_hosted"))
def test_self_hosted(given: Row, expect: Row) -> None:
    served = serving(given)
    people = given["fte"] * given["salary"] / 12
    month = self_hosted_month(served, given["volume"], given["gpu_hourly"], given["infra"], people)
    found = {
        "gpu_seconds_per_request": served.gpu_seconds,
        "gpus": month.fleet.gpus,
        "utilisation": month.fleet.utilisation,
        "gpu_usd": month.gpu_usd,
        "people_usd": month.people_usd,
        "month_usd": month.month_usd,
    }
    assert found == pytest.approx(expect, rel=TOLERANCE)


@pytest.mark.parametrize(("given", "expect"), rows("break_even"))
def test_break_even(given: Row, expect: Row) -> None:
    workload = Workload(1, given["tokens_in"], given["tokens_out"])
    people = given["fte"] * given["salary"] / 12
    found = break_even(
        request_usd(token_price(given), workload),
        0.0,
        serving(given),
        given["gpu_hourly"],
        given["infra"],
        people,
    )
    expected = expect["break_even_volume"]
    if expected is None:
        assert found.volume is None
    else:
        assert found.volume == pytest.approx(expected, rel=BREAK_EVEN_TOLERANCE)


@pytest.mark.parametrize(("given", "expect"), rows("memory"))
def test_memory(given: Row, expect: Row) -> None:
    architecture = Architecture(
        given["layers"], given["kv_heads"], given["head_dim"], given["kv_bytes"]
    )
    weights = weights_gb(given["params_b"], given["bits"])
    load = Load(weights, architecture, given["context"], given["concurrency"])
    gpus = gpus_needed(load, given["vram_gb"])
    assert kv_bytes_per_token(architecture) == pytest.approx(
        expect["kv_bytes_per_token"], rel=TOLERANCE
    )
    need = load.need_gb(gpus or GPU_COUNTS[-1])
    assert need == pytest.approx(expect["need_gb"], rel=TOLERANCE)
    assert gpus == expect["gpus_per_replica"]
