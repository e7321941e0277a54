"""What the environment sets is read, or the process does not start and says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("text", "value"), [(None, 90), ("", 90), ("1", 1), (" 0.25 ", 0.25), ("100", 100)]
)
def test_a_number_is_read_or_its_default_taken(
    monkeypatch: pytest.MonkeyPatch, text: str | None, value: float
) -> None:
    monkeypatch.delenv("DAYS", raising=False)
    if text is not None:
        monkeypatch.setenv("DAYS", text)
    assert env.number("DAYS", default=90, low=0, high=100) == value


@pytest.mark.parametrize("text", ["many", "-1", "101", "nan", "inf", "1e400", "90 days"])
def test_what_is_no_number_in_bounds_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("DAYS", text)
    with pytest.raises(ImproperlyConfigured, match="DAYS must be a number from 0 to 100"):
        env.number("DAYS", default=90, low=0, high=100)


def test_staleness_and_the_band_of_prices_come_from_the_environment() -> None:
    program = "from config import settings as s; print(s.STALE_AFTER_DAYS, s.PRICE_BAND)"
    given = os.environ | {"STALE_AFTER_DAYS": "30", "PRICE_BAND": "0.1", "SECRET_KEY": "x" * 50}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=given, capture_output=True, text=True
    )
    assert done.stdout.split() == ["30", "0.1"], done.stderr
