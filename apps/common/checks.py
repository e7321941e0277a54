"""What has to hold before a web process starts: settings that fit each other and the machine."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def refuse_to_start_wrongly() -> None:
    """Stop the process with a sentence for each setting that is wrong."""
    problems = list(_problems())
    if problems:
        raise ImproperlyConfigured(" ".join(problems))


def _problems() -> Iterator[str]:
    if settings.DEBUG and settings.HTTPS:
        yield "DEBUG=on shows secrets to everybody: it needs HTTPS=off, on a machine of one's own."
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS names the site's own hosts, not '*'."
    scheme = "https://" if settings.HTTPS else "http"
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if not origin.startswith(scheme):
            yield f"CSRF_TRUSTED_ORIGINS holds {origin!r}, which does not begin with {scheme}."
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file() and not settings.DEBUG:
        yield "The static files are not there: run manage.py collectstatic."
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if folder and not os.access(folder, os.W_OK):
        yield f"PROMETHEUS_MULTIPROC_DIR names {folder!r}, which cannot be written to."
