"""Closing what was answered, as the test client does it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.signals import request_finished
from django.db import close_old_connections
from django.http.response import HttpResponseBase


@contextmanager
def closed[R: HttpResponseBase](response: R) -> Iterator[R]:
    """Close a response at the end, and its files, but not the connection of the test."""
    yield response
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)
