"""The scenarios app."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    """Registers the scenarios app."""

    name = "apps.scenarios"

    def ready(self) -> None:
        """Have the scenarios asked before a draft of the rules is published."""
        from apps.rules.publishing import register
        from apps.scenarios.checks import turned_round

        register(turned_round)
