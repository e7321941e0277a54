"""A first visit costs little: few requests, little to load, and pages that say what they are."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.visiting import RESULT, WHOLE, Shown, before, question, shown, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

ENTRANCES = [
    "/",
    "/decide/",
    "/decide/stage/",
    "/scenarios/",
    "/scenarios/edge-offline/",
    "/guide/",
    "/how-it-works/",
    "/models/",
    "/models/gpt-oss-120b/",
    "/models/hosts/",
    "/costs/",
    "/accessibility/",
]
SHARED = [question("team", before("team")), url(RESULT, WHOLE)]
MOST_REQUESTS = 5
MOST_BYTES = 30_000


def loaded(page: Shown) -> list[str]:
    """Return what a browser fetches with a page."""
    links = [tag["href"] for tag in page.all("link") if tag["rel"] in {"stylesheet", "icon"}]
    scripts = [tag["src"] for tag in page.all("script")]
    parts = [tag["hx-get"] for tag in page.tags if tag["hx-trigger"] == "load"]
    return links + scripts + parts


@pytest.mark.parametrize("address", [*ENTRANCES, *SHARED])
def test_a_page_takes_at_most_five_requests(client: Client, address: str) -> None:
    assert 1 + len(loaded(shown(client, address))) <= MOST_REQUESTS


def test_the_front_page_and_all_that_it_loads_are_thirty_kilobytes(client: Client) -> None:
    total = len(client.get("/", headers={"accept-encoding": "gzip"}).content)
    for address in loaded(shown(client, "/")):
        path = finders.find(address.removeprefix("/static/"))
        assert path, address
        total += len(gzip.compress(Path(path).read_bytes()))
    assert total <= MOST_BYTES


@pytest.mark.parametrize("address", ENTRANCES)
def test_an_entrance_says_what_it_is_and_may_be_found(client: Client, address: str) -> None:
    page = shown(client, address)
    (description,) = page.all("meta", name="description")
    assert 50 <= len(description["content"]) <= 300
    assert not page.all("meta", name="robots")


def test_each_entrance_has_a_description_of_its_own(client: Client) -> None:
    found = [shown(client, address).all("meta", name="description") for address in ENTRANCES]
    texts = [tag["content"] for (tag,) in found]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []
