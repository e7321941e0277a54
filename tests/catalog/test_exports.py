"""The catalog for programs and spreadsheets."""

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from apps.catalog.pages.exports import FIELDS
from tests import factories

pytestmark = pytest.mark.django_db

# The contract: keys are added, never renamed or taken away.
KEYS = [
    "slug",
    "name",
    "provider",
    "provider_name",
    "openness",
    "license",
    "rights",
    "license_clause",
    "status",
    "release_date",
    "retirement_date",
    "successor",
    "context_tokens",
    "max_output_tokens",
    "params_total_b",
    "params_active_b",
    "reads",
    "writes",
    "tools",
    "structured_output",
    "reasoning",
    "knowledge_cutoff",
    "hf_repo",
    "served_bits",
    "memory_gb",
    "input_usd_per_million",
    "output_usd_per_million",
    "price_host",
    "price_is_router",
    "hosts",
    "checked_on",
    "url",
]


def body(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content, "utf-8")


def test_the_day_of_the_data_is_the_newest_reading(client: Client) -> None:
    assert client.get("/models.json").json()["as_of"] is None
    model = factories.ModelFactory.create(checked_on=date(2026, 9, 1))
    assert client.get("/models.json").json()["as_of"] == "2026-09-01"
    offer = factories.OfferFactory.create(model=model)
    factories.PriceFactory.create(offer=offer, read_on=date(2026, 10, 2))
    assert client.get("/models.json").json()["as_of"] == "2026-10-02"


def lines(client: Client, url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(client.get(url)))))


def test_the_keys_are_those_that_were_promised(client: Client) -> None:
    factories.ModelFactory.create()
    (model,) = client.get("/models.json").json()["models"]
    assert list(model) == KEYS == [*(key for key, _ in FIELDS), "url"]
    assert list(lines(client, "/models.csv")[0]) == KEYS


def test_unknown_is_null_and_an_empty_cell(client: Client) -> None:
    factories.ModelFactory.create(license=None)
    (model,) = client.get("/models.json").json()["models"]
    (line,) = lines(client, "/models.csv")
    for key in ("rights", "license", "context_tokens", "tools", "input_usd_per_million", "reads"):
        assert model[key] is None
        assert line[key] == ""


def test_pages_of_json_follow_each_other_to_null(client: Client) -> None:
    expected = {factories.ModelFactory.create().slug for _ in range(7)}
    url, seen = "/models.json?page_size=3&sort=-context", []
    while url:
        page = client.get(url).json()
        assert page["total"] == 7
        seen += [model["slug"] for model in page["models"]]
        assert page["next"] is None or page["next"].startswith("http://testserver/models.json?")
        url = page["next"]
    assert len(seen) == 7
    assert set(seen) == expected


@pytest.mark.parametrize(
    "query", ["", "?openness=closed", "?tools=yes&sort=-name", "?q=model&sort=context"]
)
def test_page_json_and_csv_find_the_same_models_in_the_same_order(
    client: Client, query: str
) -> None:
    for n in range(9):
        factories.ModelFactory.create(
            openness="closed" if n % 2 else "open-weight",
            tools=(True, False, None)[n % 3],
            context_tokens=n or None,
        )
    page = client.get(f"/models/{query}").context["page"]
    names = [row.slug for row in page.rows]
    assert [m["slug"] for m in client.get(f"/models.json{query}").json()["models"]] == names
    assert [line["slug"] for line in lines(client, f"/models.csv{query}")] == names
    assert page.counts.total == len(names)


@pytest.mark.parametrize("url", ["/models.json", "/models.csv"])
def test_what_did_not_change_is_not_sent_again(client: Client, url: str) -> None:
    model = factories.ModelFactory.create()
    first = client.get(url)
    body(first)
    assert first["Last-Modified"]
    again = client.get(url, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    since = client.get(url, headers={"if-modified-since": first["Last-Modified"]})
    assert since.status_code == 304
    model.name = "Renamed"
    model.save()
    changed = client.get(url, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert "Renamed" in body(changed)


@pytest.mark.parametrize("url", ["/models.json?tools=perhaps", "/models.csv?page_size=0"])
def test_a_program_is_told_what_it_asked_wrongly(client: Client, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 400
    assert response["Access-Control-Allow-Origin"] == "*"
    (problem,) = json.loads(body(response))["problems"]
    assert problem["key"] in url


def test_a_hostile_name_is_harmless_in_the_file(client: Client) -> None:
    factories.ModelFactory.create(name='=HYPERLINK("http://evil.example","x")')
    (line,) = lines(client, "/models.csv")
    assert line["name"].startswith("'=")


@pytest.mark.parametrize("url", ["/models.json", "/models.csv"])
def test_exports_are_only_read_and_set_no_cookie(client: Client, url: str) -> None:
    response = client.get(url)
    assert not response.cookies
    assert client.post(url).status_code == 405
