"""A database that is away, locked, empty or noise: clear answers, soon, and no new empty site."""

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.utils import ConnectionHandler
from django.test import Client
from pytest_django import DjangoDbBlocker

from config.databases import WAIT_SECONDS, database
from tests.common.test_headers import assert_secure
from tests.e2e.site import free_port

# Django lets go of a connection of which the first statement fails without closing it.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")

type Use = Callable[[str], None]

PAGES = [
    "/",
    "/decide/",
    "/decide/stage/",
    "/decide/result/",
    "/decide/result.json",
    "/how-it-works/",
    "/costs/",
    "/costs.json",
    "/costs.csv",
    "/models/",
    "/models/gpt-oss-120b/",
    "/models/compare/",
    "/models.json",
    "/models.csv",
    "/scenarios/",
    "/scenarios/edge-offline/",
    "/guide/",
    "/no-such-page/",
]
LOGIN = {"username": "editor", "password": "a long password"}


@pytest.fixture
def use(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Use]:
    """Let a test choose the site's database by its address."""
    ours = connections["default"]

    def use(url: str) -> None:
        connections["default"].close()
        chosen = database(url)
        # Nobody waits in a test.
        chosen["OPTIONS"] |= {"timeout": 0.01} if "sqlite" in chosen["ENGINE"] else {}
        connections["default"] = ConnectionHandler({"default": chosen})["default"]

    with django_db_blocker.unblock():
        yield use
        connections["default"].close()
    connections["default"] = ours
    # While the mark above holds.
    gc.collect()


@pytest.fixture
def visitor() -> Client:
    """Somebody who sees what the site answers, whatever fails behind it."""
    return Client(raise_request_exception=False)


@pytest.fixture(scope="module")
def migrated(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Path:
    """A file with all tables and one editor, and nothing else."""
    path = tmp_path_factory.mktemp("database") / "site.sqlite3"
    ours = connections["default"]
    handler = ConnectionHandler({"default": database(f"sqlite:///{path}")})
    connections["default"] = handler["default"]
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        User.objects.create_superuser(**LOGIN)
        connections["default"].close()
    connections["default"] = ours
    return path


@pytest.fixture(
    params=["missing", "empty", "noise", "cut off", "without rows", "locked", "refused"]
)
def broken(
    request: pytest.FixtureRequest, tmp_path: Path, use: Use, migrated: Path
) -> Iterator[str]:
    """Put the site on a database that cannot answer."""
    path = tmp_path / "site.sqlite3"
    url = f"sqlite:///{path}"
    lock = None
    match request.param:
        case "empty":
            path.touch()
        case "noise":
            path.write_bytes(bytes(range(1, 256)) * 64)
        case "cut off":
            path.write_bytes(migrated.read_bytes()[:5000])
        case "locked":
            url = f"sqlite:///{migrated}"
            lock = sqlite3.connect(migrated, isolation_level=None)
            lock.execute("PRAGMA locking_mode = EXCLUSIVE")
            lock.execute("BEGIN EXCLUSIVE")
        case "refused":
            url = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    use(url)
    yield request.param
    if lock is not None:
        lock.rollback()
        lock.close()


def test_every_page_asks_to_come_back(visitor: Client, broken: str) -> None:
    for address in PAGES:
        response = visitor.get(address)
        assert (address, response.status_code) == (address, 503)
        assert response["Retry-After"] == "30"
        assert "OpenWeigh cannot answer right now</h1>" in response.text
        assert "its database cannot be reached" in response.text
        assert_secure(response)


def test_what_watches_the_site_is_told(visitor: Client, broken: str) -> None:
    response = visitor.get("/healthz")
    assert response.status_code == 503
    assert response["Content-Type"] == "text/plain"
    assert_secure(response)


@pytest.mark.parametrize("address", ["/", "/decide/", "/decide/result/", "/costs.json", "/healthz"])
def test_what_rests_on_the_rules_waits_for_them(
    visitor: Client, migrated: Path, use: Use, address: str
) -> None:
    use(f"sqlite:///{migrated}")
    assert visitor.get(address).status_code == 503


def test_a_missing_file_is_not_made(visitor: Client, tmp_path: Path, use: Use) -> None:
    path = tmp_path / "none.sqlite3"
    use(f"sqlite:///{path}")
    assert visitor.get("/").status_code == 503
    with pytest.raises(OperationalError):
        call_command("seed")
    assert not path.exists()


@pytest.mark.parametrize("name", ["site.sqlite3", "a site, 100% #1?.sqlite3"])
def test_a_missing_file_is_made_by_migrate(tmp_path: Path, use: Use, name: str) -> None:
    quoted = name.replace("%", "%25").replace("#", "%23").replace("?", "%3F").replace(" ", "%20")
    use(f"sqlite:///{tmp_path / quoted}")
    # As on the command line, where checks come first and ask the database, too.
    call_command("migrate", verbosity=0, skip_checks=False)
    assert (tmp_path / name).stat().st_size > 0
    assert connections["default"].introspection.table_names()


def test_who_saves_while_another_does_is_asked_to_come_back(
    visitor: Client, migrated: Path, use: Use
) -> None:
    use(f"sqlite:///{migrated}")
    with closing(sqlite3.connect(migrated, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert visitor.get("/admin/login/").status_code == 200
        response = visitor.post("/admin/login/", LOGIN)
        assert response.status_code == 503
        assert response["Retry-After"] == "30"
        other.rollback()
    assert visitor.post("/admin/login/", LOGIN).status_code == 302


def test_nothing_waits_longer_than_five_seconds() -> None:
    assert WAIT_SECONDS == 5
    assert database("sqlite:////x.sqlite3")["OPTIONS"]["timeout"] == 5
    options = database("postgres://a@b/c?sslmode=require")["OPTIONS"]
    assert options["connect_timeout"] == 5
    assert "lock_timeout=5000" in options["options"]
    assert "statement_timeout=30000" in options["options"]
    assert options["sslmode"] == "require"
