"""The scenarios app."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    """Registers the scenarios app."""

    name = "apps.scenarios"

    def ready(self) -> None:
        """Have the scenarios asked before a draft of the rules is published."""
        from apps.rules import impact, publishing
        from apps.scenarios import desk
        from apps.scenarios.checks import cases, turned_round

        publishing.register(turned_round)
        impact.register(cases)
        desk.register()
