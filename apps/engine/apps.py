"""The engine app."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Registers the engine app."""

    name = "apps.engine"

    def ready(self) -> None:
        """Tell the catalog which scenarios a model serves."""
        from apps.catalog.pages.model_scenarios import register
        from apps.engine.model_scenarios import scenarios_of

        register(scenarios_of)
