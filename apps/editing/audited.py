"""Django's admin classes with their types, and the forms in which no editor's change is lost."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from reversion.models import Version

from apps.editing import audit, effects, states
from apps.editing.clash import merge
from apps.editing.fields import FORMFIELD_OVERRIDES
from apps.editing.forms import FieldForm

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

__all__ = ["AuditedAdmin", "ModelAdmin"]

# How many changes a history shows.
MOST_CHANGES = 50


class AuditedAdmin(ModelAdmin):
    """Records every change, and lets no save undo what somebody else saved meanwhile."""

    form = FieldForm
    formfield_overrides = FORMFIELD_OVERRIDES
    change_form_template = "admin/audited_form.html"
    change_list_template = "admin/audited_list.html"
    object_history_template = "admin/history.html"
    # The texts that visitors read with their emphasis, links and lists.
    markdown_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        """Have the rows recorded, each with those that are edited below it."""
        super().__init__(model, admin_site)
        below = [_relation(model, one.model, getattr(one, "fk_name", None)) for one in self.inlines]
        states.register(model, filter(None, below))
        for inline in self.inlines:
            states.register(inline.model)

    def get_urls(self) -> list[Any]:
        """Add what was recorded: the states of a row, and the rows that were deleted."""
        names = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("recover/", view(self.deleted_view), name=f"{names}_deleted"),
            path("recover/<int:version>/", view(self.recover_view), name=f"{names}_recover"),
            path(
                "<path:object_id>/history/<int:version>/",
                view(self.version_view),
                name=f"{names}_version",
            ),
            *super().get_urls(),
        ]

    def has_recover_permission(self, request: HttpRequest) -> bool:
        """Tell whether what was deleted may come back."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any | None = None,
    ) -> Any:
        """Tell what somebody else changed while the form was open."""
        form = context["adminform"].form
        context["markdown_fields"] = ",".join(self.markdown_fields)
        if form.clash is not None:
            below = [inline.formset.forms for inline in context["inline_admin_formsets"]]
            context["clashes"] = list(merge(form.clash, [form, *(f for fs in below for f in fs)]))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Tell what a change did to recommendations."""
        with effects.told(request, self.opts.app_label):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Tell what a deletion did to recommendations."""
        with effects.told(request, self.opts.app_label):
            return super().delete_view(request, object_id, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Link what was deleted from the list."""
        context = {"may_recover": self.has_recover_permission(request), **(extra_context or {})}
        with effects.told(request, self.opts.app_label):
            return super().changelist_view(request, context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Record what was there before it changes."""
        if change:
            audit.record([obj])
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Record what was saved, all together."""
        super().save_related(request, form, formsets, change)
        audit.record([form.instance], request.user, "" if change else "Added.")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name what uses a row beside what Django names: links that would go without a word."""
        rows, counts, perms, protected = super().get_deleted_objects(objs, request)
        used = [f"{capfirst(str(user._meta.verbose_name))}: {user}" for user in linking(objs)]
        return rows, counts, perms, [*protected, *used]

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Record what goes."""
        with transaction.atomic():
            audit.record_deletion([obj], request.user)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Record all that goes."""
        with transaction.atomic():
            audit.record_deletion(queryset, request.user)
            super().delete_queryset(request, queryset)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show every change with its old and new values."""
        row = self.get_object(request, unquote(object_id))
        changes = self.changes(row) if row is not None else []
        context = {**(extra_context or {}), "changes": changes}
        return super().history_view(request, object_id, context)

    def changes(self, row: models.Model) -> list[audit.Recorded]:
        """Return what the history of a row tells."""
        return audit.history(row, MOST_CHANGES)

    def version_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """Show what putting a state back would change, and do that when asked."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        found = get_object_or_404(self._versions(), pk=version, object_id=unquote(object_id))
        allowed = row is not None and self.has_change_permission(request, row)
        return self._put_back_view(request, found, allowed)

    def recover_view(self, request: HttpRequest, version: int) -> HttpResponse:
        """Show a row that was deleted, and bring it back when asked."""
        found = get_object_or_404(self._versions(), pk=version)
        allowed = self.has_recover_permission(request)
        if not allowed:
            raise PermissionDenied
        return self._put_back_view(request, found, allowed)

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """List the rows that were deleted."""
        if not self.has_recover_permission(request):
            raise PermissionDenied
        deleted = Version.objects.get_deleted(self.model).select_related("revision__user")
        context = {"title": f"Deleted {self.opts.verbose_name_plural}", "deleted": deleted}
        return self._show(request, "admin/deleted.html", context)

    def _versions(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = Version.objects.get_for_model(self.model)
        return found.select_related("revision__user", "content_type")

    def _put_back_view(self, request: HttpRequest, version: Version, allowed: bool) -> HttpResponse:
        if request.method == "POST":
            if not allowed:
                raise PermissionDenied
            return self._put_back(request, version)
        context = {
            "title": capfirst(f"{self.opts.verbose_name} {version}"),
            "version": version,
            "lines": audit.since(version),
            "may_put_back": allowed,
        }
        return self._show(request, "admin/version.html", context)

    def _put_back(self, request: HttpRequest, version: Version) -> HttpResponse:
        names = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        try:
            with effects.told(request, self.opts.app_label), transaction.atomic():
                row = audit.put_back(version, request.user)
                if not self.has_change_permission(request, row):
                    # What it was is not for this editor to make, such as a part of other rules.
                    raise PermissionDenied
        except audit.NotPutBackError as error:
            self.message_user(request, f"Nothing was put back: {error}", messages.ERROR)
            return redirect(f"{names}_changelist")
        self.message_user(request, f"{row} was put back.", messages.SUCCESS)
        return redirect(f"{names}_change", row.pk)

    def _show(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, shared | context)


def linking(rows: Iterable[models.Model]) -> Iterator[models.Model]:
    """Yield the rows that link to rows of a table, each once."""
    rows = list(rows)
    found: dict[models.Model, None] = {}
    for relation in type(rows[0])._meta.related_objects if rows else ():
        if relation.many_to_many:
            users = relation.related_model._default_manager
            found |= dict.fromkeys(users.filter(**{f"{relation.field.name}__in": rows}))
    yield from found


def _relation(table: type[models.Model], below: type[models.Model], name: str | None) -> str | None:
    for relation in table._meta.related_objects:
        if relation.related_model is below and name in (None, relation.field.name):
            return str(relation.name)
    return None
