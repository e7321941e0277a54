"""The rules app."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """Registers the rules app."""

    name = "apps.rules"

    def ready(self) -> None:
        """Listen for who changes drafts, and put drafts on the editors' front page."""
        from apps.rules import desk, edits

        desk.register()

        edits.listen()
