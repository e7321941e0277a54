"""Robots and the error pages."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from apps.common import views

# The footer of every page says the version of the rules and the date of the data.
pytestmark = pytest.mark.django_db

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
ERROR_PAGES: dict[int, Callable[[HttpRequest], HttpResponse]] = {
    400: lambda request: views.bad_request(request, Exception()),
    403: lambda request: views.forbidden(request, Exception()),
    404: lambda request: views.not_found(request, Exception()),
    500: views.server_error,
    503: lambda request: views.unavailable(),
}


def test_robots_keep_to_the_pages_that_end(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"User-agent: *", "Disallow: /*?"} <= set(lines)
    # It would only tell where to try.
    assert not [line for line in lines if "admin" in line]


@pytest.mark.parametrize("status", ERROR_PAGES)
def test_errors_have_the_house_style(status: int, rf: RequestFactory) -> None:
    response = ERROR_PAGES[status](rf.get("/decide/"))
    html = response.content.decode()
    assert response.status_code == status
    assert html.count("<h1") == 1
    assert "– OpenWeigh</title>" in html
    assert 'href="/decide/"' in html
    assert not response.cookies


def test_the_500_page_needs_neither_database_nor_context_processors(
    settings: Settings, rf: RequestFactory
) -> None:
    def broken(request: HttpRequest) -> dict[str, object]:
        raise OperationalError

    engine = settings.TEMPLATES[0]
    options = {**engine["OPTIONS"], "context_processors": [broken]}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]
    assert views.server_error(rf.get("/")).status_code == 500


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_style_and_no_script(path: Path) -> None:
    html = path.read_text()
    for tag in re.findall(r"<[a-z][^>]*>", html):
        assert not re.search(r"\s(style|on[a-z]+|hx-on[^=]*)\s*=", tag), tag
    assert "<style" not in html
    assert "<script" not in html


def test_htmx_is_told_what_the_content_policy_allows() -> None:
    html = render_to_string("base.html")
    found = re.search(r"<meta name=\"htmx-config\" content='([^']+)'>", html)
    assert found
    config = json.loads(found[1])
    assert config["includeIndicatorStyles"] is False
    assert config["allowEval"] is False
    assert config["historyCacheSize"] == 0
    codes = {rule["code"]: rule["swap"] for rule in config["responseHandling"]}
    assert codes["422"] is True
    assert codes["204"] is False


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/decide/", 'href="/decide/" aria-current="page"'),
        ("/decide/volume/", 'href="/decide/" aria-current="true"'),
        ("/models/", 'href="/models/" aria-current="page"'),
        ("/models/gpt-oss-120b/", 'href="/models/" aria-current="true"'),
        ("/scenarios/edge/", 'href="/scenarios/" aria-current="true"'),
        ("/guide/", 'href="/guide/" aria-current="page"'),
        ("/", 'href="/" aria-current="page"'),
    ],
)
def test_the_header_says_where_one_is(path: str, current: str, rf: RequestFactory) -> None:
    html = render_to_string("base.html", request=rf.get(path))
    assert current in html
    assert html.count("aria-current") == 1


def test_nothing_is_loaded_from_another_host() -> None:
    html = render_to_string("base.html")
    assert not re.findall(r"(?:src|href|action)=\"(?:https?:)?//", html)
