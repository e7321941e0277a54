"""The one place that decides between a whole page and the part of it that is swapped."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

# Without these a cache hands the bare part to whoever asks for the page.
VARY = ("HX-Request", "HX-History-Restore-Request")


def wants_part(request: HttpRequest) -> bool:
    """Tell whether HTMX will swap the response into a page that is already open."""
    htmx = HtmxDetails(request)
    # A boosted link and a step back in history replace the whole page.
    return bool(htmx) and not (htmx.history_restore_request or htmx.boosted)


def render_page(
    request: HttpRequest,
    template: str,
    page: object,
    partial: str | None = None,
    status: int = 200,
    push_url: str = "",
) -> HttpResponse:
    """Render `template` with `page`, or its `partial` alone where HTMX asks for it.

    The template also gets `swapped`: true where the response is such a part. HTMX then shows
    `push_url` in the address bar; "false" leaves the address as it is.
    """
    swapped = partial is not None and wants_part(request)
    name = f"{template}#{partial}" if swapped else template
    response = render(request, name, {"page": page, "swapped": swapped}, status=status)
    patch_vary_headers(response, VARY)
    if swapped and push_url:
        response["HX-Push-Url"] = push_url
    return response


def redirect(request: HttpRequest, url: str, *, whole: bool) -> HttpResponse:
    """Lead on to `url`; if it is a `whole` page of another kind, HTMX opens it as one."""
    kind = HttpResponseClientRedirect if whole and wants_part(request) else HttpResponseRedirect
    response = kind(url)
    patch_vary_headers(response, VARY)
    return response
