"""What every public page keeps to."""

from itertools import pairwise

import pytest
from django.test import Client

from tests.method import CHOICES
from tests.visiting import JSON, RESULT, UNSURE, WHOLE, Shown, before, question, shown, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

QUESTIONS = [question(key, before(key)) for key in CHOICES]
PAGES = [
    "/",
    "/decide/",
    *QUESTIONS,
    RESULT,
    url(RESULT, WHOLE),
    url(RESULT, UNSURE),
    "/how-it-works/",
    "/scenarios/",
    "/scenarios/edge-offline/",
    "/guide/",
    "/models/",
    "/models/gpt-oss-120b/",
    "/costs/",
    "/costs/?volume=5M&tokens_in=900&tokens_out=300&need=150&growth=0.05",
]
ERRORS = [
    "/costs/?volume=many",
    question("stage", next="1"),
    question("size", before("size"), size="custom", next="1"),
]
OTHER = [
    JSON,
    url(JSON, WHOLE),
    "/costs.json",
    "/costs.csv",
    "/healthz",
    "/robots.txt",
    "/no-such-page/",
    "/decide/priority/",
]
WIZARD = ["/", "/decide/", "/decide/stage/", RESULT, JSON]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_main_heading_a_title_and_headings_in_order(
    client: Client, address: str
) -> None:
    page = shown(client, address)
    assert page.heading
    assert "OpenWeigh" in page.title
    levels = [int(tag.name[1]) for tag in page.tags if tag.name in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels)), levels


@pytest.mark.parametrize("address", [*PAGES, *ERRORS])
def test_ids_are_unique_and_nothing_inline_stands_in_the_markup(
    client: Client, address: str
) -> None:
    page = Shown(client.get(address).content.decode())
    ids = [tag["id"] for tag in page.tags if tag["id"]]
    assert len(ids) == len(set(ids))
    assert not page.all("style")
    assert all(tag["src"].startswith("/static/") for tag in page.all("script"))
    for tag in page.tags:
        assert not [name for name in tag.attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("address", [*PAGES, *ERRORS])
def test_what_a_page_names_by_id_is_there(client: Client, address: str) -> None:
    page = Shown(client.get(address).content.decode())
    ids = {tag["id"] for tag in page.tags if tag["id"]}
    for tag in page.tags:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set(tag[name].split()) <= ids, (name, tag[name])
        if tag.name == "a" and tag["href"].startswith("#"):
            assert tag["href"][1:] in ids


@pytest.mark.parametrize("address", [*PAGES, *ERRORS, *OTHER])
def test_a_page_sets_no_cookie_and_carries_the_security_headers(
    client: Client, address: str
) -> None:
    response = client.get(address)
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert {"script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= {
        rule.strip() for rule in policy.split(";")
    }
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_nothing_from_another_host(client: Client, address: str) -> None:
    page = shown(client, address)
    loaded = [tag["src"] for tag in page.tags if tag["src"]]
    loaded += [tag["href"] for tag in page.all("link")]
    assert loaded
    assert all(source.startswith("/static/") for source in loaded)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", WIZARD)
def test_the_wizard_only_reads(client: Client, address: str, method: str) -> None:
    assert getattr(client, method)(address).status_code == 405
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("key", ["nonsense", "result2", "Stage", "tokens_in"])
def test_an_unknown_question_is_not_found(client: Client, key: str) -> None:
    page = shown(client, f"/decide/{key}/", status=404)
    assert page.heading == "Page not found"


@pytest.mark.parametrize("address", ["/decide", "/decide/stage", "/decide/result"])
def test_a_missing_slash_is_added_and_the_answers_are_kept(client: Client, address: str) -> None:
    response = client.get(f"{address}?stage=scaling")
    assert response.status_code == 301
    assert response["Location"] == f"{address}/?stage=scaling"


def test_the_front_page_leads_into_the_wizard_the_scenarios_and_the_catalog(
    client: Client,
) -> None:
    page = shown(client, "/")
    links = {tag["href"] for tag in page.all("a")}
    assert {"/decide/", "/models/", "/guide/", "/scenarios/edge-offline/"} <= links
    assert len([link for link in links if link.startswith("/scenarios/")]) == 12


def test_a_scenario_is_loaded_from_the_start_page_as_a_whole_result(client: Client) -> None:
    page = shown(client, "/decide/")
    found = shown(client, page.link("Edge or offline deployment"))
    assert found.heading.startswith("Open: on your own hardware")
    assert "Answer the next question" not in found.text


def test_the_start_page_goes_on_where_the_answers_end(client: Client) -> None:
    fresh = shown(client, "/decide/")
    assert fresh.link("Start with the first question") == "/decide/stage/"
    later = shown(client, url("/decide/", stage="scaling", nonsense="1"))
    assert "/decide/boundary/?stage=scaling" in {tag["href"] for tag in later.all("a")}
