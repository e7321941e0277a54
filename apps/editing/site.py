"""The admin site with error pages of its own, where nothing is lost that was typed."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST

from apps.editing import desk
from apps.editing.interrupted import interrupted, typed

SIGNED_OUT = "Nothing was saved: your session has ended."
REFUSED = "Nothing was saved: you may not do this, or somebody published it meanwhile."


class KeepingSite(AdminSite):
    """Django's admin, answering refusals in its own pages, with what was typed."""

    index_template = "admin/desk.html"

    def get_urls(self) -> list[Any]:
        """Add the guide, and what texts will look like."""
        texts = self.admin_view(require_POST(self.preview_texts))
        return [
            path("guide/", self.admin_view(self.guide), name="guide"),
            path("preview-texts/", texts, name="preview_texts"),
            *super().get_urls(),
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show what waits before all that can be edited."""
        found = {"waiting": list(desk.waiting(request)), "tasks": list(desk.tasks(request))}
        return super().index(request, found | (extra_context or {}))

    def guide(self, request: HttpRequest) -> HttpResponse:
        """Show how the work of an editor is done."""
        context = {**self.each_context(request), "title": "Guide for editors"}
        return TemplateResponse(request, "admin/guide.html", context)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Answer refusals in the admin's own words, with what was typed."""
        inner: Callable[..., HttpResponse] = super().admin_view(view, cacheable)

        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if typed(request) and not self.has_permission(request):
                ended = not request.user.is_authenticated
                return interrupted(request, SIGNED_OUT if ended else REFUSED)
            try:
                return inner(request, *args, **kwargs)
            except PermissionDenied as error:
                if request.method == "POST":
                    return interrupted(request, str(error) or REFUSED)
                return self._error(request, 403, error)
            except Http404 as error:
                return self._error(request, 404, error)

        return answered

    def preview_texts(self, request: HttpRequest) -> HttpResponse:
        """Show texts of a form as visitors would see them."""
        names = request.GET.get("fields", "").split(",")
        texts = [(n.replace("_", " "), request.POST[n]) for n in names if n in request.POST]
        context = {**self.each_context(request), "title": "Preview of the texts", "texts": texts}
        return TemplateResponse(request, "admin/preview_texts.html", context)

    def _error(self, request: HttpRequest, status: int, error: Exception) -> HttpResponse:
        context = {**self.each_context(request), "reason": str(error)}
        return TemplateResponse(request, f"admin/{status}.html", context, status=status)
