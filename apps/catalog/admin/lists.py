"""What lists of models show and filter on: completeness, price, and what is stale."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import (
    Case,
    Exists,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.http import HttpRequest

from apps.catalog.models import Capability, Model
from apps.catalog.price_lists import lowest_output
from apps.common.today import today

# The facts that a reader looks for and that may be unknown.
_NULLABLE = (
    "license",
    "context_tokens",
    "max_output_tokens",
    "tools",
    "structured_output",
    "reasoning",
    "release_date",
)
_WORDS = ("access", "knowledge_cutoff")
# Only of models whose weights can be had.
_OPEN = ("params_total_b", "params_active_b", "served_bits", "layers")


def _one(condition: Any) -> Any:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def with_completeness(models: QuerySet[Model]) -> QuerySet[Model]:
    """Give each model the share of its facts that are known, in per cent."""
    reads = Model.reads.through._default_manager.filter(model_id=OuterRef("pk"))
    writes = Model.writes.through._default_manager.filter(model_id=OuterRef("pk"))
    capability = Capability.objects.filter(model=OuterRef("pk"))
    known: Any = _one(Exists(reads)) + _one(Exists(writes)) + _one(Exists(capability))
    for name in _NULLABLE:
        known = known + _one(Q(**{f"{name}__isnull": False}))
    for name in _WORDS:
        known = known + _one(~Q(**{name: ""}))
    closed = Q(openness=Model.Openness.CLOSED)
    for name in _OPEN:
        known = known + _one(~closed & Q(**{f"{name}__isnull": False}))
    least = 3 + len(_NULLABLE) + len(_WORDS)
    facts = Case(When(closed, then=least), default=least + len(_OPEN))
    share = Cast(known, FloatField()) * Value(100.0) / Cast(facts, FloatField())
    return models.annotate(completeness=share)


def with_price(models: QuerySet[Model]) -> QuerySet[Model]:
    """Give each model its lowest output price today: no router, nothing at 0 or on its way out."""
    return models.annotate(output_price=lowest_output(today()))


class StaleFilter(admin.SimpleListFilter):
    """What nobody has checked for too long."""

    title = "last checked"
    parameter_name = "stale"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return both sides of the limit."""
        days = settings.STALE_AFTER_DAYS
        return [("yes", f"Stale: {days} days or more"), ("no", f"Within {days} days")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return one side."""
        limit = today() - timedelta(days=settings.STALE_AFTER_DAYS)
        if self.value() == "yes":
            return queryset.filter(checked_on__lte=limit)
        return queryset.filter(checked_on__gt=limit) if self.value() == "no" else queryset


class CompletenessFilter(admin.SimpleListFilter):
    """How much of a model is known."""

    title = "completeness"
    parameter_name = "complete"
    bounds = {"under-50": (0, 50), "50-80": (50, 80), "from-80": (80, 101)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return three steps."""
        return [("under-50", "Under 50%"), ("50-80", "50% to 80%"), ("from-80", "80% and more")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the models of a step."""
        bounds = self.bounds.get(self.value() or "")
        if bounds is None:
            return queryset
        return queryset.filter(completeness__gte=bounds[0], completeness__lt=bounds[1])


class PriceFilter(admin.SimpleListFilter):
    """What a million output tokens cost at least."""

    title = "output price"
    parameter_name = "price"
    conditions = {
        "unknown": Q(output_price__isnull=True),
        "under-1": Q(output_price__lt=1),
        "1-10": Q(output_price__gte=1, output_price__lt=10),
        "from-10": Q(output_price__gte=10),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the steps."""
        words = ("Unknown", "Under $1", "$1 to $10", "$10 and more")
        return list(zip(self.conditions, words, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the models of a step."""
        condition = self.conditions.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)
