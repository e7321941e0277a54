"""How much memory a process holds after thousands of requests of which no two are alike."""

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from apps.decision.rulebook import Question, QuestionKind, Rulebook
from apps.decision.vocabulary import TOKENS_IN, TOKENS_OUT, UNSURE

REQUESTS = (5_000, 20_000)
MOST_MB = 200
_DAY = date(2026, 11, 22)


def main() -> None:
    """Print the memory at the start and after so many requests; fail where it is too much."""
    stops = tuple(map(int, sys.argv[1:])) or REQUESTS
    with TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        _run(folder, stops)


def _run(folder: str, stops: Sequence[int]) -> None:
    import django

    import tests.environment  # noqa: F401 - the settings read what it sets

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client, override_settings

    from apps.engine.engine import current

    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)
    client = Client(headers={"host": "localhost"})
    rulebook, generator = current(_DAY).rulebook, random.Random(1)
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain, STATIC_ROOT=folder):
        for path in ("/", "/decide/result/", "/costs/", "/models/"):
            client.get(path)
        print(f"{0:>7,} varied requests  {_memory_mb():>6.0f} MB", flush=True)
        for number in range(1, max(stops) + 1):
            response = client.get(_address(rulebook, generator), follow=True)
            assert response.status_code == 200, (response.status_code, response.request)
            if number in stops:
                print(f"{number:>7,} varied requests  {_memory_mb():>6.0f} MB", flush=True)
    connection.close()
    if _memory_mb() > MOST_MB:
        sys.exit(f"More than {MOST_MB} MB.")


def _memory_mb() -> float:
    """Return what the process holds now, not the most that it held."""
    # ps is the one way that Linux and macOS share.
    shown = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, check=True
    )
    return int(shown.stdout) * 1024 / 1e6


def _address(rulebook: Rulebook, generator: random.Random) -> str:
    """Return a recommendation, a question, costs or a list of models, with numbers of its own."""
    kind = generator.choice(("result", "question", "costs", "models"))
    if kind == "models":
        limits = {"input_max": generator.uniform(0.1, 20), "params_max": generator.uniform(1, 999)}
        words = {"q": generator.choice(("", "large", "mini", str(generator.randint(1, 99))))}
        limit = {key: f"{number:.6g}" for key, number in limits.items()}
        return f"/models/?{urlencode(words | limit)}"
    pairs = [pair for q in rulebook.questions for pair in _answer(q, generator)]
    if kind == "question":
        key = generator.choice(rulebook.questions).key
        given = pairs[: generator.randint(0, len(pairs))]
        return f"/decide/{key}/?{urlencode([pair for pair in given if pair[0] != key])}"
    pairs += [
        (one.key, f"{generator.uniform(one.low, one.high):.4f}")
        for one in generator.sample(rulebook.assumptions, 2)
    ]
    if generator.random() < 0.05:
        pairs.append(("at", str(_DAY + timedelta(generator.randint(-300, 300)))))
    path = "/decide/result/" if kind == "result" else "/costs/"
    return f"{path}?{urlencode(pairs)}"


def _answer(question: Question, generator: random.Random) -> list[tuple[str, str]]:
    """Return an answer to a question; one in eight is not known."""
    if generator.random() < 1 / 8:
        return [(question.key, UNSURE)]
    if question.kind is QuestionKind.NUMBER:
        return [(question.key, str(round(10 ** generator.uniform(1, 7))))]
    if question.kind is QuestionKind.SIZE:
        tokens = ((TOKENS_IN, 50_000), (TOKENS_OUT, 5_000))
        numbers = [(key, str(generator.randint(1, most))) for key, most in tokens]
        return [(question.key, "custom"), *numbers]
    return [(question.key, generator.choice(question.choices).key)]


if __name__ == "__main__":
    main()
