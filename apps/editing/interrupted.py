"""What was typed into a form that could not be taken: shown, and sent again when that helps."""

from urllib.parse import urlsplit

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from apps.common import views

TOO_OLD = "Nothing was saved: the form was too old, or you signed in again since it was opened."
# What a form carries for itself.
_OWN = ("csrfmiddlewaretoken",)
_SHOWN_NOT = ("_FORMS", "-id", "initial-", "opened_state", "_save", "_continue", "_addanother")


def interrupted(request: HttpRequest, reason: str) -> HttpResponse:
    """Say why nothing was saved, show what was typed, and offer to send it again."""
    context = {
        **admin.site.each_context(request),
        "title": "Nothing was saved",
        "reason": reason,
        "fields": _fields(request),
        "typed": typed(request),
        "signed_in": admin.site.has_permission(request),
        "may_send_again": _is_own(request) and not request.FILES,
    }
    return TemplateResponse(request, "admin/interrupted.html", context, status=403)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, v) for name, vs in request.POST.lists() for v in vs if name not in _OWN]


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what an editor typed, by the name of its field."""
    return [(n, v) for n, v in _fields(request) if v and not any(own in n for own in _SHOWN_NOT)]


def _is_own(request: HttpRequest) -> bool:
    """Tell whether the form was sent from this site, not by another in an editor's name."""
    origin = request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER", "")
    return bool(urlsplit(origin).netloc == request.get_host())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not fit: in the admin, with what was typed."""
    if not request.path.startswith(reverse("admin:index")):
        return views.form_not_taken(request)
    # It is the middleware that answers, which renders nothing by itself.
    response = interrupted(request, TOO_OLD)
    assert isinstance(response, TemplateResponse)  # noqa: S101
    return response.render()
