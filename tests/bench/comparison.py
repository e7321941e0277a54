"""What a request costs beside a bare view, a wizard of django-formtools and Datasette.

All run in this process, one after the other, on addresses of which no two are alike. The time is
that of the processor, so that another program on the machine changes little.
"""

import asyncio
import io
import os
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any
from urllib.parse import urlencode

MODELS = 2_330
RUNS = 60


@dataclass(frozen=True)
class Row:
    """What a request took, and what it has to be beside another one's."""

    name: str
    ms: float
    beside: str = ""  # the row that it is held against
    least: float = 0.0  # how many times as many a second as that one, at least


def main() -> None:
    """Print the table."""
    if not (find_spec("formtools") and find_spec("datasette")):
        print("make bench installs what this compares with.")
        return
    with TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        os.environ["LOG_REQUESTS"] = "off"
        _run(Path(folder))


def _run(folder: Path) -> None:
    import django

    import tests.environment  # noqa: F401 - the settings read what it sets

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import override_settings

    from tests.catalog import large

    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)
    large.fill(MODELS, "large")
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain, STATIC_ROOT=str(folder)):
        rows = [*_others(), *_ours()]
    connection.close()
    rows.append(Row("Datasette, a filtered table", asyncio.run(_datasette(folder))))
    _tell(rows)


def _others() -> Iterable[Row]:
    from django.conf import settings
    from django.test import override_settings
    from formtools import wizard

    yours = Path(wizard.__file__).parents[1] / "templates"
    templates = [{**settings.TEMPLATES[0], "DIRS": [yours]}]
    with override_settings(ROOT_URLCONF="tests.bench.others", MIDDLEWARE=[], TEMPLATES=templates):
        handler = _handler()
        yield Row("bare view", _cpu(lambda n: handler("/bare"), runs=2_000))
    sessions = ["django.contrib.sessions.middleware.SessionMiddleware"]
    with override_settings(
        ROOT_URLCONF="tests.bench.others", MIDDLEWARE=sessions, TEMPLATES=templates
    ):
        handler = _handler()
        cookie = str(handler("/wizard")[1]["Set-Cookie"]).split(";")[0]

        def step(number: int) -> None:
            step = number % 13
            form = {"wizard-current_step": str(step), f"{step}-answer": str(number % 5)}
            handler("/wizard", cookie, urlencode(form))

        yield Row("django-formtools, a step", _cpu(step))


def _ours() -> Iterable[Row]:
    from apps.catalog.models import Model
    from apps.common.today import today
    from apps.engine.engine import current
    from tests.load.walks import answered

    handler, generator = _handler(), random.Random(1)
    questions = current(today()).rulebook.questions
    slugs = list(Model.objects.listed().values_list("slug", flat=True)[: RUNS * 2])

    def query(count: int) -> str:
        return urlencode(answered(questions[:count], generator))

    def step(number: int) -> str:
        count = 1 + number % (len(questions) - 1)
        return f"/decide/{questions[count].key}/?{query(count)}"

    def get(address: Callable[[int], str]) -> Callable[[int], object]:
        return lambda number: handler(address(number))

    tag = handler("/guide/")[1]["ETag"]
    bare = "bare view"
    known = lambda n: handler("/guide/", tag=tag)  # noqa: E731 - one of a list of calls
    yield Row("a page that did not change", _cpu(known, runs=1_000), bare, 0.5)
    yield Row("a step", _cpu(get(step)), "django-formtools, a step", 10)
    yield Row("a step", _cpu(get(step)), bare, 0.3)
    yield Row("how the options stand", _cpu(get(lambda n: f"/decide/standing/?{query(9)}")))
    result = get(lambda n: f"/decide/result/?{query(len(questions))}")
    yield Row("a full result", _cpu(result), bare, 0.05)
    yield Row("/costs/", _cpu(get(lambda n: f"/costs/?volume={1000 + n}")), bare, 0.03)
    yield Row("a model", _cpu(get(lambda n: f"/models/{slugs[n % len(slugs)]}/")), bare, 0.1)
    models = get(lambda n: f"/models/?input_max={1 + n / 7:.3f}")
    yield Row(f"/models/ of {MODELS:,}", _cpu(models), "Datasette, a filtered table", 5)


def _handler() -> Callable[..., tuple[int, dict[str, str]]]:
    """Return what answers an address, as the server calls it: status and headers."""
    from django.core.handlers.wsgi import WSGIHandler

    application = WSGIHandler()

    def get(
        address: str, cookie: str = "", body: str = "", tag: str = ""
    ) -> tuple[int, dict[str, str]]:
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": cookie,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body.encode()),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
        }
        if tag:
            environ["HTTP_IF_NONE_MATCH"] = tag
        told: list[tuple[int, dict[str, str]]] = []

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            told.append((int(status[:3]), dict(headers)))

        response = application(environ, start)  # type: ignore[arg-type]
        b"".join(response)
        response.close()
        assert told[0][0] in (200, 302, 304), (address, told)
        return told[0]

    return get


async def _datasette(folder: Path) -> float:
    from datasette.app import Datasette

    site = Datasette([str(folder / "bench.sqlite3")])
    await site.invoke_startup()
    taken = []
    for number in range(RUNS):
        start = process_time()
        found = await site.client.get(f"/bench/catalog_model?context_tokens__gt={number}&_size=50")
        taken.append(process_time() - start)
        assert found.status_code == 200
    return sum(taken) / len(taken) * 1000


def _cpu(call: Callable[[int], object], runs: int = RUNS) -> float:
    """Return the milliseconds of the processor that a call takes, once it is warm."""
    for number in range(3):
        call(10_000 + number)
    start = process_time()
    for number in range(runs):
        call(number)
    return (process_time() - start) / runs * 1000


def _tell(rows: list[Row]) -> None:
    ms = {row.name: row.ms for row in rows}
    print(f"{'':<32} {'CPU ms':>9} {'a second':>9}")
    for row in rows:
        line = f"{row.name:<32} {row.ms:>9.2f} {1000 / row.ms:>9,.0f}"
        if row.beside:
            found = ms[row.beside] / row.ms
            met = "met" if found >= row.least else "not met"
            line += f"  {found:.2%} of {row.beside}: {met}, {row.least:.0%} is the aim"
        print(line)


if __name__ == "__main__":
    main()
