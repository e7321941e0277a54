"""Compare the catalog's capability scores with a newer snapshot of the index."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.common.today import today
from apps.prices.fetching import fetch
from apps.prices.values import UnsoundSourceError
from apps.scores import proposing
from apps.scores.proposing import Incoming


class Command(BaseCommand):
    """Makes a proposal of a newer snapshot of the Epoch Capabilities Index."""

    help = (
        "Read a newer snapshot of the Epoch Capabilities Index and propose it: an editor accepts "
        "it in the admin, whole, for the index is estimated anew each time. A file that is broken, "
        "half or on another scale changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the source and the day of the snapshot."""
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--fetch", action="store_true", help="Fetch what Epoch AI publishes.")
        source.add_argument("--source", type=Path, metavar="FILE", help="Read an eci_scores.csv.")
        parser.add_argument(
            "--snapshot",
            type=date.fromisoformat,
            metavar="DAY",
            help="When the index was estimated; otherwise the day on which the server says that "
            "the file changed, or today.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check, propose; say what was done."""
        day = today()
        try:
            incoming = _incoming(options, day)
            proposal = proposing.propose(incoming, day)
        except UnsoundSourceError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        if proposal is None:
            self.stdout.write(f"Read {incoming.origin}: nothing new.")
            return
        found = proposing.difference(proposal.lines)
        self.stdout.write(
            f"Read {incoming.origin}: a snapshot of {proposal.snapshot} with {found.lines:,} "
            f"models waits for an editor; {len(found.added):,} are new, {len(found.gone):,} gone, "
            f"{len(found.moved):,} scores of catalog models moved, {len(found.lost):,} lost."
        )


def _incoming(options: dict[str, Any], day: date) -> Incoming:
    named: date | None = options["snapshot"]
    if options["fetch"]:
        found = fetch(proposing.URL)
        return Incoming(proposing.URL, found.content, named or found.changed_on or day)
    path: Path = options["source"]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnsoundSourceError(f"{path} cannot be read: {error.strerror}.") from error
    return Incoming(str(path), content, named or day)
