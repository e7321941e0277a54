"""The rules app."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """Registers the rules app."""

    name = "apps.rules"
