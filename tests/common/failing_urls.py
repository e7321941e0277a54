"""The site's addresses, and some behind which something fails."""

from typing import NoReturn

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest
from django.urls import path

from config import urls

FAILURES = {
    "forbidden": PermissionDenied(),
    "suspicious": SuspiciousOperation("secret detail"),
    "broken": RuntimeError("secret detail"),
    "away": OperationalError("secret detail"),
}


def fail(request: HttpRequest, how: str) -> NoReturn:
    """Raise the failure of that name."""
    raise FAILURES[how]


urlpatterns = [path("failing/<slug:how>/", fail), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
