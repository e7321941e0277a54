"""Databases of their own, on the server that the tests use: files, where that is SQLite."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.utils import ConnectionHandler
from psycopg import sql
from pytest_django import DjangoDbBlocker

from config.databases import database
from tests.e2e.site import Site, prepare, serve

type Serve = Callable[[], Site]
# The address of a database that the site is put on.
type OwnDatabase = str


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """Yield the address of an empty database: on PostgreSQL where the tests run there."""
    url = os.environ["DATABASE_URL"]
    if not url.startswith("postgres"):
        yield f"sqlite:///{folder / 'site.sqlite3'}"
        return
    name = f"site_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{url.rpartition('/')[0]}/{name}"
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def site_on(url: str) -> Iterator[None]:
    """Put the site of this process on a database."""
    ours = connections["default"]
    connections["default"] = ConnectionHandler({"default": database(url)})["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = ours


@pytest.fixture(scope="module")
def migrated(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[OwnDatabase]:
    """A database with all tables and nothing in them."""
    folder = tmp_path_factory.mktemp("database")
    with django_db_blocker.unblock(), empty_database(folder) as url:
        with site_on(url):
            call_command("migrate", verbosity=0)
        yield url


@pytest.fixture
def own_database(migrated: OwnDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Put the site on a database of the module's own, empty of rows at the start of each test."""
    with django_db_blocker.unblock(), site_on(migrated):
        call_command("flush", interactive=False, verbosity=0)
        yield migrated


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the processes of a seeded site are started with."""
    folder = tmp_path_factory.mktemp("site")
    with empty_database(folder) as url:
        yield prepare(folder, url) | {"DATABASE_POOL": "8"}


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Serve]:
    """Start web processes, which end with the test."""
    processes = []

    def begin() -> Site:
        site, process = serve(environment)
        processes.append(process)
        return site

    yield begin
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(30)
