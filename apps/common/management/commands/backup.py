"""Copy the whole database to a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from apps.common.management.backups import back_up


class Command(BaseCommand):
    """Copies the database as it is at one moment; the site goes on meanwhile."""

    help = "Copy the whole database to a new file; the site goes on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the copy."""
        back_up(options["file"])
        self.stdout.write(f"{options['file']} holds the whole database.")
