"""Put a copy in the place of the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from apps.common.management.backups import restore


class Command(BaseCommand):
    """Puts a copy in the place of the database: all of it or nothing."""

    help = "Put a copy made by backup in the place of the whole database; what is there is lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore the copy."""
        restore(options["file"])
        self.stdout.write(f"The database is as {options['file']} holds it.")
