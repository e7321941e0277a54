"""The calculator app."""

from django.apps import AppConfig


class CalculatorConfig(AppConfig):
    """Registers the calculator app."""

    name = "apps.calculator"
