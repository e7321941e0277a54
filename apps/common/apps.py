"""The common app."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Registers the common app."""

    name = "apps.common"
