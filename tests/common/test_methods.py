"""A page takes only what it says: everything else is refused before it is read."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.common.test_headers import assert_secure

pytestmark = pytest.mark.django_db

# The editors' side, and the one public page that takes a form.
TAKES_FORMS = re.compile(r"/admin/|/costs/bill/$")


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Yield an address for every route of the site."""
    for entry in resolver.url_patterns:
        here = before + sample(str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from addresses(entry, here)
        elif isinstance(entry, URLPattern):
            yield here


def sample(route: str) -> str:
    """Fill the places of a route; of what a regular expression allows, take the first."""
    route = re.sub(r"\(\?P<\w+>([\w.]+)[^)]*\)", r"\1", route.strip("^$"))
    return re.sub(r"<[^>]+>", "1", route).replace(".*$", "x").replace(".*", "x")


ROUTES = sorted(set(addresses(get_resolver())))


def test_the_routes_are_those_of_the_site() -> None:
    assert {"/", "/costs/", "/models/1/", "/decide/1/", "/admin/catalog/model/1/change/"} <= set(
        ROUTES
    )


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_page_takes_what_only_programs_send(method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in ROUTES:
        response = client.generic(method, address, b"a=b")
        assert response.status_code == 405, address
        forms = TAKES_FORMS.match(address)
        assert response["Allow"] == ("GET, HEAD, POST" if forms else "GET, HEAD"), address
        assert_secure(response)


@pytest.mark.parametrize("address", [route for route in ROUTES if not TAKES_FORMS.match(route)])
def test_a_page_that_only_reads_refuses_a_form(address: str) -> None:
    response = Client(enforce_csrf_checks=True).post(address, {"a": "b"})
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "<h1" in response.text
    assert_secure(response)


def test_a_form_without_its_token_is_told_so_in_house_style() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a"})
    assert response.status_code == 403
    assert "<title>Nothing was saved | OpenWeigh, editors</title>" in response.text
    assert "<style" not in response.text
    assert_secure(response)
