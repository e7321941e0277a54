"""Forms that say what is wrong at its field, and undo nothing that somebody else saved."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint
from django.forms.utils import ErrorDict

from apps.editing import states
from apps.editing.clash import CHANGED_MEANWHILE, OPENED, Clash, OpenedField, enter, signed
from apps.editing.fields import refuse_days_to_come

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class FieldForm(ModelForm):
    """A form that says at each field what is wrong with it, and takes no day that is to come."""

    # Where a constraint is about several fields: the one to show it at.
    constraint_fields: ClassVar[dict[str, str]] = {}
    # What somebody else changed while the form was open.
    clash: Clash | None = None
    # Whether its formset holds the order of its rows.
    order_is_of_formset: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Carry along what a row's own form was opened with."""
        super().__init__(*args, **kwargs)
        refuse_days_to_come(self.fields)
        if self.instance.pk and not self.prefix:
            self.fields[OPENED] = OpenedField()

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Read the row, with what belongs to it, when the form is opened."""
        if field_name == OPENED:
            return None if self.is_bound else signed(states.state(self.instance))
        return super().get_initial_for_field(field, field_name)

    def clean(self) -> dict[str, Any] | None:
        """Refuse a form that somebody else's save has overtaken."""
        cleaned: dict[str, Any] | None = super().clean()
        opened = self.cleaned_data.get(OPENED)
        if opened is not None:
            # Held until the save is through: nothing comes between comparing and saving.
            rows = type(self.instance)._base_manager.select_for_update(of=("self",))
            rows.filter(pk=self.instance.pk).first()
            now = states.state(self.instance)
            if opened != now:
                self.clash = Clash(opened, now)
                self.add_error(None, CHANGED_MEANWHILE)
                enter(self, OPENED, [signed(now)])
        return cleaned

    def full_clean(self) -> None:
        """Leave a row of a list that nobody touched as it is: it was checked when it was saved."""
        if self.is_bound and self.prefix and self.instance.pk and not self.has_changed():
            self._errors = ErrorDict()
            self.cleaned_data: dict[str, Any] = {}
            return
        super().full_clean()

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the order of rows below a row to their formset, which sees all of them."""
        # Django asks this of every model form; its stubs leave it out.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return {*excluded, "order"} if self.order_is_of_formset else excluded

    def _update_errors(self, errors: ValidationError) -> None:
        if hasattr(errors, "error_dict") and NON_FIELD_ERRORS in errors.error_dict:
            places = self._places()
            rest = []
            for error in errors.error_dict.pop(NON_FIELD_ERRORS):
                field = places.get(str(error.message))
                if field is None:
                    rest.append(error)
                else:
                    errors.error_dict.setdefault(field, []).append(error)
            if rest:
                errors.error_dict[NON_FIELD_ERRORS] = rest
        # Django calls this for every source of errors; its stubs leave it out.
        super()._update_errors(errors)  # type: ignore[misc]

    def _places(self) -> dict[str, str]:
        found = {}
        for constraint in self._meta.model._meta.constraints:
            if not isinstance(constraint, CheckConstraint):
                continue
            named = self.constraint_fields.get(constraint.name)
            condition: Any = constraint.condition
            fields = sorted(condition.referenced_base_fields & set(self.fields))
            field = named or (fields[0] if fields else None)
            if field in self.fields:
                found[str(constraint.violation_error_message)] = str(field)
        return found

    @classmethod
    def from_sheet(cls, data: dict[str, Any], cells: dict[str, str]) -> None:
        """Read what a file says in a way of its own."""

    @classmethod
    def to_sheet(cls, row: Any, cells: dict[str, str]) -> None:
        """Write what a file says in a way of its own."""
