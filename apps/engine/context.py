"""What every page's footer says of the rules and the data."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import HttpRequest

from apps.catalog.snapshot import last_read_on
from apps.common.format import day
from apps.engine.replay import Replayed, replayed
from apps.engine.request import versions_of
from apps.money.cache import Latest
from apps.rules.compile import current

_newest: Latest[None, date | None] = Latest(1_000)


@dataclass
class Site:
    """Asked only where a template shows it; the editors' side never does."""

    request: HttpRequest

    @cached_property
    def replayed(self) -> Replayed | None:
        """The version that answers in the place of the published one."""
        return replayed(self.request)

    @cached_property
    def present_version(self) -> int | None:
        """The version of the published rules."""
        now = versions_of(self.request)
        return current(now).rulebook.version if now.rules else None

    @property
    def rules_version(self) -> int | None:
        """The version that answers."""
        return self.replayed.version if self.replayed else self.present_version

    @cached_property
    def data_date(self) -> str:
        """The day of the newest check of a fact or a price; empty while there is none."""
        catalog = versions_of(self.request).catalog
        newest = _newest.get(None, catalog, last_read_on, may_be_old=False)
        return day(newest) if newest else ""


def site(request: HttpRequest) -> dict[str, Site]:
    """Return what the base template shows."""
    return {"site": Site(request)}
