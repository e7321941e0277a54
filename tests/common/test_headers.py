"""Whatever is answered carries the security headers, and no visitor fills the log."""

import io
import json
import logging
from pathlib import Path

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django.fixtures import Settings

from apps.common.limits import MOST_PARAMETERS
from tests.closing import closed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
TOO_MANY = "/models/?" + "&".join(["q=x"] * (MOST_PARAMETERS + 1))
ANSWERS = [
    ("/", 200),
    ("/models.json", 200),
    ("/models.csv", 200),
    ("/costs.csv", 200),
    ("/healthz", 200),
    ("/robots.txt", 200),
    ("/static/plain.css", 200),
    ("/admin/login/", 200),
    ("/models", 301),
    ("/decide/priority/", 302),
    ("/admin/", 302),
    (TOO_MANY, 400),
    ("/models.json?tools=perhaps", 400),
    ("/failing/suspicious/", 400),
    ("/failing/forbidden/", 403),
    ("/no-such-page/", 404),
    ("/static/none.css", 404),
    ("/costs/?volume=many", 422),
    ("/costs.json?volume=many", 422),
    ("/failing/broken/", 500),
    ("/failing/away/", 503),
]


@pytest.fixture
def visitor(settings: Settings, plain_static_files: Path) -> Client:
    """A visitor of a site on which some addresses fail and a file is served."""
    settings.ROOT_URLCONF = "tests.common.failing_urls"
    (plain_static_files / "plain.css").write_text("p {}")
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def assert_secure(response: HttpResponseBase) -> None:
    rules = {rule.strip() for rule in response["Content-Security-Policy"].split(";")}
    assert rules == POLICY
    assert {name: response[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize(("address", "status"), ANSWERS, ids=[a[:30] for a, _ in ANSWERS])
def test_every_answer_carries_the_security_headers(
    visitor: Client, address: str, status: int
) -> None:
    with closed(visitor.get(address)) as response:
        assert response.status_code == status
        assert_secure(response)


def test_an_answer_that_did_not_change_carries_them(visitor: Client) -> None:
    tag = visitor.get("/models.json")["ETag"]
    response = visitor.get("/models.json", headers={"if-none-match": tag})
    assert response.status_code == 304
    assert_secure(response)


@pytest.mark.parametrize(
    ("address", "status"), [("/models/", 405), ("/admin/login/", 403), ("/no-such-page/", 404)]
)
def test_a_form_that_is_refused_carries_them(visitor: Client, address: str, status: int) -> None:
    response = visitor.post(address, {"a": "b"})
    assert response.status_code == status
    assert_secure(response)


def test_a_name_that_is_not_the_sites_gets_them(visitor: Client) -> None:
    response = visitor.get("/", headers={"host": "other.example"})
    assert response.status_code == 400
    assert_secure(response)


def test_the_way_to_https_carries_them(visitor: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = visitor.get("/decide/")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/decide/")
    assert_secure(response)


@pytest.mark.parametrize(
    ("address", "host"),
    [(TOO_MANY, "testserver"), ("/failing/suspicious/", "testserver"), ("/", "other.example")],
)
def test_a_wrong_request_is_a_line_in_the_log_and_no_traceback(
    visitor: Client, address: str, host: str, log: io.StringIO
) -> None:
    assert visitor.get(address, headers={"host": host}).status_code == 400
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    warnings = [line for line in lines if line["level"] != "INFO"]
    assert len(warnings) == 1
    assert "traceback" not in warnings[0]


def test_a_fault_of_the_sites_own_is_logged_with_its_place(
    visitor: Client, log: io.StringIO
) -> None:
    assert visitor.get("/failing/broken/").status_code == 500
    (line,) = [line for line in map(json.loads, log.getvalue().splitlines()) if "traceback" in line]
    assert line["traceback"][0] == "RuntimeError"
    assert any("failing_urls.py" in place for place in line["traceback"])
    # The words of an exception may hold what somebody answered.
    assert "secret detail" not in log.getvalue()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the site's own handlers write, as they are set up."""
    written = io.StringIO()
    for name in ("", "django.security"):
        for handler in logging.getLogger(name).handlers:
            # The tests' own handlers are of other kinds.
            if type(handler) is logging.StreamHandler:
                monkeypatch.setattr(handler, "stream", written)
    return written
