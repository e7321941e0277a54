"""The prices app."""

from django.apps import AppConfig


class PricesConfig(AppConfig):
    """Registers the prices app."""

    name = "apps.prices"

    def ready(self) -> None:
        """Put what waits on the editors' front page."""
        from apps.prices import desk

        desk.register()
