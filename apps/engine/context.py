"""What every page's footer says of the rules and the data."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from apps.catalog.models import Model
from apps.common.format import day
from apps.rules.compile import NoRulebookError, current


@dataclass
class Site:
    """Asked only where a template shows it; the editors' side never does."""

    @cached_property
    def rules_version(self) -> int | None:
        """The version of the published rules."""
        try:
            return current().rulebook.version
        except NoRulebookError:
            return None

    @cached_property
    def data_date(self) -> str:
        """The day of the newest check of a fact; empty while there is none."""
        newest = Model.objects.last_checked_on()
        return day(newest) if newest else ""


def site(request: HttpRequest) -> dict[str, Site]:
    """Return what the base template shows."""
    return {"site": Site()}
