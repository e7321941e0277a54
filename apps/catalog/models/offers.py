"""Who serves a model, at which price, from when until when."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Case, CheckConstraint, F, Q, UniqueConstraint, When
from django.db.models.functions import Cast

from apps.catalog.models.base import Row, RowManager, RowQuerySet
from apps.catalog.models.facts import Provider, Source
from apps.catalog.models.language_models import Model

_FLOATS = ("input_usd", "output_usd")


class Host(Row):
    """Who serves models through an API."""

    natural_fields = ("slug",)

    class Kind(models.TextChoices):
        """Whether it serves models itself."""

        HOST = "host", "Host, cloud or lab"
        ROUTER = "router", "Router or reseller"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    provider = models.ForeignKey(
        Provider,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosts",
        help_text="The maker whose own API this is.",
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="hosts")

    objects = RowManager["Host"]()

    class Meta:
        """By name."""

        ordering = ("name",)

    def __str__(self) -> str:
        """Show the name."""
        return self.name

    @property
    def is_router(self) -> bool:
        """Tell whether it passes requests on to others: it never counts as the cheapest host."""
        return self.kind == self.Kind.ROUTER


class OfferQuerySet(RowQuerySet["Offer"]):
    """Offers of models."""

    def available_on(self, day: date) -> Self:
        """Return the offers to plan with on a day: not shut down, and not on their way out."""
        ended = Q(status__in=Offer.GONE) | Q(deprecated_on__lte=day)
        return self.exclude(ended).order_by("host__name", "host_model_id")

    def served_on(self, day: date) -> "models.QuerySet[Offer, tuple[int, int, int, str, bool]]":
        """Return offer, model, host, the host's name and whether it is a router, as plain values.

        For reading all offers at once: no rows are made, and the order is none.
        """
        is_router = Case(When(host__kind=Host.Kind.ROUTER, then=True), default=False)
        return (
            self.available_on(day)
            .order_by()
            .annotate(is_router=is_router)
            .values_list("pk", "model_id", "host_id", "host__name", "is_router")
        )


class Offer(Row):
    """A model as one host serves it."""

    natural_fields = ("model__slug", "host__slug", "host_model_id")

    # Filled by Model.objects.with_offers_on().
    prices_in_force: list["Price"]
    prices_ahead: list["Price"]

    class Status(models.TextChoices):
        """Whether it can be had."""

        ACTIVE = "active", "Active"
        PREVIEW = "preview", "Preview"
        DEPRECATED = "deprecated", "Deprecated"
        ENDED = "ended", "Ended"
        UNKNOWN = "unknown", "Unknown"

    # Nobody should start to build on these.
    GONE = (Status.DEPRECATED, Status.ENDED)

    model = models.ForeignKey(Model, models.CASCADE, related_name="offers")
    host = models.ForeignKey(Host, models.PROTECT, related_name="offers")
    host_model_id = models.CharField(max_length=160)
    context_tokens = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.UNKNOWN)
    deprecated_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="offers")

    objects = OfferQuerySet.as_manager()

    class Meta:
        """One row for each id that a host gives a model."""

        ordering = ("model", "host", "host_model_id")
        constraints = [
            UniqueConstraint(
                fields=("model", "host", "host_model_id"),
                name="offer_unique",
                violation_error_message="This host's offer is listed already.",
            ),
            CheckConstraint(
                condition=Q(context_tokens__isnull=True) | Q(context_tokens__gt=0),
                name="offer_context_positive",
                violation_error_message="The context must be above 0 tokens.",
            ),
        ]


class PriceQuerySet(RowQuerySet["Price"]):
    """Prices of offers."""

    def in_force_on(self, day: date) -> Self:
        """Return the prices whose time holds a day, the latest list of an offer first."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day
        ).order_by("-valid_from", "above_tokens")

    def announced_after(self, day: date) -> Self:
        """Return the prices that come into force after a day, the nearest list first."""
        return self.filter(valid_from__gt=day).order_by("valid_from", "above_tokens")

    def numbers_on(
        self, day: date
    ) -> "models.QuerySet[Price, tuple[int, date, int, float | None, float | None]]":
        """Return offer, start, step, input and output of the prices in force, as plain values.

        For reading all prices at once: as floats they come several times faster than as decimals.
        """
        numbers = {name: Cast(name.removesuffix("_usd"), models.FloatField()) for name in _FLOATS}
        return (
            self.in_force_on(day)
            .order_by()
            .annotate(**numbers)
            .values_list("offer_id", "valid_from", "above_tokens", *_FLOATS)
        )


def _price(label: str) -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(
        label,
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="US dollars a million tokens; empty: unknown.",
    )


class Price(Row):
    """A price list of an offer: a base row, and a row for each step up with the prompt's length.

    The rows of one list share their `valid_from`; the latest list in force replaces earlier ones
    whole, so that a step that a host dropped does not live on. A price of 0 is a free tier or
    unknown, and never the cheapest.
    """

    natural_fields = (
        "offer__model__slug",
        "offer__host__slug",
        "offer__host_model_id",
        "valid_from",
        "above_tokens",
    )

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="prices")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="The last day of the price.")
    above_tokens = models.PositiveIntegerField(
        default=0, help_text="For prompts longer than this; 0 is the base price."
    )
    input = _price("input")
    output = _price("output")
    cached = _price("cached input")
    batch_in = _price("batch input")
    batch_out = _price("batch output")
    note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="prices")
    confirmed_by = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_prices",
        help_text="Another source that says the same.",
    )

    objects = PriceQuerySet.as_manager()

    class Meta:
        """The latest first; nothing below 0; a list is whole in time."""

        ordering = ("offer", "-valid_from", "above_tokens")
        constraints = [
            UniqueConstraint(
                fields=("offer", "valid_from", "above_tokens"),
                name="price_unique",
                violation_error_message="There is a price from this day and step already.",
            ),
            *(
                CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0}),
                    name=f"price_{name}_not_negative",
                    violation_error_message="A price cannot be below 0.",
                )
                for name in ("input", "output", "cached", "batch_in", "batch_out")
            ),
            CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="price_ends_after_it_starts",
                violation_error_message="A price cannot end before it starts.",
            ),
        ]
