"""Snapshots of the capability index that wait for an editor, and who decided on each."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint


class SnapshotProposalQuerySet(models.QuerySet["SnapshotProposal"]):
    """Proposed snapshots."""

    def waiting(self) -> Self:
        """Return the one that nobody has decided on, if there is any."""
        return self.filter(state=SnapshotProposal.State.WAITING)


class SnapshotProposal(models.Model):
    """A whole snapshot: the index is estimated anew each time, so that its lines go together."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "Waiting"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        REPLACED = "replaced", "Replaced by a later one"

    snapshot = models.DateField(help_text="The day that the whole index was estimated.")
    lines = models.JSONField(help_text="Every line as it was read.")
    sha256 = models.CharField(max_length=64)
    origin = models.CharField(max_length=300)
    read_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SnapshotProposalQuerySet.as_manager()

    class Meta:
        """The latest first; only one waits."""

        ordering = ("-created_at",)
        constraints = [
            UniqueConstraint(
                fields=("state",),
                condition=Q(state="waiting"),
                name="snapshot_waits_alone",
                violation_error_message="Another snapshot waits already.",
            ),
            CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="snapshot_decided_has_time",
                violation_error_message="A decision has a time.",
            ),
        ]

    def __str__(self) -> str:
        """Name the snapshot."""
        return f"Snapshot of {self.snapshot}"
