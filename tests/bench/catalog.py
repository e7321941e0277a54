"""How the catalog's pages grow from 100 models to 10,000 with 100,000 offers: at most 3×."""

import os
from functools import partial
from tempfile import TemporaryDirectory

from tests.bench.timing import measure

PAGES = {
    "list": "/models/",
    "facets": "/models/?openness=open-weight&context_min=128k&tools=yes&input_max=5&gpu=24",
    "search": "/models/?q=large+99",
    "compare": "/models/compare/?m=large-1&m=large-2&m=large-3&m=large-4",
    "detail": "/models/large-7/",
}
FEW, MANY = 100, 10_000


def main() -> None:
    """Time the pages of a small catalog and of a large one, and print how much longer they take."""
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
    from django.utils import timezone

    from apps.catalog.snapshot import compile_snapshot
    from tests.catalog import large

    # Another benchmark of the same process may have left its database open.
    connection.close()
    connection.settings_dict["NAME"] = f"{folder}/bench.sqlite3"
    call_command("migrate", verbosity=0)
    client = Client(headers={"host": "localhost"})
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    with override_settings(STORAGES=plain, STATIC_ROOT=folder):
        for count, prefix in ((FEW, "large"), (MANY - FEW, "more")):
            large.fill(count, prefix)
            today = timezone.localdate()
            measure("compiled anew after a change", partial(compile_snapshot, "", today), runs=3)
            for name, url in PAGES.items():
                taken[name].append(measure(name, partial(client.get, url)).median)
    for name, (few, many) in taken.items():
        print(f"{name:<10} {many / few:.2f} times as long")
    connection.close()


if __name__ == "__main__":
    main()
