"""How much an address may hold, beside what a form may."""

from collections.abc import Callable

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse

MOST_PARAMETERS = 1_000


def few_parameters(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse addresses with more parameters than any page has, before they are read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Only the forms of editors hold thousands of fields, and those are sent in the body.
        if request.META.get("QUERY_STRING", "").count("&") >= MOST_PARAMETERS:
            raise TooManyFieldsSent("The address has too many parameters.")
        return get_response(request)

    return middleware
