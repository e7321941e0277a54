"""The rules app."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """Registers the rules app."""

    name = "apps.rules"

    def ready(self) -> None:
        """Listen for who changes drafts."""
        from apps.rules import edits

        edits.listen()
