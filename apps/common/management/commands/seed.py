"""Fill an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.common.management import fixtures


class Command(BaseCommand):
    """Fills an empty database from fixtures/; changes nothing in one that holds a row."""

    help = "Fill an empty database from fixtures/. A database that holds any row is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all files or none, and say what was done."""
        folder = fixtures.root()
        labels = fixtures.app_labels(folder)
        order = fixtures.tables(labels)
        if not fixtures.is_empty(order):
            self.stdout.write("The database holds rows already: nothing was changed.")
            return
        try:
            rows = fixtures.load(fixtures.read(folder), order)
        except fixtures.BrokenFixtureError as error:
            raise CommandError(f"{error} Nothing was written.") from error
        self.stdout.write(f"Filled the empty database: {rows:,} rows of {', '.join(labels)}.")
