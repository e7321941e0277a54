"""Ask a hundred thousand things, or as many as are named, from a seed: COUNT [SEED]."""

import logging
import os
import sys
from tempfile import TemporaryDirectory

COUNT = 100_000


def main() -> None:
    """Print what failed and what took longest; fail where anything did."""
    numbers = [int(argument) for argument in sys.argv[1:]]
    count, seed = numbers[0] if numbers else COUNT, numbers[1] if len(numbers) > 1 else 2
    with TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/fuzz.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        _run(folder, count, seed)


def _run(folder: str, count: int, seed: int) -> None:
    import django

    import tests.environment  # noqa: F401 - the settings read what it sets

    django.setup()
    # Of all that is refused here nobody wants to read.
    logging.disable(logging.WARNING)
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection
    from django.test import override_settings

    from tests.fuzz.visit import Visitor

    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    hosts = ["testserver"]
    with override_settings(STORAGES=plain, STATIC_ROOT=folder, ALLOWED_HOSTS=hosts):
        visitor = Visitor(User.objects.create_superuser("fuzz"))
        failures = 0
        for failure in visitor.failures(seed, count):
            failures += 1
            print(failure, flush=True)
    connection.close()
    slowest = sorted(visitor.seconds, key=lambda found: -found[0])
    for seconds, request in slowest[:10]:
        print(f"{seconds:.3f} s of CPU  {request.method} {request.address[:120]}")
    over = sum(seconds > 0.5 for seconds, _ in slowest)
    print(f"{count:,} requests, {failures} failures, {over} of more than 0.5 s of CPU")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
