"""The scores app."""

from django.apps import AppConfig


class ScoresConfig(AppConfig):
    """Registers the scores app."""

    name = "apps.scores"
