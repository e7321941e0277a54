"""The wizard app."""

from django.apps import AppConfig


class WizardConfig(AppConfig):
    """Registers the wizard app."""

    name = "apps.wizard"

    def ready(self) -> None:
        """Tell the catalog which scenarios a model serves."""
        from apps.catalog import uses
        from apps.wizard import served

        uses.register(served.scenarios_of)
