"""How much an address may hold, and how many may send something at once."""

from collections.abc import Callable
from threading import BoundedSemaphore

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse

from apps.common import views
from apps.common.methods import READING

MOST_PARAMETERS = 1_000
# Half of the threads that a process is started with: whoever sends slowly, or waits until
# another has saved, leaves the others to those who read.
MOST_SENDING = 4

type Answer = Callable[[HttpRequest], HttpResponse]


def few_parameters(get_response: Answer) -> Answer:
    """Refuse addresses with more parameters than any page has, before they are read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Only the forms of editors hold thousands of fields, and those are sent in the body.
        if request.META.get("QUERY_STRING", "").count("&") >= MOST_PARAMETERS:
            raise TooManyFieldsSent("The address has too many parameters.")
        return get_response(request)

    return middleware


def few_sending(get_response: Answer) -> Answer:
    """Tell whoever sends something while too many do to come back."""
    room = BoundedSemaphore(MOST_SENDING)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in READING:
            return get_response(request)
        if not room.acquire(blocking=False):
            return views.unavailable()
        try:
            return get_response(request)
        finally:
            room.release()

    return middleware
