"""The formulas for programs: every worked example comes out, and a model brings its own numbers."""

import json
from typing import Any

import pytest
from django.test import Client

from apps.calculator import formulas
from apps.calculator.query import CostQuery
from apps.decision.address import group
from apps.decision.answers import parse
from apps.engine.engine import Engine
from apps.engine.request import Visit
from tests.markets import market, offer, opened
from tests.money.test_vectors import BREAK_EVEN_TOLERANCE, TOLERANCE, VECTORS, Row, rows
from tests.visiting import url
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

# A model that reasons: nothing is added to what it writes, so that the tokens are those given.
MODEL = {
    "model": "gpt-oss-120b",
    "tokens_in": "1000",
    "tokens_out": "300",
    "reasoning": "1",
    "at": "2026-11-22",
}


def found(client: Client, given: Row) -> Any:
    response = client.get(url("/costs.json", {key: str(value) for key, value in given.items()}))
    assert response.status_code == 200, response.content
    return json.loads(response.content)


@pytest.mark.parametrize("kind", ["api", "self_hosted", "memory"])
def test_every_worked_example_comes_out(client: Client, kind: str) -> None:
    assert rows(kind)
    for given, expect in rows(kind):
        part = found(client, given)[kind]
        assert {key: part[key] for key in expect} == pytest.approx(expect, rel=TOLERANCE)


def test_every_break_even_comes_out(client: Client) -> None:
    for given, expect in rows("break_even"):
        part = found(client, given)["break_even"]
        expected = expect["break_even_volume"]
        if expected is None:
            assert (part["volume"], part["reason"]) == (None, "never")
        else:
            assert part["reason"] == "reached"
            assert part["volume"] == pytest.approx(expected, rel=BREAK_EVEN_TOLERANCE)


def test_a_part_is_there_only_if_its_inputs_are_given(client: Client) -> None:
    kinds = set(VECTORS) - {"note"}
    assert not kinds & found(client, {}).keys()
    api, _ = rows("api")[0]
    assert kinds & found(client, api).keys() == {"api"}
    memory, _ = rows("memory")[0]
    assert kinds & found(client, memory).keys() == {"memory"}
    own, _ = rows("self_hosted")[0]
    assert kinds & found(client, own).keys() == {"self_hosted"}
    both, _ = rows("break_even")[1]
    assert kinds & found(client, both).keys() == {"break_even"}
    assert kinds & found(client, {**both, "volume": 1000}).keys() == {
        "api",
        "self_hosted",
        "break_even",
    }


def test_self_hosting_names_what_the_contract_names(client: Client) -> None:
    given, expect = rows("self_hosted")[0]
    part = found(client, given)["self_hosted"]
    assert part["replicas"] * given["gpus_per_replica"] == expect["gpus"]
    assert part["infra_usd"] == pytest.approx(expect["gpu_usd"] * given["infra"])
    assert part["idle_usd"] == pytest.approx(expect["gpu_usd"] * (1 - expect["utilisation"]))
    whole = part["gpu_usd"] + part["infra_usd"] + part["people_usd"]
    assert part["month_usd"] == pytest.approx(whole)


def test_a_model_stands_for_its_prices_its_memory_and_its_speed(client: Client) -> None:
    document = found(client, {**MODEL, "volume": 1000})
    api, own, memory = document["api"], document["self_hosted"], document["memory"]
    tokens = 1000 * api["price_in"] + 300 * api["price_out"]
    assert api["per_request_usd"] == pytest.approx(1.05 * tokens / 1e6)
    assert api["source"]
    assert api["as_of"]
    assert own["grade"] == "measured"
    assert own["profile"].startswith("gpt-oss-120b@")
    # 36 layers of 8 heads of 64 values, two bytes each.
    assert memory["kv_bytes_per_token"] == 73_728
    assert document["break_even"]["reason"] in {"reached", "never", "always"}


def test_latent_attention_and_windows_are_inputs_too(client: Client) -> None:
    given = {"weights_gb": "100", "context": "8000", "concurrency": "1", "vram_gb": "80"}
    latent = found(client, {**given, "layers": "61", "latent_dim": "576"})["memory"]
    # 61 · 576 · 2 bytes a token, on each of the two GPUs
    assert latent["kv_bytes_per_token"] == 70_272
    assert latent["gpus_per_replica"] == 2
    assert latent["need_gb"] == pytest.approx(105 + 2 * 70_272 * 8000 / 1e9)
    heads = {"layers": "36", "kv_heads": "8", "head_dim": "64"}
    windowed = {**given, **heads, "window_layers": "18", "window": "128"}
    # 2,048 bytes a layer; half of the layers keep 128 of the 8,000 tokens
    need = found(client, windowed)["memory"]["need_gb"]
    assert need == pytest.approx(105 + 18 * 2048 * (8000 + 128) / 1e9)


def test_a_model_that_only_a_router_offers_is_priced_there(world: World) -> None:
    routed = opened("routed", offers=(offer("router", 2.0, is_router=True),))
    engine = Engine(world.tables, market(routed))
    asked = {"model": "routed", "tokens_in": "1000", "tokens_out": "500", "volume": "9"}
    given = group(asked.items())
    parsed = parse(world.rulebook, given, any_size=True)
    query, _ = formulas.read(Visit(engine, given, parsed))
    api = formulas.parts(engine, CostQuery(parsed.answers), query)["api"]
    assert (api["host"], api["lacks"]) == ("router", ["host"])
    # $2 for a million tokens, and 5 % of the requests again.
    assert api["per_request_usd"] == pytest.approx(1.05 * 1500 * 2 / 1e6)


def test_half_a_price_is_no_price(client: Client) -> None:
    assert "api" not in found(client, {**MODEL, "volume": 1000, "price_in": 1})


def test_a_price_that_is_given_goes_before_that_of_the_model(client: Client) -> None:
    given = {**MODEL, "volume": 1000, "price_in": 1, "price_out": 2, "retry": 0}
    assert found(client, given)["api"]["per_request_usd"] == pytest.approx(0.0016)
    # It still writes what its kind writes: 1,000 · $1 and 2 · 300 · $2 a million.
    reasons = found(client, {**given, "reasoning": 2})["api"]
    assert reasons["per_request_usd"] == pytest.approx(0.0022)


def test_a_closed_model_has_an_api_and_nothing_to_host(client: Client) -> None:
    document = found(client, {**MODEL, "volume": 1000, "model": "claude-opus-5-5"})
    assert "api" in document
    assert not {"self_hosted", "break_even", "memory"} & document.keys()


def test_people_of_the_api_count_where_they_are_given(client: Client) -> None:
    given, expect = rows("api")[0]
    people = found(client, {**given, "fte_closed": 0.1, "salary": 120_000})["api"]
    assert people["month_usd"] == pytest.approx(expect["month_usd"] + 1000)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("price_in", "-1", "Price of a million tokens in must be a number"),
        ("price_out", "2M", "must be between 0 and 1,000,000"),
        ("gpus_per_replica", "1.5", "GPUs of a replica must be a whole number"),
        ("gpus_per_replica", "0", "must be between 1 and 1,024"),
        ("layers", "many", "Layers must be a whole number"),
        ("vram_gb", "0", "must be between 1 and 100,000"),
        ("profile", "abacus@home", "Profile: “abacus@home” is not one"),
        ("model", "gpt-99", "Model: “gpt-99” is not one whose capability is on record"),
        ("model", "gemini-4-argon", "is not one whose capability is on record"),
        ("model", "gpt-4o", "“gpt-4o” is not one that is current and open to business"),
    ],
)
def test_errors_are_named_by_field(client: Client, key: str, value: str, says: str) -> None:
    response = client.get(url("/costs.json", {key: value}))
    assert response.status_code == 422
    errors = json.loads(response.content)["errors"]
    assert errors.keys() == {key}
    assert says in errors[key]
