"""The editing app: what every admin of the product shares."""

from django.apps import AppConfig


class EditingConfig(AppConfig):
    """Registers the editing app."""

    name = "apps.editing"
