"""The product as it is served: its own process, the production server, a seeded database."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """A running server with a database of its own."""

    url: str
    environment: Mapping[str, str]
    process: subprocess.Popen[str] | None = field(default=None, repr=False)
    log: list[str] = field(default_factory=list)

    def manage(self, *arguments: str) -> str:
        """Run a management command on the site's database and return what it prints."""
        return run(self.environment, "manage.py", *arguments)


def prepare(directory: Path, database: str = "") -> dict[str, str]:
    """Make a seeded database and the static files in `directory`; return the environment."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "DATABASE_URL": database or f"sqlite:///{directory / 'site.sqlite3'}",
        "STATIC_ROOT": str(directory / "static"),
    }
    for command in ("migrate --verbosity 0", "seed", "collectstatic --noinput --verbosity 0"):
        run(environment, "manage.py", *command.split())
    return environment


def serve(environment: Mapping[str, str], workers: int = 1) -> tuple[Site, subprocess.Popen[str]]:
    """Start the server and return when it answers."""
    port = free_port()
    # The words are granian's, and so is the host that it listens on by default.
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--blocking-threads", "8", "--workers", str(workers)]
    command += ["--port", str(port), "config.wsgi:application"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    site = Site(f"http://127.0.0.1:{port}", environment, process)
    started = threading.Event()
    threading.Thread(target=_read, args=(process, site.log, started), daemon=True).start()
    if not (started.wait(START_SECONDS) and _listens(port, process)):
        process.kill()
        raise RuntimeError("The server did not start:\n" + "".join(site.log))
    return site, process


def _listens(port: int, process: subprocess.Popen[str]) -> bool:
    """Wait until the server takes connections, which is a moment after it says that it started."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        else:
            return True
    return False


def _read(process: subprocess.Popen[str], log: list[str], started: threading.Event) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            log.append(line)
            if "Started worker" in line:
                started.set()
    # It ended: whoever waits for the start must not wait longer.
    started.set()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a program of the checkout and return what it prints; raise where it fails."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
