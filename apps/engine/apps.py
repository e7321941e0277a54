"""The engine app."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Registers the engine app."""

    name = "apps.engine"

    def ready(self) -> None:
        """Tell the catalog which scenarios a model serves, and how hard each task is."""
        from apps.catalog.pages import model_capability, model_scenarios
        from apps.engine.model_scenarios import scenarios_of
        from apps.engine.work_levels import published_levels

        model_scenarios.register(scenarios_of)
        model_capability.register(published_levels)
