"""Who serves a model, at which price, from when until when."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Case, CheckConstraint, Count, F, Q, UniqueConstraint, When
from django.db.models.functions import Cast
from django.utils.timezone import localdate

from apps.catalog.models.base import CatalogRow, RowQuerySet
from apps.catalog.models.currencies import ExchangeRate
from apps.catalog.models.facts import Source
from apps.catalog.models.hosts import Host
from apps.catalog.models.language_models import Model

# Every price of a row, a million tokens, in the currency of the list.
PRICES = (
    *("input", "output", "cached", "cache_write", "cache_write_1h"),
    *("batch_in", "batch_out", "batch_cached"),
)
_FLOATS = ("input_listed", "output_listed", "usd_per_unit")
_COLUMNS = ("input", "output", "currency__usd_per_unit")

type _PriceValues = tuple[int, date, date | None, int, float | None, float | None, float | None]
type _OfferValues = tuple[int, int, int, str, bool, str, str, date | None, date | None, bool]


def not_offered(day: date, offer: str = "") -> Q:
    """Return the condition of an offer that does not count on a day; `offer` leads to it."""
    return (
        Q(**{f"{offer}status__in": Offer.GONE})
        | Q(**{f"{offer}deprecated_on__lte": day})
        | Q(**{f"{offer}host__closed_on__lte": day})
        | Q(**{f"{offer}is_other_weights": True})
    )


def first_end(*days: date | None) -> date | None:
    """Return the earliest of the days that are known."""
    return min((day for day in days if day is not None), default=None)


class OfferQuerySet(RowQuerySet["Offer"]):
    """Offers of models."""

    def of_host(self, host: Host) -> Self:
        """Return what a host serves, by model, with every price."""
        return (
            self.filter(host=host)
            .select_related("model", "host")
            .prefetch_related("prices__currency")
            .order_by("model__name", "host_model_id")
        )

    def models_by_host(self, day: date) -> dict[int, int]:
        """Return how many models each host serves on a day."""
        counted = (
            self.exclude(not_offered(day))
            .order_by()
            .values_list("host")
            .annotate(models=Count("model", distinct=True))
        )
        return dict(counted)

    def as_values(
        self,
    ) -> "models.QuerySet[Offer, _OfferValues]":
        """Return offer, model, host, the host's name, whether it is a router, region and standing.

        That is its status, its own end and its host's, and whether it is of other weights.
        For reading all offers at once: no rows are made, and the order is none.
        """
        is_router = Case(When(host__kind=Host.Kind.ROUTER, then=True), default=False)
        seller = ("pk", "model_id", "host_id", "host__name", "is_router", "region")
        standing = ("status", "deprecated_on", "host__closed_on", "is_other_weights")
        return self.order_by().annotate(is_router=is_router).values_list(*seller, *standing)


class Offer(CatalogRow):
    """A model as one host serves it."""

    natural_fields = ("model__slug", "host__slug", "host_model_id")

    class Status(models.TextChoices):
        """Whether it can be had."""

        ACTIVE = "active", "Active"
        PREVIEW = "preview", "Preview"
        DEPRECATED = "deprecated", "Deprecated"
        ENDED = "ended", "Ended"
        UNKNOWN = "unknown", "Unknown"

    class Region(models.TextChoices):
        """Where it processes requests."""

        GLOBAL = "global", "Anywhere in the world"
        EU = "eu", "European Union"
        US = "us", "United States"
        US_GOV = "us-gov", "United States, government cloud"
        ASIA_PACIFIC = "apac", "Asia and the Pacific"
        JAPAN = "jp", "Japan"
        AUSTRALIA = "au", "Australia"

    # Nobody should start to build on these.
    GONE = (Status.DEPRECATED, Status.ENDED)

    model = models.ForeignKey(Model, models.CASCADE, related_name="offers")
    host = models.ForeignKey(Host, models.PROTECT, related_name="offers")
    host_model_id = models.CharField(max_length=160)
    region = models.CharField(
        max_length=6,
        choices=Region,
        blank=True,
        help_text="Where requests are processed; empty: not stated.",
    )
    context_tokens = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.UNKNOWN)
    is_other_weights = models.BooleanField(
        default=False,
        help_text="Not the model’s own weights: fine-tuned, distilled, another version.",
    )
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

    @property
    def ends_on(self) -> date | None:
        """Return the day from which it cannot be had: its own, or that of its host."""
        return first_end(self.deprecated_on, self.host.closed_on)


class PriceQuerySet(RowQuerySet["Price"]):
    """Prices of offers."""

    def last_read_on(self) -> date | None:
        """Return the day on which any price was last read."""
        read_on: date | None = self.aggregate(day=models.Max("read_on"))["day"]
        return read_on

    def as_values(self) -> "models.QuerySet[Price, _PriceValues]":
        """Return offer, first and last day, step, input and output as listed, and their rate.

        For reading all prices at once: as floats they come several times faster than as decimals.
        """
        numbers = {
            name: Cast(column, models.FloatField())
            for name, column in zip(_FLOATS, _COLUMNS, strict=True)
        }
        names = ("offer_id", "valid_from", "valid_until", "above_tokens", *_FLOATS)
        return self.order_by().annotate(**numbers).values_list(*names)


def _price(label: str) -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(
        label,
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="A million tokens, in the currency of the list; empty: unknown.",
    )


class Price(CatalogRow):
    """A price list of an offer: a base row, and a row for each step up with the prompt's length.

    It is kept in the currency of the list; `price_lists` shows it in US dollars.

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
    read_on = models.DateField(
        default=localdate, help_text="The day on which somebody saw this price."
    )
    above_tokens = models.PositiveIntegerField(
        default=0, help_text="For prompts longer than this; 0 is the base price."
    )
    currency = models.ForeignKey(
        ExchangeRate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prices",
        help_text="Empty: US dollars.",
    )
    input = _price("input")
    output = _price("output")
    cached = _price("cached input")
    cache_write = _price("writing to a cache")
    cache_write_1h = _price("writing to a cache for an hour")
    batch_in = _price("batch input")
    batch_out = _price("batch output")
    batch_cached = _price("batch cached input")
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
                for name in PRICES
            ),
            CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="price_ends_after_it_starts",
                violation_error_message="A price cannot end before it starts.",
            ),
        ]
