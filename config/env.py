"""Readers of environment variables that fail loudly instead of guessing."""

import math
import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return a variable's text, or its default; without either the process does not start."""
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name: str, default: bool) -> bool:
    """Read on/off, and refuse any other word."""
    value = os.environ.get(name, "on" if default else "off").strip().lower()
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} must be 'on' or 'off', not {value!r}.")
    return value == "on"


def number(name: str, default: float, low: float, high: float) -> float:
    """Read a number from `low` to `high`, and refuse anything else."""
    value = os.environ.get(name, "").strip()
    try:
        found = float(value) if value else default
    except ValueError:
        found = math.nan
    # A comparison with what is no number is never true.
    if not low <= found <= high:
        raise ImproperlyConfigured(
            f"{name} must be a number from {low:g} to {high:g}, not {value!r}."
        )
    return found


def secret(name: str) -> str:
    """Read a secret from the variable, or from the file that the variable with _FILE names."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read.") from error
    else:
        value = text(name)
    if len(value) < 50:
        raise ImproperlyConfigured(f"{name} must have at least 50 characters.")
    return value


def contact(name: str) -> str:
    """Read an address that readers may follow: mailto: or https:, or empty for none."""
    value = os.environ.get(name, "").strip()
    if value and not value.startswith(("mailto:", "https://")):
        raise ImproperlyConfigured(f"{name} must begin with mailto: or https://, not {value!r}.")
    return value


def path(name: str, default: str) -> str:
    """Read a path below the site's root, like `admin/`; letters, digits, dashes and slashes."""
    value = os.environ.get(name, default).strip("/ ")
    if not re.fullmatch(r"[\w-]+(/[\w-]+)*", value, re.ASCII):
        raise ImproperlyConfigured(f"{name} must be a path like 'admin/', not {value!r}.")
    return f"{value}/"


def token(name: str) -> str:
    """Read a token that opens something, long enough that nobody guesses it; empty for none."""
    value = os.environ.get(name, "").strip()
    if value and not re.fullmatch(r"[!-~]{20,}", value):
        raise ImproperlyConfigured(f"{name} must have at least 20 characters, without spaces.")
    return value
