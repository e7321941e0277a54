"""Django's admin classes with their types, and the forms in which no editor's change is lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core import signing
from django.db import models, transaction
from django.forms import CheckboxInput, NullBooleanSelect
from django.http import HttpRequest, HttpResponse, QueryDict

from apps.editing import audit
from apps.editing.forms import FieldForm
from apps.editing.models import Change

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

__all__ = ["KeptAdmin", "ModelAdmin"]

OPENED = "opened_state"
_SALT = "opened-state"
CHANGED_MEANWHILE = (
    "Nothing was saved: somebody changed this while the form was open. "
    "What they changed is listed above. Where you had changed nothing, the form holds theirs now. "
    "Saving again keeps what the form holds."
)


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else changed while the form was open."""

    row: str
    field: str
    opened: str
    theirs: str
    yours: str


class KeptAdmin(ModelAdmin):
    """Keeps every change, and lets no save undo what somebody else saved meanwhile."""

    form = FieldForm
    change_form_template = "admin/kept_form.html"
    object_history_template = "admin/kept_history.html"
    # What belongs to a row, such as `offers__prices`; empty: what the inlines hold.
    parts: ClassVar[tuple[str, ...]] = ()

    def parts_of_row(self) -> tuple[str, ...]:
        """Return the relations that a row is kept with."""
        return self.parts or tuple(
            name
            for inline in self.inlines
            if (name := _relation(self.model, inline.model, getattr(inline, "fk_name", None)))
        )

    def state(self, row: models.Model) -> audit.State:
        """Return a row as it stands in the database, with what belongs to it."""
        return audit.state(row, self.parts_of_row())

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Compare what the form was opened with to what is there now, before anything is saved."""
        if request.method != "POST" or object_id is None or "_saveasnew" in request.POST:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            # Held until the save is through: nothing comes between comparing and saving.
            rows = self.model._base_manager.select_for_update(of=("self",))
            try:
                row = rows.filter(pk=unquote(object_id)).first()
            except (ValueError, TypeError):
                row = None
            if row is not None:
                self._compare(request, row)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _compare(self, request: HttpRequest, row: models.Model) -> None:
        # The request carries what was found to the steps of Django's view that follow; its type
        # knows nothing of these names, nor that POST may be replaced by a copy.
        now = self.state(row)
        request.kept_before = now  # type: ignore[attr-defined]
        if OPENED not in request.POST:
            # A program that never read the form claims nothing about what it found.
            return
        try:
            opened = signing.loads(request.POST[OPENED], salt=_SALT)
        except signing.BadSignature:
            opened = None
        if opened != now:
            request.kept_clash = (opened or {}, now)  # type: ignore[attr-defined]
            request.POST = self._without_vanished(request, row)  # type: ignore[assignment]

    def _without_vanished(self, request: HttpRequest, row: models.Model) -> QueryDict:
        """Turn forms of rows that somebody removed into forms of new rows."""
        data = request.POST.copy()
        for formset, _ in self.get_formsets_with_inlines(request, row):
            _renumber(data, formset.get_default_prefix(), formset.model)
        return data

    def get_form(
        self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Refuse a form that somebody else's save has overtaken."""
        form = super().get_form(request, obj, change, **kwargs)
        if not hasattr(request, "kept_clash"):
            return form

        def clean(self: Any) -> Any:
            cleaned = form.clean(self)
            self.add_error(None, CHANGED_MEANWHILE)
            return cleaned

        stopped: Any = type(form.__name__, (form,), {"clean": clean})
        return stopped

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any | None = None,
    ) -> Any:
        """Send the state along that the form was opened with."""
        if obj is not None and obj.pk is not None and change:
            clash = getattr(request, "kept_clash", None)
            if clash is not None:
                then, now = clash
                context["clashes"] = list(_clashes(then, now, context))
                context[OPENED] = signing.dumps(now, salt=_SALT, compress=True)
            elif request.method == "POST":
                context[OPENED] = request.POST.get(OPENED, "")
            else:
                context[OPENED] = signing.dumps(self.state(obj), salt=_SALT, compress=True)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Keep a new row."""
        audit.keep(obj, {}, self.state(obj), request.user, "Added.")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Keep a change."""
        before = getattr(request, "kept_before", None)
        if before is not None:
            audit.keep(obj, before, self.state(obj), request.user, "")
        return super().log_change(request, obj, message)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Keep what is deleted."""
        with audit.kept([obj], request.user, "Deleted.", self.parts_of_row()):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Keep all that is deleted."""
        with audit.kept(list(queryset), request.user, "Deleted.", self.parts_of_row()):
            super().delete_queryset(request, queryset)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show every change with its old and new values."""
        row = self.get_object(request, unquote(object_id))
        changes = Change.objects.of(row)[:50] if row is not None else ()
        kept = [(change, list(audit.lines(change.rows))) for change in changes]
        return super().history_view(request, object_id, {**(extra_context or {}), "kept": kept})


def _relation(table: type[models.Model], below: type[models.Model], name: str | None) -> str | None:
    for relation in table._meta.related_objects:
        if relation.related_model is below and name in (None, relation.field.name):
            return str(relation.name)
    return None


def _clashes(opened: audit.State, now: audit.State, context: Any) -> Iterable[Clash]:
    """Yield what somebody else changed; a field that was left alone here takes their value."""
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += inline.formset.forms
    mine = {f"{form._meta.model._meta.label_lower}:{form.instance.pk}": form for form in forms}
    for row in audit.differences(opened, now) if opened else ():
        form = mine.get(row["row"])
        for line, name in zip(audit.lines([row]), _names(row), strict=True):
            yours = "removed" if form is None else line.old
            if form is not None and name in form.fields:
                yours = audit.shown(form._meta.model, name, form[name].value())
                if row["kind"] == "changed" and yours == line.old:
                    _take(form, name, row["fields"][name][1])
            yield Clash(line.row, line.field, line.old, line.new, yours)


def _take(form: Any, name: str, value: Any) -> None:
    """Put a value, as history keeps it, into a form that was sent."""
    key, widget = form.add_prefix(name), form.fields[name].widget
    if isinstance(value, list):
        form.data.setlist(key, [str(each) for each in value])
    elif isinstance(widget, NullBooleanSelect):
        form.data[key] = "unknown" if value is None else str(value).lower()
    elif isinstance(widget, CheckboxInput):
        form.data.setlist(key, ["on"] if value else [])
    else:
        form.data[key] = "" if value is None else str(value)


def _names(row: dict[str, Any]) -> list[str]:
    empty: tuple[Any, ...] = (None, "", [])
    return [
        name
        for name, (old, new) in row["fields"].items()
        if row["kind"] == "changed" or old not in empty or new not in empty
    ]


def _renumber(data: QueryDict, prefix: str, table: type[models.Model]) -> None:
    """Put forms of rows that are gone after those of rows that stand, as new ones."""
    try:
        total, initial = (int(str(data[f"{prefix}-{n}_FORMS"])) for n in ("TOTAL", "INITIAL"))
    except (KeyError, ValueError):
        return
    if total > 5_000:
        return
    key = str(table._meta.pk.name)
    posted = [data.get(f"{prefix}-{place}-{key}", "") for place in range(total)]
    wanted = [value for value in posted[:initial] if value.isdigit()]
    standing = {
        str(pk) for pk in table._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)
    }
    gone = [place for place in range(min(initial, total)) if posted[place] not in standing]
    if not gone:
        return
    order = [place for place in range(initial) if place not in gone] + gone
    order += range(initial, total)
    forms: list[dict[str, list[str]]] = []
    for place in order:
        start = f"{prefix}-{place}-"
        names = [name for name in data if name.startswith(start)]
        forms.append({name.removeprefix(start): data.pop(name) for name in names})
        if place in gone:
            forms[-1][key] = [""]
    for place, fields in enumerate(forms):
        for name, values in fields.items():
            data.setlist(f"{prefix}-{place}-{name}", values)
    data[f"{prefix}-INITIAL_FORMS"] = str(initial - len(gone))
