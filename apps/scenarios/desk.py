"""The scenarios that no longer come out as they say, on the front page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from apps.common.today import today
from apps.editing import desk
from apps.editing.desk import Waiting
from apps.scenarios.answers import published
from apps.scenarios.checks import turned_round


def _turned_round(request: HttpRequest) -> Iterator[Waiting]:
    rules = published()
    url = reverse("admin:scenarios_scenario_changelist")
    for problem in turned_round(rules, today()) if rules else ():
        yield Waiting(problem, url)


def register() -> None:
    """Put it on the editors' front page."""
    desk.waits("scenarios.change_scenario", _turned_round)
