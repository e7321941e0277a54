"""The editors' side of the catalog: each module registers the admins of its rows."""

from apps.catalog.admin import facts, language_models, offers

__all__ = ["facts", "language_models", "offers"]
