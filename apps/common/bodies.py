"""What may be sent to the site: how much of it, and how slowly."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from apps.common import views
from apps.common.methods import READING

# What takes longer than this to arrive is given up on.
BODY_SECONDS = 10.0
# How many may be sending at once, counting those who were given up on and have not hung up.
MOST_ARRIVING = 64


class BodiesMiddleware:
    """Reads what was sent before the page does, and refuses what is too large or too slow.

    Runs where a page takes forms at all. The server lets nobody stop waiting for what does not
    arrive, so a thread beside the server's own waits: that one goes on to the next request.
    """

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase],
        seconds: float = BODY_SECONDS,
        most_arriving: int = MOST_ARRIVING,
    ) -> None:
        """Take what answers the request."""
        self.get_response = get_response
        self._seconds, self._room = seconds, BoundedSemaphore(most_arriving)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse the request, or let it pass to the page with all that was sent."""
        if request.method in READING:
            return None
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return render(request, "413.html", status=411)
        if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return render(request, "413.html", status=413)
        return self._receive(request)

    def _receive(self, request: HttpRequest) -> HttpResponse | None:
        if not self._room.acquire(blocking=False):
            return views.unavailable()
        arrived: SimpleQueue[bool] = SimpleQueue()
        Thread(target=self._read, args=(request, arrived), daemon=True).start()
        try:
            is_whole = arrived.get(timeout=self._seconds)
        except Empty:
            return render(request, "408.html", status=408)
        return None if is_whole else render(request, "400.html", status=400)

    def _read(self, request: HttpRequest, arrived: "SimpleQueue[bool]") -> None:
        try:
            # Django keeps it: forms and files are read from there.
            arrived.put(len(request.body) == _length(request))
        except OSError:
            arrived.put(False)
        finally:
            self._room.release()


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() else 0
