"""The day that it is, asked in one place."""

from datetime import date

from django.utils import timezone


def today() -> date:
    """Return the day in the time zone of the site."""
    return timezone.localdate()
