"""A database that is away, locked, empty or noise: clear answers, soon, and no new empty site."""

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.utils import ConnectionHandler
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from config.databases import POOL_SECONDS, WAIT_SECONDS, database
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


def test_a_full_disk_lets_everybody_read_and_nothing_be_half_written(
    visitor: Client, migrated: Path, tmp_path: Path, use: Use
) -> None:
    path = tmp_path / "full.sqlite3"
    path.write_bytes(migrated.read_bytes())
    use(f"sqlite:///{path}")
    call_command("seed", verbosity=0)
    assert visitor.post("/admin/login/", LOGIN).status_code == 302
    with connections["default"].cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    saved = 0
    while (response := add_group(visitor, saved)).status_code == 302:
        saved += 1
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert visitor.get("/models/").status_code == 200
    # As many are there as were answered to be saved, each with its line in the log of the admin.
    assert Group.objects.count() == LogEntry.objects.count() + 2 == saved + 2
    with connections["default"].cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count = {pages * 10}")
        assert cursor.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert add_group(visitor, saved).status_code == 302


def add_group(visitor: Client, number: int) -> HttpResponse:
    """Save one more row in the admin, long enough that the disk is full before long."""
    return visitor.post("/admin/auth/group/add/", {"name": f"{number} ".ljust(150, "x")})  # type: ignore[return-value]


def test_a_file_that_is_moved_away_and_back_is_noticed_at_once(
    visitor: Client, migrated: Path, tmp_path: Path, use: Use
) -> None:
    path, away = tmp_path / "site.sqlite3", tmp_path / "away.sqlite3"
    path.write_bytes(migrated.read_bytes())
    use(f"sqlite:///{path}")
    assert visitor.get("/admin/login/").status_code == 200
    assert visitor.get("/models/").status_code == 200
    path.rename(away)
    assert visitor.get("/models/").status_code == 503
    # Nothing is saved where nobody would find it.
    assert visitor.post("/admin/login/", LOGIN).status_code == 503
    away.rename(path)
    assert visitor.get("/models/").status_code == 200


def test_a_file_that_takes_the_place_of_another_counts_at_once(
    visitor: Client, migrated: Path, tmp_path: Path, use: Use
) -> None:
    path, other = tmp_path / "site.sqlite3", tmp_path / "other.sqlite3"
    for copy in (path, other):
        copy.write_bytes(migrated.read_bytes())
    use(f"sqlite:///{other}")
    call_command("seed", verbosity=0)
    connections["default"].close()
    use(f"sqlite:///{path}")
    assert visitor.get("/").status_code == 503
    other.replace(path)
    assert visitor.get("/").status_code == 200


def test_nothing_waits_longer_than_five_seconds() -> None:
    assert WAIT_SECONDS == 5
    assert database("sqlite:////x.sqlite3")["OPTIONS"]["timeout"] == 5
    options = database("postgres://a@b/c?sslmode=require")["OPTIONS"]
    assert options["connect_timeout"] == 5
    assert "lock_timeout=5000" in options["options"]
    assert "statement_timeout=30000" in options["options"]
    assert options["sslmode"] == "require"


def test_threads_share_connections_where_the_operator_says_how_many() -> None:
    chosen = database("postgres://a@b/c", pool=8)
    assert chosen["OPTIONS"]["pool"]["max_size"] == 8
    assert chosen["OPTIONS"]["pool"]["timeout"] == POOL_SECONDS < WAIT_SECONDS
    assert chosen["CONN_MAX_AGE"] == 0
    assert "pool" not in database("postgres://a@b/c")["OPTIONS"]
    assert "pool" not in database("sqlite:////x.sqlite3", pool=8)["OPTIONS"]
