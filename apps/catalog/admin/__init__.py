"""The editors' side of the catalog: each module registers the admins of its rows."""

from apps.catalog.admin import capability, desk, facts, hosts, language_models, offers

__all__ = ["capability", "desk", "facts", "hosts", "language_models", "offers"]
