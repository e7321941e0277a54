"""The engine app."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Registers the engine app."""

    name = "apps.engine"

    def ready(self) -> None:
        """Tell the catalog which scenarios a model serves, and editors what a change does."""
        from apps.catalog.pages.model_scenarios import register
        from apps.editing import effects
        from apps.engine.model_scenarios import scenarios_of
        from apps.engine.outcomes import outcomes

        register(scenarios_of)
        effects.register("catalog", outcomes)
