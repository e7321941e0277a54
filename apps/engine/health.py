"""Whether the site can answer, for what watches it."""

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from apps.common.methods import read_only
from apps.rules.models import Rulebook


@never_cache
@read_only
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the site reaches its database and finds there what every page rests on."""
    try:
        is_ready = Rulebook.objects.published().exists()
    except Error:
        return HttpResponse("The database cannot be read.", "text/plain", status=503)
    if not is_ready:
        return HttpResponse("The database holds no published rules.", "text/plain", status=503)
    return HttpResponse("ok", "text/plain")
