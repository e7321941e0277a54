"""Who says so, and when it was read: what stands below every fact."""

from dataclasses import dataclass
from datetime import date

from apps.catalog.models import Source


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Who says so, and when it was read."""

    title: str
    url: str
    detail: str
    read_on: date


def note(source: Source, detail: str = "") -> SourceNote:
    """Return a source for a page, with where in it the fact stands."""
    return SourceNote(source.title, source.url, detail, source.read_on)
