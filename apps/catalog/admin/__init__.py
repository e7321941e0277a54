"""The editors' side of the catalog: each module registers the admins of its rows."""

from apps.catalog.admin import capability, facts, hosts, language_models, offers

__all__ = ["capability", "facts", "hosts", "language_models", "offers"]
