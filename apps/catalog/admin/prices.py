"""The prices of all offers of a model in the model's own form."""

from functools import partial
from typing import Any

from django import forms
from django.contrib.admin.checks import InlineModelAdminChecks
from django.core.checks import CheckMessage
from django.forms.models import modelformset_factory
from django.http import HttpRequest

from apps.catalog.admin.forms import PriceForm
from apps.catalog.models import Offer, Price
from apps.catalog.price_lists import not_ended
from apps.common.today import today
from apps.editing.inlines import RowFormSet, TabularInline


class PricesOfModel(RowFormSet):
    """The prices of a model's offers that are in force or to come; older ones are history."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        instance: Any = None,
        queryset: Any = None,
        save_as_new: bool = False,
        **kwargs: Any,
    ) -> None:
        """Take the prices of one model."""
        self.instance = instance
        self.offers = Offer.objects.filter(model=instance).select_related("model", "host")
        rows = Price.objects.filter(offer__model=instance).filter(not_ended(today()))
        order = ("offer__host__name", "offer__host_model_id", "-valid_from", "above_tokens")
        rows = rows.select_related("offer__model", "offer__host").order_by(*order)
        # Read once for all rows.
        self._choices = [("", "---------")] + [
            (str(offer.pk), f"{offer.host}: {offer.host_model_id}") for offer in self.offers
        ]
        super().__init__(data, files, queryset=rows, **kwargs)

    @classmethod
    def get_default_prefix(cls) -> str:
        """Name the fields."""
        return "prices"

    def add_fields(self, form: Any, index: int | None) -> None:
        """Offer only the model's own offers."""
        super().add_fields(form, index)
        field = form.fields["offer"]
        field.queryset = self.offers
        getattr(field.widget, "widget", field.widget).choices = self._choices


class _Checks(InlineModelAdminChecks):
    """A price belongs to the model through its offer, so there is no key to the model to check."""

    def _check_exclude_of_parent_model(self, obj: Any, parent_model: Any) -> list[CheckMessage]:
        return []

    def _check_relation(self, obj: Any, parent_model: Any) -> list[CheckMessage]:
        return []


class PriceOfModelInline(TabularInline):
    """Prices with the offer chosen among the model's own; a new offer is saved first."""

    model = Price
    form = PriceForm
    fields = (*PriceForm.Meta.fields, "questioned")
    autocomplete_fields = ("currency", "source")
    checks_class = _Checks
    extra = 0
    verbose_name_plural = "prices in force and to come (save a new offer before its prices)"

    def get_formset(self, request: HttpRequest, obj: Any | None = None, **kwargs: Any) -> Any:
        """Return the prices of all offers of the model."""
        return modelformset_factory(
            Price,
            form=PriceForm,
            formset=PricesOfModel,
            fields=PriceForm.Meta.fields,
            extra=0 if not self.has_add_permission(request, obj) else self.extra,
            can_delete=self.has_delete_permission(request, obj),
            formfield_callback=partial(self._field, request=request),
        )

    def _field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "offer":
            # The formset gives it the choices; a plain list needs no query for each row.
            field: forms.Field | None = db_field.formfield(**kwargs)
            return field
        return self.formfield_for_dbfield(db_field, request, **kwargs)
