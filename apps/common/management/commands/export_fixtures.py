"""Write the rows back to files, so that an edit can be reviewed as a difference."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.common.management import fixtures


class Command(BaseCommand):
    """Writes the database's rows to fixtures/, sorted; the same rows give the same bytes."""

    help = "Write the rows to fixtures/ as sorted JSON, or to another folder, or only compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --check and --to."""
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail where a file would change."
        )
        parser.add_argument("--to", type=Path, metavar="DIR", help="Write to this folder instead.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare each file, and say what was done."""
        folder: Path = options["to"] or fixtures.root()
        try:
            files = fixtures.export(fixtures.root())
        except fixtures.BrokenFixtureError as error:
            raise CommandError(str(error)) from error
        changed = [file for file, text in files.items() if _differs(folder / file, text)]
        if options["check"] and changed:
            names = ", ".join(file.as_posix() for file in changed)
            raise CommandError(f"These files differ from the database: {names}.")
        if options["check"]:
            self.stdout.write(f"All {len(files)} files match the database.")
            return
        for file in changed:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(files[file].encode())
        self.stdout.write(f"Wrote {len(changed)} of {len(files)} files; the others are the same.")


def _differs(file: Path, text: str) -> bool:
    return not file.is_file() or file.read_bytes() != text.encode()
