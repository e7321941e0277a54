"""The log names each request, says what was answered, and holds no answers; numbers on request."""

import io
import json
import logging
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from tests.common.test_headers import log, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
__all__ = ["log", "visitor"]

ANSWERED = "/decide/result/?boundary=own-cloud&volume=12345"


def lines(log: io.StringIO, logger: str) -> list[dict[str, Any]]:
    found = map(json.loads, log.getvalue().splitlines())
    return [line for line in found if line["logger"] == logger]


def test_a_request_is_a_line_with_its_route_and_no_answers(
    visitor: Client, log: io.StringIO
) -> None:
    response = visitor.get(ANSWERED)
    (line,) = lines(log, "openweigh.requests")
    assert line["request"] == response["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "decide/result/", 200)
    assert line["ms"] > 0
    assert "own-cloud" not in log.getvalue()
    assert "12345" not in log.getvalue()


def test_what_is_said_within_a_request_has_its_id(visitor: Client, log: io.StringIO) -> None:
    ids = [visitor.get("/failing/broken/")["X-Request-ID"] for _ in range(2)]
    said = [line["request"] for line in lines(log, "django.request")]
    assert said == ids
    assert len(set(ids)) == 2


def test_outside_of_a_request_there_is_none(log: io.StringIO) -> None:
    logging.getLogger("openweigh").warning("started")
    (line,) = lines(log, "openweigh")
    assert "request" not in line


def test_the_proxys_name_of_a_request_is_kept(visitor: Client, settings: Settings) -> None:
    sent = {"x-request-id": "from-the-proxy-1"}
    assert visitor.get("/robots.txt", headers=sent)["X-Request-ID"] != "from-the-proxy-1"
    settings.BEHIND_PROXY = True
    assert visitor.get("/robots.txt", headers=sent)["X-Request-ID"] == "from-the-proxy-1"


@pytest.mark.parametrize("name", ["short", "a" * 65, 'x"y\\z 12345'])
def test_a_name_that_could_forge_a_line_is_replaced(
    visitor: Client, settings: Settings, name: str
) -> None:
    settings.BEHIND_PROXY = True
    assert visitor.get("/robots.txt", headers={"x-request-id": name})["X-Request-ID"] != name


def test_a_method_that_nobody_knows_is_one_of_the_others(visitor: Client, log: io.StringIO) -> None:
    visitor.generic("BREW", "/robots.txt")
    assert [line["method"] for line in lines(log, "openweigh.requests")] == ["other"]


TOKEN = "t" * 20


def test_without_a_token_there_are_no_metrics(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_metrics_are_for_who_knows_the_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer é"}).status_code == 404
    response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_metrics_count_requests_by_route(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    before = counted(client)
    for _ in range(3):
        client.get(ANSWERED)
    assert counted(client) == before + 3


def counted(client: Client) -> float:
    text = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
    wanted = {"method": "GET", "route": "decide/result/", "status": "200"}
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "openweigh_requests_total" and sample.labels == wanted
    )
