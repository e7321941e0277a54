"""Health, robots and the pages for errors."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

from apps.common.methods import read_only

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /healthz
Disallow: /*?
"""


@never_cache
@read_only
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the site is up and reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return HttpResponse("The database cannot be reached.", "text/plain", status=503)
    return HttpResponse("ok", "text/plain")


@read_only
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers out of the endless space of answers."""
    return HttpResponse(ROBOTS, "text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be understood."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for what is not public."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for a page that does not exist."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when something broke; that may be the database or a context processor."""
    return HttpResponseServerError(render_to_string("500.html"))
