"""What is too large is refused before anything reads it, and what is too slow is given up on."""

import io
import threading
from collections.abc import Iterator
from threading import Event

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from apps.common.bodies import BodiesMiddleware
from tests.common.test_headers import assert_secure
from tests.common.test_methods import ROUTES, TAKES_FORMS

pytestmark = pytest.mark.django_db

FORMS = [route for route in ROUTES if TAKES_FORMS.match(route)]


class Unread(io.RawIOBase):
    """A body that fails whoever reads it."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("It was read.")


def send(address: str, length: int, **extra: str) -> HttpResponse:
    """Send a form of some length with the cookie and the header that make Django read it."""
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return client.post(  # type: ignore[return-value]
        address,
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(length), "wsgi.input": Unread(), **extra},  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "address", ["/admin/login/", "/costs/bill/", "/admin/catalog/model/import/"]
)
def test_a_form_that_is_too_large_is_refused_unread(address: str) -> None:
    response = send(address, settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert response.status_code == 413
    assert "<h1" in response.text
    assert_secure(response)


def test_no_address_reads_what_is_too_large() -> None:
    for address in ROUTES:
        status = send(address, 10**9).status_code
        assert status == (413 if TAKES_FORMS.match(address) else 405), address


@pytest.mark.parametrize("address", ["/admin/login/", "/costs/bill/"])
def test_a_form_that_does_not_say_its_length_is_refused_unread(address: str) -> None:
    response = send(address, 0, HTTP_TRANSFER_ENCODING="chunked")
    assert response.status_code == 411
    assert_secure(response)


class Slow(io.RawIOBase):
    """A body of which nothing arrives until the client hangs up."""

    def __init__(self, hung_up: Event) -> None:
        self._hung_up = hung_up

    def read(self, size: int = -1) -> bytes:
        self._hung_up.wait()
        return b""


@pytest.fixture
def hung_up() -> Iterator[Event]:
    """Hang up at the end, so that no thread is left."""
    event = Event()
    yield event
    event.set()
    for thread in threading.enumerate():
        if thread.daemon and "_read" in thread.name:
            thread.join()


def arrive(
    middleware: BodiesMiddleware, body: io.RawIOBase | io.BytesIO, length: int
) -> int | None:
    """Return with which status a body is refused; None where the page gets it."""
    request = RequestFactory().post("/admin/login/")
    request.environ |= {"CONTENT_LENGTH": str(length), "wsgi.input": body}
    request = type(request)(request.environ)
    refused = middleware.process_view(request, None, None, None)
    return refused.status_code if refused else None


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_a_body_that_does_not_arrive_is_given_up_on(hung_up: Event) -> None:
    middleware = BodiesMiddleware(page, seconds=0.01)
    assert arrive(middleware, Slow(hung_up), 10_000) == 408


def test_only_so_many_can_keep_a_thread_waiting(hung_up: Event) -> None:
    middleware = BodiesMiddleware(page, seconds=0.01, most_arriving=2)
    statuses = [arrive(middleware, Slow(hung_up), 10_000) for _ in range(3)]
    assert statuses == [408, 408, 503]


def test_a_body_that_breaks_off_is_no_form() -> None:
    assert arrive(BodiesMiddleware(page), io.BytesIO(b"a=b"), 10) == 400


def test_who_has_sent_makes_room() -> None:
    middleware = BodiesMiddleware(page, most_arriving=1)
    for _ in range(5):
        assert arrive(middleware, io.BytesIO(b"a=b"), 3) is None
        for thread in threading.enumerate():
            if "_read" in thread.name:
                thread.join()
