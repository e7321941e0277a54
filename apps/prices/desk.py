"""What sources of prices propose, on the front page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from apps.editing import desk
from apps.editing.desk import Task, Waiting
from apps.prices.models import Proposal


def _proposals(request: HttpRequest) -> Iterator[Waiting]:
    count = Proposal.objects.waiting().count()
    if count:
        yield Waiting(f"{count} proposals wait", reverse("admin:prices_proposal_changelist"))


def register() -> None:
    """Put it on the editors' front page."""
    desk.waits("prices.change_proposal", _proposals)
    desk.task(
        lambda: Task(
            "Work through proposals",
            "what sources of prices say otherwise.",
            reverse("admin:prices_proposal_changelist"),
            "prices.change_proposal",
        )
    )
