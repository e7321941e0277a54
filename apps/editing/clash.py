"""Two editors in one form: what the other saved meanwhile is told, and not undone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.forms import CheckboxInput, NullBooleanSelect

from apps.editing.states import State, differences, lines, shown

OPENED = "opened_state"
CHANGED_MEANWHILE = (
    "Nothing was saved: somebody changed this while the form was open. "
    "What they changed is listed above. Where you had changed nothing, the form holds theirs now. "
    "Saving again keeps what the form holds."
)
_SALT = "opened-state"


@dataclass(frozen=True, slots=True)
class Clash:
    """What a form was opened with, and what is there now."""

    opened: State
    now: State


@dataclass(frozen=True, slots=True)
class ClashLine:
    """A field that somebody else changed while the form was open."""

    row: str
    field: str
    opened: str
    theirs: str
    yours: str


def signed(state: State) -> str:
    """Return a state as a form carries it."""
    return signing.dumps(state, salt=_SALT, compress=True)


class OpenedField(forms.Field):
    """Carries what a form was opened with: signed, so that it comes back as it was."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        """Take a form without it: a program that never read the form claims nothing."""
        super().__init__(required=False)

    def to_python(self, value: Any) -> State | None:
        """Return the state; empty where somebody tampered with it, None where none was sent."""
        if not value:
            return None
        try:
            state: State = signing.loads(value, salt=_SALT)
        except signing.BadSignature:
            return {}
        return state

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return no: it is nothing that an editor enters."""
        return False


def merge(clash: Clash, forms: Sequence[Any]) -> Iterator[ClashLine]:
    """Tell what somebody else changed, and put it into the fields that were left alone here."""
    mine = {_key(form): form for form in forms}
    # Where it is not known what the form was opened with, nothing can be told.
    for row in differences(clash.opened, clash.now) if clash.opened else ():
        form = mine.get(row["row"])
        for line, name in zip(lines([row]), row["fields"], strict=True):
            yours = line.old
            if form is not None and name in form.fields:
                yours = shown(form._meta.model, name, form[name].value())
                if row["kind"] == "changed" and yours == line.old:
                    _take(form, name, row["fields"][name][1])
            yield ClashLine(line.row, line.field, line.old, line.new, yours)


def _key(form: Any) -> str:
    """Name the row that a form was opened with."""
    pk = getattr(form, "renewed_from", None) or form.instance.pk
    return f"{form._meta.model._meta.label_lower}:{pk}"


def _take(form: Any, name: str, value: Any) -> None:
    """Put a value of a state into a form that was sent."""
    widget = form.fields[name].widget
    if isinstance(value, list):
        enter(form, name, [str(each) for each in value])
    elif isinstance(widget, NullBooleanSelect):
        enter(form, name, ["unknown" if value is None else str(value).lower()])
    elif isinstance(widget, CheckboxInput):
        enter(form, name, ["on"] if value else [])
    else:
        enter(form, name, ["" if value is None else str(value)])


def enter(form: Any, name: str, values: Iterable[str]) -> None:
    """Put values into a form of a request as if they had been sent; the request keeps its own."""
    form.data = form.data.copy()
    form.data.setlist(form.add_prefix(name), list(values))
