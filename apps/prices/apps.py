"""The prices app."""

from django.apps import AppConfig


class PricesConfig(AppConfig):
    """Registers the prices app."""

    name = "apps.prices"
