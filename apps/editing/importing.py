"""CSV in the admin: download, upload, look, then write all or nothing."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path

from apps.common.csv_cells import csv_file
from apps.editing import audit, effects, sheets
from apps.editing.audited import AuditedAdmin

_SALT = "import"


class UploadForm(forms.Form):
    """A file to look at."""

    file = forms.FileField(label="CSV file, in UTF-8, up to 1 MB")


class SheetAdmin(AuditedAdmin):
    """A table that is downloaded and uploaded as CSV."""

    change_list_template = "admin/sheet_list.html"
    sheet_fields: ClassVar[tuple[str, ...]] = ()

    @property
    def sheet(self) -> sheets.Sheet:
        """Return the columns."""
        return sheets.Sheet(self.model, self.form, self.sheet_fields)

    def get_urls(self) -> list[Any]:
        """Add the download and the upload."""
        names = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("export.csv", view(self.export_view), name=f"{names}_export"),
            path("import/", view(self.import_view), name=f"{names}_import"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Link both from the list."""
        context = {
            **(extra_context or {}),
            "sheet_export": f"admin:{self.opts.app_label}_{self.opts.model_name}_export",
            "sheet_import": f"admin:{self.opts.app_label}_{self.opts.model_name}_import",
            "may_import": self._may_import(request),
        }
        return super().changelist_view(request, context)

    def _may_import(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Download all rows."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.model._default_manager.order_by("pk")
        return csv_file(f"{self.opts.model_name}s.csv", self.sheet.rows(rows))

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Show what a file would do, and do that when it is confirmed."""
        if not self._may_import(request):
            raise PermissionDenied
        form = UploadForm()
        plan, text = None, ""
        try:
            if "confirm" in request.POST:
                text = signing.loads(request.POST.get("text", ""), salt=_SALT)
                plan = self._confirm(request, text)
                if plan is None:
                    return redirect(
                        f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
                    )
            elif request.method == "POST":
                form = UploadForm(request.POST, request.FILES)
                if form.is_valid():
                    file = form.cleaned_data["file"]
                    text = sheets.decode(file.read(sheets.MOST_BYTES + 1))
                    plan = self.sheet.plan(text)
        except sheets.UnreadableSheetError as error:
            form.errors.setdefault("file", form.error_class()).append(str(error))
        except signing.BadSignature:
            form.errors.setdefault("file", form.error_class()).append("Choose the file again.")
        return self._preview(request, form, plan, text)

    def _confirm(self, request: HttpRequest, text: str) -> sheets.Plan | None:
        """Write all and return None, or return what would be done now."""
        try:
            with effects.told(request, self.opts.app_label), transaction.atomic():
                plan = self.sheet.plan(text)
                if plan.token != request.POST.get("token") or not plan.can_be_applied:
                    messages.warning(
                        request,
                        "Nothing was written: rows changed since the preview. "
                        "This is what the file would do now.",
                    )
                    return plan
                audit.record(row.form.instance for row in plan.changed)
                audit.record(sheets.apply(plan), request.user, "Imported from a CSV file.")
        except DatabaseError:
            messages.error(request, "Nothing was written: lines of the file contradict each other.")
            return self.sheet.plan(text)
        messages.success(
            request, f"{len(plan.added)} added, {len(plan.changed)} changed. All were written."
        )
        return None

    def _preview(
        self, request: HttpRequest, form: UploadForm, plan: sheets.Plan | None, text: str
    ) -> HttpResponse:
        context = {
            "title": f"Import {self.opts.verbose_name_plural} from CSV",
            "form": form,
            "plan": plan,
            "columns": self.sheet.columns,
            "text": signing.dumps(text, salt=_SALT, compress=True) if plan else "",
        }
        return self._show(request, "admin/import.html", context)
