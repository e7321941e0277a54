"""The wizard app."""

from django.apps import AppConfig


class WizardConfig(AppConfig):
    """Registers the wizard app."""

    name = "apps.wizard"
