"""The common app."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Registers the common app."""

    name = "apps.common"

    def ready(self) -> None:
        """Notice a database that another took the place of."""
        from apps.common import replaced

        replaced.watch()
