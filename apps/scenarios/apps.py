"""The scenarios app."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    """Registers the scenarios app."""

    name = "apps.scenarios"
