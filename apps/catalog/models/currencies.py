"""What other currencies are worth in US dollars, each as of a day."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CheckConstraint, Q

from apps.catalog.models.base import CatalogRow, RowManager
from apps.catalog.models.facts import Source


class ExchangeRate(CatalogRow):
    """The rate by which every price in a currency is shown in US dollars."""

    natural_fields = ("currency",)

    currency = models.CharField(
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", "Write three capitals, such as EUR.")],
    )
    usd_per_unit = models.DecimalField(
        "US dollars for one", max_digits=12, decimal_places=6, help_text="For one euro: 1.1172."
    )
    date = models.DateField(help_text="The day of the rate.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="exchange_rates")

    objects = RowManager["ExchangeRate"]()

    class Meta:
        """By currency; the dollar needs no rate."""

        ordering = ("currency",)
        constraints = [
            CheckConstraint(
                condition=Q(usd_per_unit__gt=0),
                name="exchange_rate_positive",
                violation_error_message="A rate is above 0.",
            ),
            CheckConstraint(
                condition=~Q(currency="USD"),
                name="exchange_rate_not_of_the_dollar",
                violation_error_message="Prices in US dollars need no rate: leave theirs empty.",
            ),
        ]

    def __str__(self) -> str:
        """Show the currency."""
        return self.currency
