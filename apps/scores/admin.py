"""The queue of snapshots of the index: accepted or refused whole."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from apps.editing.audited import ModelAdmin
from apps.scores import proposing
from apps.scores.models import SnapshotProposal

_BUTTONS: dict[str, tuple[Callable[..., str], str]] = {
    "_accept": (proposing.accept, "accepted"),
    "_refuse": (proposing.refuse, "refused"),
}


@admin.register(SnapshotProposal)
class SnapshotProposalAdmin(ModelAdmin):
    """Snapshots are decided on, never edited: each keeps who decided and when."""

    list_display = ("snapshot", "models", "origin", "read_on", "state")
    list_filter = ("state",)
    change_form_template = "admin/prices/proposal/change_form.html"
    fields = (
        "snapshot",
        "origin",
        "sha256",
        "read_on",
        "changes",
        "state",
        ("decided_by", "decided_at"),
    )
    readonly_fields = (
        *("snapshot", "origin", "sha256", "read_on", "changes", "state"),
        *("decided_by", "decided_at"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: only a file of scores proposes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: what was decided stays on record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may decide, which is to add scores."""
        return super().has_change_permission(request, obj) and request.user.has_perm(
            "catalog.add_indexscore"
        )

    @admin.display(description="models")
    def models(self, proposal: SnapshotProposal) -> int:
        """Return how many models it scores."""
        return len(proposal.lines)

    @admin.display(description="what would change")
    def changes(self, proposal: SnapshotProposal) -> SafeString:
        """Return what would change, a line for each fact."""
        told = ((line,) for line in lines(proposal))
        return format_html_join("\n", "<div>{}</div>", told)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Accept or refuse the snapshot, as the button says."""
        for button, (act, word) in _BUTTONS.items():
            if button in request.POST:
                problem = act(obj, request.user, timezone.now())
                told = f"Not {word}: {problem}" if problem else f"{obj} {word}."
                self.message_user(request, told, messages.ERROR if problem else messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:scores_snapshotproposal_changelist"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save nothing of the form: somebody else may have decided since it was opened."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log nothing of the form, which changes nothing: the proposal keeps its decision."""
        return None


def lines(proposal: SnapshotProposal) -> list[str]:
    """Return what a snapshot would change, the scores of catalog models first."""
    found = proposing.difference(proposal.lines)
    return [
        *(f"{model}: {old:g} → {new:g}" for model, old, new in found.moved),
        *(f"{model} would have no score: its line is gone." for model in found.lost),
        f"New in the index: {', '.join(found.added) or 'none'}",
        f"Gone from the index: {', '.join(found.gone) or 'none'}",
    ]
