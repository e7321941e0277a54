"""What a request asks: its pairs, the day whose prices count, and the engine of that day."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from apps.decision.address import day_asked
from apps.engine.engine import Engine, current


def today() -> date:
    """Return the day whose prices count unless the address names another."""
    return timezone.now().date()


def pairs_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the pairs of the address in their order."""
    return [(key, value) for key, values in request.GET.lists() for value in values]


def engine_for(request: HttpRequest) -> Engine:
    """Return the published rules with the prices of the day that the address asks for."""
    return current(day_asked(pairs_of(request)) or today())
