"""Each request gets an id, a line in the log, and its place in the metrics."""

import logging
import re
from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from apps.common import logs, metrics

HEADER = "X-Request-ID"
_SAFE = re.compile(r"[\w-]{8,64}", re.ASCII)

log = logging.getLogger("openweigh.requests")

type Answer = Callable[[HttpRequest], HttpResponseBase]


def known_requests(get_response: Answer) -> Answer:
    """Name every request, and say afterwards what was answered and how long it took."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        start = perf_counter()
        token = logs.request_id.set(_name(request))
        try:
            response = get_response(request)
            response[HEADER] = logs.request_id.get()
            _tell(request, response, perf_counter() - start)
            return response
        finally:
            logs.request_id.reset(token)

    return middleware


def _name(request: HttpRequest) -> str:
    """Return the name that the proxy gave the request, else a new one."""
    given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
    return given if _SAFE.fullmatch(given) else uuid4().hex


def _tell(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    # The pattern of the address and not the address: that holds answers.
    match = request.resolver_match
    route = match.route if match else ""
    method = request.method if request.method in metrics.METHODS else "other"
    said = {"method": method, "route": route, "status": response.status_code}
    log.info("request", extra=said | {"ms": round(seconds * 1000, 1)})
    metrics.count_request(str(method), route, response.status_code, seconds)
