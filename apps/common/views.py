"""Robots and the pages for errors."""

import sys

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from apps.common.methods import read_only
from apps.common.unavailable import is_unavailable

RETRY_SECONDS = 30
ROBOTS = """\
User-agent: *
Disallow: /healthz
Disallow: /readyz
Disallow: /metrics
Disallow: /*?
"""


@read_only
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers out of the endless space of answers."""
    return HttpResponse(ROBOTS, "text/plain")


def _of_side(request: HttpRequest, template: str) -> str:
    """Return the template of the side, the public's or the editors', that was asked."""
    return f"admin/{template}" if request.path.startswith(reverse("admin:index")) else template


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be understood."""
    return render(request, _of_side(request, "400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for what is not public."""
    return render(request, _of_side(request, "403.html"), status=403)


def form_not_taken(request: HttpRequest) -> HttpResponse:
    """Answer a form whose token does not fit."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for a page that does not exist."""
    return render(request, _of_side(request, "404.html"), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when something broke; that may be the database or a context processor."""
    # Django calls this while it handles the error, wherever that came from.
    if is_unavailable(sys.exception()):
        return unavailable()
    return HttpResponseServerError(render_to_string(_of_side(request, "500.html")))


def unavailable() -> HttpResponse:
    """Ask to come back; nothing is read from the database for it."""
    headers = {"Retry-After": str(RETRY_SECONDS)}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
