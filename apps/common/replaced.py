"""A SQLite file that was moved away or replaced while the site runs.

A connection goes on with the file that it opened, even after nobody else can reach that: what is
saved then is lost without a word. So each request looks whether the file is still the same one.
"""

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.signals import request_started
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

_FILE = "_file_that_was_opened"


def watch() -> None:
    """Look at the beginning of each request."""
    connection_created.connect(_remember)
    request_started.connect(_look)


def _remember(connection: BaseDatabaseWrapper, **_: Any) -> None:
    setattr(connection, _FILE, _file(connection))


def _look(**_: Any) -> None:
    if connection.connection is not None and not connection.in_atomic_block:
        opened = getattr(connection, _FILE, None)
        if opened is not None and opened != _file(connection):
            connection.close()


def _file(connection: BaseDatabaseWrapper) -> tuple[int, int] | None:
    """Return what tells a file from another one; None where the database is no file."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not name.startswith("file:///"):
        return None
    try:
        found = os.stat(path_of(name))
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def path_of(name: str) -> str:
    """Return the path of a database whose name is an address of a file."""
    return unquote(urlsplit(name).path)
