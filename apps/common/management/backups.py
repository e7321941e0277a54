"""Copies of the whole database, made while the site runs and put back in one step."""

import os
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from apps.common.replaced import path_of


def back_up(target: Path) -> None:
    """Write the database as it is at one moment to a new file."""
    if target.exists():
        raise CommandError(f"{target} is there already.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    # Only whoever makes it may read it: it holds the hashes of passwords and the keys of devices.
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if connection.vendor == "sqlite":
        with closing(_open(_site())) as source, closing(_open(unfinished)) as copy:
            source.backup(copy)
    else:
        _run(["pg_dump", "--format=custom", "--no-owner", f"--file={unfinished}"])
    # A file of this name is whole, whatever happens meanwhile.
    unfinished.replace(target)


def restore(source: Path) -> None:
    """Put a copy in the place of the database: all of it, or nothing where it is not whole."""
    if not source.is_file():
        raise CommandError(f"There is no file {source}.")
    if connection.vendor == "sqlite":
        with closing(_open(source)) as copy:
            _check(copy)
            with closing(_open(_site())) as site:
                copy.backup(site)
    else:
        command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction"]
        _run([*command, f"--dbname={connection.settings_dict['NAME']}", str(source)])


def _site() -> Path:
    return Path(path_of(str(connection.settings_dict["NAME"])))


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)


def _check(copy: sqlite3.Connection) -> None:
    # Tables have conditions that SQLite itself cannot evaluate.
    copy.create_function("REGEXP", 2, lambda pattern, text: bool(re.search(pattern, str(text))))
    try:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        tables = copy.execute("SELECT count(*) FROM django_migrations").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise CommandError(f"It is no copy of this site's database: {error}.") from error
    if found != "ok" or not tables:
        raise CommandError(f"It is no whole copy: {found}.")


def _run(command: list[str]) -> None:
    settings: dict[str, Any] = connection.settings_dict
    told = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    environment = os.environ | {name: str(value) for name, value in told.items() if value}
    try:
        # The programs of PostgreSQL, with arguments of our own.
        done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError as error:
        raise CommandError(f"{command[0]} is not installed.") from error
    if done.returncode:
        raise CommandError(f"{command[0]} failed: {done.stderr.strip()}")
