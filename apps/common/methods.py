"""Which methods a page takes, asked before anything that was sent is read."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

READING = ("GET", "HEAD")
FORMS = (*READING, "POST")

type View = Callable[..., HttpResponseBase]


def read_only[V: View](view: V) -> V:
    """Let a page be read, and nothing be sent to it."""
    # A function has no such attribute until here; what serves it reads it again.
    view.methods = READING  # type: ignore[attr-defined]
    return view


def public_page[V: View](view: V) -> V:
    """Let a page be read, and kept: rows, rules, the day and its address say all of it."""
    # As above: an attribute of our own on a function.
    view.is_public = True  # type: ignore[attr-defined]
    return read_only(view)


class MethodsMiddleware:
    """Refuses what a page does not take; unless it says otherwise, a page takes a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Refuse the request, or let it pass to the page."""
        methods: tuple[str, ...] = getattr(view, "methods", FORMS)
        if request.method in methods:
            return None
        response = render(request, "405.html", status=405)
        response["Allow"] = ", ".join(methods)
        return response
