"""What of the rules waits, and the way to change them."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from apps.common.today import today
from apps.editing import desk
from apps.editing.desk import Task, Waiting
from apps.rules import publishing
from apps.rules.models import Rulebook

# Of more drafts than this nobody works on the oldest.
_MOST = 5


def _drafts(request: HttpRequest) -> Iterator[Waiting]:
    rows = Rulebook.objects.drafts().with_everything().select_related("provenance__edited_by")
    for row in rows.order_by("-version")[:_MOST]:
        story = getattr(row, "provenance", None)
        by = f", last edited by {story.edited_by}" if story and story.edited_by else ""
        problems = len(publishing.reasons_against(row, today()))
        state = f"{problems} problems" if problems else "ready to be weighed and published"
        url = reverse("admin:rules_rulebook_change", args=[row.pk])
        yield Waiting(f"Draft {row.version}{by}: {state}", url)


def register() -> None:
    """Put it on the editors' front page."""
    desk.waits("rules.change_rulebook", _drafts)
    desk.task(
        lambda: Task(
            "Change the rules",
            "copy the published version to a draft, edit, preview, weigh, publish.",
            reverse("admin:rules_rulebook_changelist"),
            "rules.change_rulebook",
        )
    )
