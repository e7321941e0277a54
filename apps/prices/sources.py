"""The sources of prices that a refresh can read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from apps.prices import soundness
from apps.prices.models import SourceCopy
from apps.prices.proposing import Incoming, Reader, dated
from apps.prices.readers import bundled, genai, offers_file
from apps.prices.values import Reading, UnsoundSourceError

GENAI, FILE, OFFERS = "genai-prices", "genai-prices-file", "offers"


def installed(today: date) -> Incoming:
    """Return the prices that the installed package brings along; needs no network."""
    slug = f"genai-prices-{bundled.VERSION.replace('.', '-')}"
    content = bundled.content()
    reading = genai.read(
        content,
        today,
        units=bundled.UNITS,
        read_on=today,
        source_slug=slug,
        title=f"genai-prices {bundled.VERSION}",
    )
    origin = f"the prices of the package genai-prices {bundled.VERSION}"
    return Incoming(GENAI, origin, content, dated([reading]))


def fetched(today: date) -> Incoming:
    """Return the prices that are published now; at least about as many as the package holds."""
    content = bundled.published()
    return Incoming(
        GENAI, bundled.URL, content, (_genai(content, today, bundled.URL),), installed(today).size
    )


def from_file(path: Path, today: date, *, partial: bool = False) -> Incoming:
    """Return the prices of a file in the format of genai-prices.

    It is measured by the last copy of that data set, unless it is meant to hold only a part.
    """
    content = _content(path)
    found = Incoming(FILE, str(path), content, (_genai(content, today),), partial=partial)
    if partial or found.size < soundness.ENOUGH:
        return found
    return replace(found, usual_size=SourceCopy.objects.size_of(GENAI))


def from_offers(path: Path, today: date) -> Incoming:
    """Return the offers of a table of models by host."""
    content = _content(path)
    return Incoming(OFFERS, str(path), content, tuple(_offers(content, today)))


def _genai(content: bytes, day: date, url: str = "") -> Reading:
    return genai.read(
        content,
        day,
        units=bundled.UNITS,
        read_on=day,
        source_slug=f"genai-prices-{day.isoformat()}",
        title=f"genai-prices as of {day.day} {day:%B %Y}",
        url=url,
    )


def _offers(content: bytes, day: date) -> Sequence[Reading]:
    return dated(offers_file.read(content, day))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnsoundSourceError(f"{path} cannot be read: {error.strerror}.") from error


# How the last good copies are read again.
READERS: Mapping[str, Reader] = {
    GENAI: lambda content, day: (_genai(content, day),),
    FILE: lambda content, day: (_genai(content, day),),
    OFFERS: _offers,
}
