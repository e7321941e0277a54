"""The engine app."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Registers the engine app."""

    name = "apps.engine"

    def ready(self) -> None:
        """Tell the catalog what the rules know of models, and editors what a change does."""
        from apps.catalog.pages import model_capability, model_scenarios
        from apps.editing import effects
        from apps.engine.model_scenarios import scenarios_of
        from apps.engine.outcomes import outcomes
        from apps.engine.work_levels import published_levels

        model_scenarios.register(scenarios_of)
        model_capability.register(published_levels)
        effects.register("catalog", outcomes)
