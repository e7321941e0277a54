"""Whether the site can answer, for what watches it and for what sends visitors to it."""

from threading import Event

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from apps.common.methods import read_only
from apps.common.today import today
from apps.common.unavailable import NotReadyError
from apps.engine.engine import current
from apps.rules.models import Rulebook

_migrated = Event()


@never_cache
@read_only
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the site reaches its database and finds there what every page rests on."""
    try:
        is_ready = Rulebook.objects.published().exists()
    except Error:
        return _unwell("The database cannot be read.")
    return _well() if is_ready else _unwell("The database holds no published rules.")


@never_cache
@read_only
def readyz(request: HttpRequest) -> HttpResponse:
    """Say that this process can answer visitors at once: what it computes from is compiled."""
    try:
        if not _is_migrated():
            return _unwell("The tables of the database are not those of this code: run migrate.")
        current(today())
    except NotReadyError:
        return _unwell("The database holds no published rules.")
    except Error:
        return _unwell("The database cannot be read.")
    return _well()


def _is_migrated() -> bool:
    """Tell whether all migrations have run; once they have, nobody asks again."""
    if not _migrated.is_set():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.set()
    return True


def _well() -> HttpResponse:
    return HttpResponse("ok", "text/plain")


def _unwell(problem: str) -> HttpResponse:
    return HttpResponse(problem, "text/plain", status=503)
