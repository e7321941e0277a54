"""Every change in one list, each with its old and new values, and the way back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from apps.editing import audit
from apps.editing.audited import ModelAdmin
from apps.editing.models import Change

admin.site.site_header = "OpenWeigh: the editors’ side"
admin.site.site_title = "OpenWeigh, editors"
admin.site.index_title = "What can be edited"


@admin.register(Change)
class ChangeAdmin(ModelAdmin):
    """Changes are read and put back, never edited."""

    list_display = ("name", "content_type", "user", "made_at", "comment")
    list_filter = ("made_at", "content_type")
    list_select_related = ("content_type", "user")
    search_fields = ("name", "comment", "user__username")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Changes come from saving."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """What happened stays as it is written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """What happened stays as it is written."""
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a change, and put it back when asked."""
        if object_id is None:
            raise PermissionDenied
        change = get_object_or_404(Change.objects.select_related("user"), pk=object_id)
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        allowed = self._may_put_back(request, change)
        if request.method == "POST":
            if not allowed:
                raise PermissionDenied
            return self._put_back(request, change)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Change of {change.name}",
            "change": change,
            "lines": list(audit.lines(change.rows)),
            "may_put_back": allowed,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/change_detail.html", context)

    def _may_put_back(self, request: HttpRequest, change: Change) -> bool:
        table = change.content_type.model_class()
        if table is None or table not in self.admin_site._registry:
            return False
        found = self.admin_site._registry[table]
        row = table._base_manager.filter(pk=change.object_id).first()
        if row is None:
            # Whether it may come back can depend on what it belonged to.
            row = audit.removed(change)
            if row is None or not found.has_add_permission(request):
                return False
        return found.has_change_permission(request, row)

    def _put_back(self, request: HttpRequest, change: Change) -> HttpResponse:
        try:
            audit.put_back(change, request.user)
        except ValidationError as error:
            self.message_user(
                request, "Nothing was put back: " + " ".join(error.messages), messages.ERROR
            )
        except (DatabaseError, DeserializationError, ProtectedError):
            self.message_user(
                request,
                "Nothing was put back: other rows depend on what is there now.",
                messages.ERROR,
            )
        else:
            self.message_user(request, f"{change.name} was put back.", messages.SUCCESS)
        return redirect("admin:editing_change_changelist")
