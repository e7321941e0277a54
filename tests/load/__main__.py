"""Have so many visitors walk for so many seconds against two processes: VISITORS SECONDS."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic
from urllib.parse import urlsplit

# How long somebody looks at a page, on average.
LOOKS_SECONDS = 8.0
WORKERS = 2
MOST_VISITORS, MOST_SECONDS = 2_000, 900
# What has to hold.
P99_SECONDS, MOST_MB = 1.0, 150


@dataclass
class Counts:
    """What came back."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def at(self, share: float) -> float:
        """Return how long a share of the requests took at most."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * share))]


def main() -> None:
    """Print what came back; fail where anything failed, took too long or grew too much."""
    visitors, seconds = (int(argument) for argument in sys.argv[1:3])
    visitors, seconds = min(visitors, MOST_VISITORS), min(seconds, MOST_SECONDS)
    with TemporaryDirectory() as folder:
        sys.exit(_run(Path(folder), visitors, seconds))


def _run(folder: Path, visitors: int, seconds: int) -> int:
    import tests.environment  # noqa: F401 - the settings read what it sets
    from tests.e2e.site import prepare, serve

    os.environ["LOG_REQUESTS"] = "off"
    environment = prepare(folder, f"sqlite:///{folder / 'load.sqlite3'}")
    walks = _walks(environment)
    site, process = serve(environment, WORKERS)
    try:
        counts, megabytes = asyncio.run(_visit(site.url, walks, visitors, seconds, process.pid))
    finally:
        process.terminate()
        process.wait(30)
    return _tell(counts, megabytes, visitors, seconds)


def _walks(environment: dict[str, str]) -> Callable[[int], Iterator[str]]:
    os.environ.update(environment)
    import django

    django.setup()
    from django.db import connection

    from apps.catalog.models import Model
    from apps.rules.compile import current
    from tests.load.walks import walk

    questions = current().rulebook.questions
    slugs = list(Model.objects.listed().values_list("slug", flat=True))
    connection.close()
    return lambda seed: walk(questions, slugs, seed)


async def _visit(
    url: str, walks: Callable[[int], Iterator[str]], visitors: int, seconds: int, pid: int
) -> tuple[Counts, list[float]]:
    counts, end = Counts(), monotonic() + seconds
    people = [_visitor(url, walks(seed), Random(seed), end, counts) for seed in range(visitors)]
    walking = asyncio.gather(*people)
    megabytes = []
    for _ in range(4):
        megabytes.append(_megabytes(pid))
        await asyncio.sleep(seconds / 4)
    await walking
    megabytes.append(_megabytes(pid))
    return counts, megabytes


async def _visitor(
    url: str, addresses: Iterator[str], generator: Random, end: float, counts: Counts
) -> None:
    """Look at a page, then ask for the next one; what takes part of a page is asked for at once."""
    await asyncio.sleep(generator.uniform(0, LOOKS_SECONDS))
    for address in addresses:
        if monotonic() > end:
            return
        start = monotonic()
        status = await _get(url, address)
        counts.seconds.append(monotonic() - start)
        if status not in (200, 302):
            counts.errors.append(f"{status} {address}")
        if "/standing/" not in address:
            await asyncio.sleep(generator.expovariate(1 / LOOKS_SECONDS))


async def _get(url: str, address: str) -> int:
    """Return the status of an address, 0 where none came."""
    found = urlsplit(url)
    try:
        async with asyncio.timeout(60):
            reader, writer = await asyncio.open_connection(found.hostname, found.port)
            head = f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            writer.write(f"{head}Accept-Encoding: gzip\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return 0
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def _megabytes(pid: int) -> float:
    """Return what the largest process of the server holds."""
    # ps is the one way that Linux and macOS share.
    shown = subprocess.run(
        ["ps", "-A", "-o", "ppid=,rss="], capture_output=True, check=True, text=True
    )
    rows = [line.split() for line in shown.stdout.splitlines()]
    return max((int(rss) / 1000 for parent, rss in rows if int(parent) == pid), default=0.0)


def _tell(counts: Counts, megabytes: list[float], visitors: int, seconds: int) -> int:
    print(f"{visitors} visitors, {seconds} s, {WORKERS} processes")
    print(f"{len(counts.seconds):,} requests, {len(counts.seconds) / seconds:.0f} a second")
    for share in (0.5, 0.95, 0.99, 1.0):
        print(f"{share:>5.0%} within {counts.at(share):.2f} s")
    print("largest process:", ", ".join(f"{size:.0f} MB" for size in megabytes))
    print(f"{len(counts.errors)} errors", *counts.errors[:10], sep="\n  ")
    fits = not counts.errors and counts.at(0.99) <= P99_SECONDS and megabytes[-1] <= MOST_MB
    return 0 if fits else 1


if __name__ == "__main__":
    main()
