"""What several documents for programs say alike."""

from apps.common.json import Json
from apps.decision.rulebook import Rulebook


def version_of(rulebook: Rulebook) -> dict[str, Json]:
    """Return which rules a document rests on."""
    published = rulebook.published_on
    return {
        "version": rulebook.version,
        "published_on": published.isoformat() if published else None,
    }
