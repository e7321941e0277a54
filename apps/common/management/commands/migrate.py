"""Bring the tables of the database up to date."""

import sqlite3
from typing import Any

from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    """Migrates; it alone makes the file of a SQLite database that is not there yet."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Make the file, then check and migrate."""
        name = str(connections[options["database"]].settings_dict["NAME"])
        if name.endswith("?mode=rw"):
            sqlite3.connect(f"{name}c", uri=True).close()
        return super().execute(*args, **options)
