"""What editors may enter, refused at the field with a sentence where it cannot be."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from apps.catalog.models import Model, Price
from apps.common.format import count
from apps.common.today import today
from apps.editing.forms import FieldForm
from apps.money.market import Rights

UNKNOWN_LICENSE = "unknown"
_MOST_TOKENS = 1_000_000_000


class LanguageModelForm(FieldForm):
    """A model whose terms, dates and successor fit together."""

    constraint_fields = {
        "model_active_params_in_range": "params_active_b",
        "model_retires_after_release": "retirement_date",
        "model_closed_has_no_weights": "hf_repo",
        "model_architecture_whole": "layers",
        "model_article_has_label_and_date": "article_label",
    }
    license_unknown = forms.BooleanField(
        label="The licence is unknown",
        required=False,
        help_text="For an open model whose licence nobody could find.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with what is known of the licence."""
        super().__init__(*args, **kwargs)
        row = self.instance
        for name in ("context_tokens", "max_output_tokens"):
            if name in self.fields:
                self.fields[name].validators.append(
                    MaxValueValidator(_MOST_TOKENS, f"Write at most {count(_MOST_TOKENS)} tokens.")
                )
        if row.pk and row.is_open and row.license_id is None:
            self.initial.setdefault("license_unknown", True)

    def clean_successor(self) -> Model | None:
        """Refuse a successor that cannot be used, or that leads back."""
        successor: Model | None = self.cleaned_data.get("successor")
        if successor is None:
            return None
        if successor.status_on(today()) == Model.Status.RETIRED:
            raise forms.ValidationError(
                f"{successor} is retired itself: choose a model that can still be used."
            )
        if self.instance.pk and self.instance in successor.later():
            raise forms.ValidationError(f"{successor} was itself replaced by this model.")
        return successor

    def clean(self) -> dict[str, Any]:
        """Hold openness and licence together."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        openness, terms = data.get("openness"), data.get("license")
        if openness in {None, Model.Openness.UNKNOWN} or "license" in self.errors:
            return data
        if openness != Model.Openness.CLOSED:
            if terms is None and not data.get("license_unknown"):
                self.add_error(
                    "license",
                    "An open model needs its licence. Where nobody knows it, "
                    "tick “The licence is unknown”.",
                )
            if terms is not None and data.get("license_unknown"):
                self.add_error("license_unknown", "The licence is chosen, so it cannot be unknown.")
            if terms is not None and terms.rights == Rights.API_TERMS:
                self.add_error("license", "An open model cannot come under API terms alone.")
        elif terms is not None and terms.rights != Rights.API_TERMS:
            self.add_error("license", "A closed model cannot come under an open licence.")
        return data

    @classmethod
    def from_sheet(cls, data: dict[str, Any], cells: dict[str, str]) -> None:
        """Read the word that stands for a licence that nobody knows."""
        if cells.get("license") == UNKNOWN_LICENSE:
            data |= {"license": "", "license_unknown": "on"}
        elif "license" in cells:
            data["license_unknown"] = ""

    @classmethod
    def to_sheet(cls, row: Any, cells: dict[str, str]) -> None:
        """Write the word that stands for a licence that nobody knows."""
        if row.is_open and row.license_id is None:
            cells["license"] = UNKNOWN_LICENSE


class PriceForm(FieldForm):
    """A price list's row, with nothing below 0."""

    constraint_fields = {"price_ends_after_it_starts": "valid_until"}

    def clean(self) -> dict[str, Any]:
        """Refuse a price below 0 at its own field."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("input", "output", "cached", "cache_write", "batch_in", "batch_out"):
            value = data.get(name)
            if value is not None and value < 0:
                self.add_error(name, "A price cannot be below 0.")
        return data

    class Meta:
        """For Price."""

        model = Price
        fields = (
            "offer",
            "valid_from",
            "valid_until",
            "above_tokens",
            "input",
            "output",
            "cached",
            "cache_write",
            "batch_in",
            "batch_out",
            "source",
        )
