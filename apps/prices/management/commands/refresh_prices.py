"""Compare the catalog's prices with a source."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.common.today import today
from apps.prices import accepting, sources
from apps.prices.models import Proposal
from apps.prices.proposing import Incoming, Summary, refresh
from apps.prices.values import UnsoundSourceError


class Command(BaseCommand):
    """Makes proposals of what a source of prices says otherwise, and applies the safe ones."""

    help = (
        "Compare the catalog's prices with a source and propose what differs. A price is applied "
        "without an editor only where two sources agree and the change is small; everything else "
        "waits in the admin. A source that is broken, half or absurd changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the source, the day, and whether all new proposals are accepted."""
        source = parser.add_mutually_exclusive_group()
        source.add_argument(
            "--fetch", action="store_true", help="Fetch the prices that genai-prices publishes."
        )
        source.add_argument(
            "--source", type=Path, metavar="FILE", help="Read a file in the format of genai-prices."
        )
        source.add_argument(
            "--offers", type=Path, metavar="FILE", help="Read a CSV table of models by host."
        )
        parser.add_argument(
            "--partial",
            action="store_true",
            help="The file of --source holds only some prices: its size is not held against it.",
        )
        parser.add_argument(
            "--date", type=date.fromisoformat, help="The day of the prices instead of today."
        )
        parser.add_argument(
            "--accept-offers",
            action="store_true",
            help="Accept the new offers that wait, from this source or an earlier one.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, compare, propose; say what was done."""
        if options["partial"] and not options["source"]:
            raise CommandError("--partial is about a file: name it with --source FILE.")
        day: date = options["date"] or today()
        try:
            incoming = _incoming(options, day)
            self._say(f"Read {incoming.origin}.")
            summary = refresh(incoming, day, sources.READERS, self._say)
        except UnsoundSourceError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self._sum_up(summary)
        if options["accept_offers"]:
            self._accept_offers()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _sum_up(self, summary: Summary) -> None:
        for note in summary.notes:
            self._say(f"Left out: {note}")
        parts = ", ".join(
            f"{Proposal.Field(name).label.lower()}: {count:,}"
            for name, count in sorted(summary.by_field.items())
        )
        self._say(
            f"{summary.proposed:,} new proposals{f' ({parts})' if parts else ''}; "
            f"{summary.applied:,} applied, {summary.replaced:,} earlier ones set aside; "
            f"{summary.waiting:,} wait for an editor."
        )

    def _accept_offers(self) -> None:
        ids = list(Proposal.objects.waiting_offers().values_list("pk", flat=True))
        outcome = accepting.accept(ids, by=None, now=timezone.now(), progress=self._say)
        for problem in outcome.problems:
            self._say(f"Not accepted: {problem}")
        self._say(f"{outcome.done:,} new offers accepted.")


def _incoming(options: dict[str, Any], day: date) -> Incoming:
    if options["fetch"]:
        return sources.fetched(day)
    if options["source"]:
        return sources.from_file(options["source"], day, partial=options["partial"])
    if options["offers"]:
        return sources.from_offers(options["offers"], day)
    return sources.installed(day)
