"""Fetches what a source publishes, within a limit of time and size."""

from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.request import Request, urlopen

from apps.prices.values import UnsoundSourceError

_MOST_BYTES = 50_000_000
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched, and the day on which it last changed where the server says so."""

    content: bytes
    changed_on: date | None


def fetch(url: str) -> Fetched:
    """Return what an address holds now; every failure is a sentence."""
    # Each address is a constant and https: no input chooses the scheme.
    request = Request(url, headers={"User-Agent": "OpenWeigh"})  # noqa: S310
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            content: bytes = answer.read(_MOST_BYTES + 1)
            length = answer.headers.get("Content-Length", "")
            changed_on = _day(answer.headers.get("Last-Modified"))
    except (OSError, ValueError, HTTPException) as error:
        raise UnsoundSourceError(f"{url} could not be fetched: {error}.") from error
    if len(content) > _MOST_BYTES:
        raise UnsoundSourceError(f"What {url} returns is too large.")
    # A connection that is cut off looks like the end.
    if length.isdigit() and len(content) != int(length):
        raise UnsoundSourceError(
            f"{url} sent {len(content):,} of {int(length):,} bytes: the rest is missing."
        )
    return Fetched(content, changed_on)


def _day(header: str | None) -> date | None:
    try:
        return parsedate_to_datetime(header).date() if header else None
    except ValueError:
        return None
