"""Rows below a row, in its form: a hundred of them take as many queries as one."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.forms.models import BaseInlineFormSet, BaseModelFormSet
from django.http import HttpRequest
from django.utils.functional import cached_property

from apps.editing.clash import enter
from apps.editing.fields import FORMFIELD_OVERRIDES
from apps.editing.forms import FieldForm
from apps.editing.states import named

if TYPE_CHECKING:
    _FormSet = BaseModelFormSet[Any, Any]
    _InlineFormSet = BaseInlineFormSet[Any, Any, Any]
    _Tabular = admin.TabularInline[Any, Any]
    _Stacked = admin.StackedInline[Any, Any]
    _Inline = admin.options.InlineModelAdmin[Any, Any]
else:
    _FormSet, _InlineFormSet = BaseModelFormSet, BaseInlineFormSet
    _Tabular, _Stacked, _Inline = admin.TabularInline, admin.StackedInline, object

# Beyond the place of every row, within a small column.
_FREE_PLACES = 20_000

type Names = Callable[[], Mapping[str, str]]

__all__ = ["NamedInline", "RowFormSet", "StackedInline", "TabularInline"]


class NamedSelect(AutocompleteSelect):
    """Searches like its base, but takes the chosen row's name from those that are read once."""

    def __init__(self, *args: Any, names: Names, **kwargs: Any) -> None:
        """Take what hands out the names."""
        super().__init__(*args, **kwargs)
        self.names = names

    def optgroups(self, name: str, value: Sequence[str], attrs: Any = None) -> list[Any]:
        """Return the chosen row as the one option, below nothing where nothing may be chosen."""
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        names = self.names()
        chosen = (str(key) for key in value if str(key) in names)
        options += [self.create_option(name, key, names[key], True, 1) for key in chosen]
        return [(None, options, 0)]


class RowFormSet(_FormSet):
    """Takes a row that somebody removed while the form was open for a new one."""

    @cached_property
    def forms(self) -> list[Any]:
        """Return the forms, those of rows that are gone without their key."""
        found: list[Any] = super().forms
        table: Any = self.model
        key = table._meta.pk.name
        missing = {}
        for form in found[: self.initial_form_count()] if self.is_bound else ():
            posted = form.data.get(form.add_prefix(key))
            if posted is not None and form.instance._state.adding:
                missing[form] = posted
        keys = [posted for posted in missing.values() if posted.isdecimal()]
        # A row that now belongs elsewhere is not gone, and is left alone.
        rows = table._base_manager.filter(pk__in=keys) if keys else ()
        standing = {str(row.pk) for row in rows}
        for form, posted in missing.items():
            if posted not in standing:
                form.renewed_from = posted
                form.fields[key].required = False
                enter(form, key, [""])
        return found

    @property
    def initial_forms(self) -> list[Any]:
        """Return the forms of the rows that stand."""
        return [form for form in super().initial_forms if not hasattr(form, "renewed_from")]

    @property
    def extra_forms(self) -> list[Any]:
        """Return the forms of new rows."""
        renewed = [form for form in super().initial_forms if hasattr(form, "renewed_from")]
        return [*renewed, *super().extra_forms]


class InlineRowFormSet(RowFormSet, _InlineFormSet):
    """Rows below a row; those with an order can change places in one save."""

    @property
    def _is_ordered(self) -> bool:
        return "order" in self.form.base_fields

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        # Django makes every form here; its stubs leave it out.
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.order_is_of_formset = self._is_ordered
        return form

    def clean(self) -> None:
        """Refuse a place that two rows claim, at the second."""
        super().clean()
        taken: dict[int, Any] = {}
        for form in self.forms if self._is_ordered else ():
            place = getattr(form, "cleaned_data", {}).get("order", form.initial.get("order"))
            if place is None or form in self.deleted_forms:
                continue
            if place in taken:
                form.add_error("order", f"Another row has place {place} already.")
            taken[place] = form

    def save(self, commit: bool = True) -> Any:
        """Take all rows off their places first, where places change."""
        moving = [form for form in self.initial_forms if "order" in form.changed_data]
        if commit and self._is_ordered and (moving or self.deleted_forms):
            table: Any = self.model
            rows = [form.instance.pk for form in (*moving, *self.deleted_forms)]
            for place, pk in enumerate(filter(None, rows), start=_FREE_PLACES):
                table._default_manager.filter(pk=pk).update(order=place)
        return super().save(commit)


class NamedInline(_Inline):
    """Loads what its rows are called by, and the names of what they refer to, once for all."""

    form = FieldForm
    formset = InlineRowFormSet
    formfield_overrides: ClassVar[Any] = FORMFIELD_OVERRIDES

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return the rows with the rows that their names are made of."""
        return named(super().get_queryset(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Give a field that is searched the names of all that it can refer to."""
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            names = _names(request, db_field.remote_field.model)
            kwargs["widget"] = NamedSelect(db_field, self.admin_site, names=names)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class TabularInline(NamedInline, _Tabular):
    """A table of rows below a row."""


class StackedInline(NamedInline, _Stacked):
    """Rows below a row, one above the other."""


def _names(request: HttpRequest, table: type[models.Model]) -> Names:
    """Return what reads the names of a table when they are first asked for in a request."""
    read: dict[type[models.Model], dict[str, str]] = request.__dict__.setdefault("names_of", {})

    def names() -> dict[str, str]:
        if table not in read:
            read[table] = {str(row.pk): str(row) for row in table._default_manager.order_by()}
        return read[table]

    return names
