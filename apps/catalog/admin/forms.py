"""What editors may enter, refused at the field with a sentence where it cannot be."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator

from apps.catalog.models import Model, Price
from apps.catalog.models.offers import PRICES
from apps.catalog.price_lists import in_force
from apps.common.format import count
from apps.common.today import today
from apps.editing.clash import enter
from apps.editing.forms import FieldForm
from apps.money.market import Rights

UNKNOWN_LICENSE = "unknown"
# No model comes near these; a number beyond them is a slip of units or of the hand.
_MOST = {
    "context_tokens": (1_000_000_000, "tokens"),
    "max_output_tokens": (1_000_000_000, "tokens"),
    "window_tokens": (1_000_000_000, "tokens"),
    "params_total_b": (100_000, "billions"),
    "params_active_b": (100_000, "billions"),
    "weights_gb": (200_000, "GB"),
    "layers": (10_000, "layers"),
    "kv_heads": (10_000, "heads"),
    "head_dim": (100_000, "numbers"),
    "latent_dim": (100_000, "numbers"),
}
_REPOSITORY = RegexValidator(
    r"^[\w.-]+/[\w.-]+$", "Write the repository as it is named there: owner/name."
)


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
        for name in _MOST.keys() & self.fields.keys():
            most, unit = _MOST[name]
            limit = MaxValueValidator(most, f"Write at most {count(most)} {unit}.")
            self.fields[name].validators.append(limit)
        if "hf_repo" in self.fields:
            self.fields["hf_repo"].validators.append(_REPOSITORY)
        if row.pk and row.is_open and row.license_id is None:
            self.initial.setdefault("license_unknown", True)

    def clean_successor(self) -> Model | None:
        """Refuse a successor that cannot be used, or that leads back."""
        successor: Model | None = self.cleaned_data.get("successor")
        if successor is None:
            return None
        if successor == self.instance:
            raise forms.ValidationError("A model cannot be its own successor.")
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


# From this factor on, a change is asked about.
_FACTOR = 5
# What a file says was looked at in its preview, old beside new.
_LOOKED_AT = "looked-at"


class _Questioned(forms.CharField):
    """The odd values that the editor was asked about, sent back with the form."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return no: it is nothing that an editor enters."""
        return False


class PriceForm(FieldForm):
    """A price list's row: nothing below 0 or beyond all prices; what is odd is asked about once."""

    constraint_fields = {"price_ends_after_it_starts": "valid_until"}
    questioned = _Questioned(required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be at its own field, and ask about what hardly can."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        given = {name: data[name] for name in PRICES if data.get(name) is not None}
        for name, value in given.items():
            if value < 0:
                self.add_error(name, "A price cannot be below 0.")
            elif value > settings.PRICE_MOST:
                most = count(round(settings.PRICE_MOST))
                self.add_error(name, f"A price is at most ${most} a million tokens.")
        if not self.errors:
            self._ask(dict(self._doubts(given)), given)
        return data

    def _ask(self, doubts: dict[str, str], given: dict[str, Decimal]) -> None:
        asked = " ".join(f"{name}={given[name].normalize():f}" for name in doubts)
        if not doubts or self.cleaned_data.get("questioned") in {asked, _LOOKED_AT}:
            return
        for name, doubt in doubts.items():
            self.add_error(name, f"{doubt} Save again if that is right.")
        enter(self, "questioned", [asked])

    def _doubts(self, given: dict[str, Decimal]) -> Iterator[tuple[str, str]]:
        """Yield each price that is hardly right, with why."""
        cached, new = given.get("cached"), given.get("input")
        if "cached" in self.changed_data and cached and new is not None and cached > new:
            yield "cached", "A cached price that is more than the input price is odd."
        before = self._before()
        sign = "" if self.cleaned_data.get("currency") else "$"
        for name, value in given.items():
            old = getattr(before, name, None)
            if name not in self.changed_data or not old or not value:
                continue
            times = max(old, value) / min(old, value)
            if times >= _FACTOR:
                word = "times as much" if value > old else "times less"
                yield (
                    name,
                    (
                        f"It was {sign}{old.normalize():f} and would be "
                        f"{sign}{value.normalize():f}: "
                        f"{count(round(times))} {word}."
                    ),
                )

    def _before(self) -> Price | None:
        """Return the price as it is now: the row that is changed, or that of the offer today."""
        if self.instance.pk:
            return Price.objects.filter(pk=self.instance.pk).first()
        offer = self.cleaned_data.get("offer")
        if offer is None:
            return None
        above = self.cleaned_data.get("above_tokens") or 0
        rows = in_force(Price.objects.filter(offer=offer), today())
        return next((row for row in rows if row.above_tokens == above), None)

    @classmethod
    def from_sheet(cls, data: dict[str, Any], cells: dict[str, str]) -> None:
        """Ask nothing about a file, whose preview shows old and new."""
        data["questioned"] = _LOOKED_AT

    class Meta:
        """For Price."""

        model = Price
        fields = (
            "offer",
            "valid_from",
            "valid_until",
            "above_tokens",
            "currency",
            *PRICES,
            "source",
        )
