"""Whoever sends something leaves threads to those who read."""

import re
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from apps.common.limits import MOST_SENDING, few_sending

ROOT = Path(__file__).resolve().parents[2]


def sending(method: str, at_once: int) -> list[int]:
    """Return the answers to requests of which each begins before the one before it has ended."""
    answers: list[int] = []

    def page(request: HttpRequest) -> HttpResponse:
        if len(waiting) < at_once:
            begin()
        return HttpResponse()

    waiting: list[HttpRequest] = []
    middleware = few_sending(page)

    def begin() -> None:
        waiting.append(RequestFactory().generic(method, "/admin/login/"))
        answers.append(middleware(waiting[-1]).status_code)

    begin()
    return answers


@pytest.mark.parametrize("method", ["POST", "PUT", "BREW"])
def test_one_more_than_may_send_at_once_is_asked_to_come_back(method: str) -> None:
    assert sorted(sending(method, MOST_SENDING)) == [200] * MOST_SENDING
    assert sorted(sending(method, MOST_SENDING + 1)) == [200] * MOST_SENDING + [503]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_any_number_may_read_at_once(method: str) -> None:
    assert sending(method, 3 * MOST_SENDING) == [200] * 3 * MOST_SENDING


def test_who_has_sent_makes_room() -> None:
    middleware = few_sending(lambda request: HttpResponse())
    for _ in range(3 * MOST_SENDING):
        assert middleware(RequestFactory().post("/")).status_code == 200


def test_room_is_made_where_sending_fails() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        raise OSError("gone")

    middleware = few_sending(page)
    for _ in range(3 * MOST_SENDING):
        with pytest.raises(OSError, match="gone"):
            middleware(RequestFactory().post("/"))


def test_half_of_the_threads_are_left_to_those_who_read() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (threads,) = re.findall(r"--blocking-threads (\d+)", makefile)
    assert int(threads) == 2 * MOST_SENDING
