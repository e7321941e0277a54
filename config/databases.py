"""How the database is reached, and how long anything may wait for it."""

from pathlib import Path
from typing import Any

import dj_database_url

# A thread that waits answers nobody: after so many seconds a visitor is told to come back.
WAIT_SECONDS = 5

SQLITE: dict[str, Any] = {
    # Readers never wait for a writer, and a writer waits its turn instead of failing.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    "transaction_mode": "IMMEDIATE",
    "timeout": WAIT_SECONDS,
}
POSTGRESQL: dict[str, Any] = {
    "connect_timeout": WAIT_SECONDS,
    # Milliseconds: for a lock that another holds, and for a whole statement.
    "options": f"-c lock_timeout={WAIT_SECONDS * 1000} -c statement_timeout=30000",
    # A server that vanished without a word is given up on after ten seconds.
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


# A connection that is free in none of so many seconds is given up on.
POOL_SECONDS = 2


def database(url: str, pool: int = 0) -> dict[str, Any]:
    """Return Django's settings for the database at an address; its own options win.

    On PostgreSQL the threads of a process share up to `pool` connections; with none each keeps its
    own for a minute.
    """
    found: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)}
    is_sqlite = found["ENGINE"] == "django.db.backends.sqlite3"
    options = SQLITE if is_sqlite else POSTGRESQL
    if is_sqlite and found["NAME"] != ":memory:":
        # A file that is not there is an error and not an empty site; `migrate` makes it.
        found["NAME"] = f"{Path(found['NAME']).absolute().as_uri()}?mode=rw"
    elif not is_sqlite and pool:
        found["CONN_MAX_AGE"] = 0
        options = options | {"pool": {"min_size": 1, "max_size": pool, "timeout": POOL_SECONDS}}
    return found | {"OPTIONS": options | found.get("OPTIONS", {})}
