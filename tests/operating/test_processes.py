"""Several processes, slow clients and the end of a process: nobody waits, nothing is lost."""

import http.client
import signal
import socket
from contextlib import ExitStack
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest

from tests.e2e.site import Site, run
from tests.operating.conftest import Serve

THREADS = 8


def get(site: Site, path: str) -> tuple[int, str]:
    """Return the status of a page and what it holds."""
    address = urlsplit(site.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_every_process_shows_an_edit_at_once(start: Serve, environment: dict[str, str]) -> None:
    sites = [start(), start()]
    for site in sites:
        assert "Edited by another" not in get(site, "/models/?q=gpt-4o")[1]
        assert get(site, "/readyz") == (200, "ok")
    run(
        environment,
        "manage.py",
        "shell",
        "--no-imports",
        "-c",
        "from apps.catalog.models import Model;"
        "Model.objects.filter(slug='gpt-4o').update(name='Edited by another')",
    )
    for site in sites:
        assert "Edited by another" in get(site, "/models/?q=edited")[1]
        assert "Edited by another" in get(site, "/models/gpt-4o/")[1]


def slow(site: Site, request: bytes) -> socket.socket:
    address = urlsplit(site.url)
    connection = socket.create_connection((str(address.hostname), address.port or 80), timeout=60)
    connection.sendall(request)
    return connection


@pytest.mark.parametrize(
    "request_of",
    [
        b"POST /costs/bill/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\na",
        b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\na",
        b"GET /models.csv HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    ],
    ids=["slow body", "slow sign-in", "slow reader", "slow head"],
)
def test_slow_clients_keep_nobody_else_waiting(start: Serve, request_of: bytes) -> None:
    site = start()
    with ExitStack() as stack:
        for _ in range(3 * THREADS):
            stack.enter_context(slow(site, request_of))
        assert get(site, "/decide/")[0] == 200
        assert get(site, "/healthz") == (200, "ok")


def test_a_process_that_is_told_to_end_answers_what_it_took(start: Serve) -> None:
    site = start()
    get(site, "/costs/")
    is_busy, statuses = Event(), []

    def visit() -> None:
        while True:
            try:
                statuses.append(get(site, "/costs/")[0])
            except (OSError, http.client.HTTPException):
                # It is gone, and takes nothing any more.
                return
            finally:
                is_busy.set()

    visitors = [Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    is_busy.wait()
    assert site.process
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(30) == 0
    for visitor in visitors:
        visitor.join()
    assert set(statuses) == {200}
