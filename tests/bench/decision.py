"""How long the engine takes: a full answer set, its flips, nothing answered, and the pages."""

import os
from datetime import date
from functools import partial
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from tests.bench.timing import measure


def main() -> None:
    """Time the engine on the rules and prices of the fixtures, each cold and warm."""
    with TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        _run(folder)


def _run(folder: str) -> None:
    import django

    import tests.environment  # noqa: F401 - the settings read what it sets

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, override_settings

    from apps.decision.answers import Answers
    from apps.decision.assumed import assumptions
    from apps.decision.decide import decide
    from apps.decision.flips import flips
    from apps.decision.scoring import Said, Tables
    from apps.decision.uncertainty import cells
    from apps.engine.engine import current
    from apps.money.options import OPTIONS
    from apps.money.outlook.report import report
    from apps.money.pricing import Pricer
    from apps.scenarios.models import Scenario

    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)
    engine = current(date(2026, 11, 22))
    rulebook, nothing = engine.rulebook, Answers()
    assumed = assumptions(rulebook, nothing)
    full = Scenario.objects.get(slug="hybrid").answers_under(rulebook)
    pricer = Pricer(engine.market, assumed)
    found = cells(engine.tables, full, pricer)

    def cold(answers: Answers) -> None:
        decide(Tables(rulebook), answers, Pricer(engine.market, assumed))

    measure("full answer set, scored", lambda: cells(engine.tables, full, pricer), runs=200)
    measure("full answer set, all flips", lambda: flips(engine.tables, full, pricer, found))
    measure("full answer set, whole decision", lambda: decide(engine.tables, full, pricer))
    measure("full answer set, whole decision, cold", lambda: cold(full))
    measure("nothing answered, whole decision", lambda: decide(engine.tables, nothing, pricer))
    measure("nothing answered, whole decision, cold", lambda: cold(nothing))
    work = engine.tables.needs(found[0].batch.state(0), Said.of(full))
    ranges = {row.key: (row.low, row.high) for row in rulebook.assumptions}
    measure("the money of a workload", lambda: report(pricer, work, OPTIONS, None, ranges))
    client = Client(headers={"host": "localhost"})
    query = urlencode(full.canonical(rulebook))
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain, STATIC_ROOT=folder):
        for path in ("/", "/decide/stage/", f"/decide/result/?{query}", "/models/", "/costs/"):
            name = f"page {path.partition('?')[0]}, result kept"
            measure(name, partial(client.get, path))
    connection.close()


if __name__ == "__main__":
    main()
