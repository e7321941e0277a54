"""Numbers for Prometheus: requests, how long they took, and sign-ins that failed."""

import os
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from apps.common.methods import read_only

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_requests = Counter("openweigh_requests", "Requests answered.", ["method", "route", "status"])
_seconds = Histogram("openweigh_request_seconds", "Time to answer.", ["route"], buckets=_BUCKETS)
_refused = Counter("openweigh_sign_ins_refused", "Sign-ins that were refused.")


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    if settings.METRICS_TOKEN:
        _requests.labels(method, route, status).inc()
        _seconds.labels(route).observe(seconds)


def count_refused_sign_in() -> None:
    """Count a sign-in that was refused."""
    if settings.METRICS_TOKEN:
        _refused.inc()


@never_cache
@read_only
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the numbers to whoever knows the token; without one there is no such page."""
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not compare_digest(given.encode(), wanted.encode()):
        raise Http404
    return HttpResponse(_numbers(), CONTENT_TYPE_LATEST)


def _numbers() -> bytes:
    # Several processes of one host each write their numbers to this folder.
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    # The library gives this constructor no types.
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
