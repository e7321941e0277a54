"""What all tests share: plain static files, and browser tests only where there is a browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.test import override_settings

from tests.editors import log_in
from tests.seeded import seeded
from tests.unknown_variables import no_unknown_variables
from tests.world import engine, world

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Fixtures for every folder: what decides, what prices and what shows rest on the same rows.
__all__ = ["engine", "log_in", "no_unknown_variables", "seeded", "world"]

SKIPPED = pytest.StashKey[int]()

# No test judges by the clock: machines are shared, and speed belongs to the benchmarks.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


def find_chromium() -> str | None:
    """Return the browser that CHROMIUM names, else the first that the PATH holds."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            raise pytest.UsageError(f"CHROMIUM={named} is not a program.")
        return path
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what drives a browser and put it last, or leave it out where there is none."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "browser" in names:
            item.add_marker(pytest.mark.browser)
        # The database that `world` reads once is only made for tests that are marked.
        if "world" in names:
            item.add_marker(pytest.mark.django_db)
    driving = [item for item in items if item.get_closest_marker("browser")]
    # Playwright keeps an event loop running in this thread once it has started, and Django
    # refuses to query a database there: what uses the database has to come before.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if not driving or find_chromium():
        return
    if os.environ.get("REQUIRE_BROWSER") == "on":
        raise pytest.UsageError("REQUIRE_BROWSER=on, but no Chromium or Chrome was found.")
    items[:] = [item for item in items if not item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=driving)
    config.stash[SKIPPED] = len(driving)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that browser tests were left out."""
    skipped = terminalreporter.config.stash.get(SKIPPED, 0)
    if skipped:
        terminalreporter.write_line(
            f"{skipped} browser tests were skipped: no Chromium or Chrome was found; "
            "CHROMIUM=/path/to/browser names one.",
            yellow=True,
        )


@pytest.fixture(scope="session", autouse=True)
def plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Name static files as they are, so that no test needs them collected."""
    root = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # WhiteNoise warns, and a warning is an error, where the directory does not exist.
    with override_settings(STORAGES=storages, STATIC_ROOT=root):
        yield root
