"""What sources of prices say that the catalog does not, and who decided on it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from apps.catalog.models.facts import Source
from apps.catalog.models.hosts import Host
from apps.catalog.models.language_models import Model
from apps.catalog.models.offers import Offer

# A list with many steps may have more to say; what comes first counts most.
REASON_LENGTH = 600


class SourceCopyQuerySet(models.QuerySet["SourceCopy"]):
    """Kept copies."""

    def size_of(self, name: str) -> int | None:
        """Return how many prices the copy of a source holds; None where none was kept."""
        return self.filter(name=name).values_list("entries", flat=True).first()


class SourceCopy(models.Model):
    """The last good copy of a source of prices: what the next one is measured by."""

    name = models.CharField(max_length=40, unique=True)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(help_text="As it was read, compressed with gzip.")
    entries = models.PositiveIntegerField(help_text="How many prices it held.")
    origin = models.CharField(max_length=300)
    read_on = models.DateField()
    kept_at = models.DateTimeField(auto_now=True)

    objects = SourceCopyQuerySet.as_manager()

    class Meta:
        """By name."""

        ordering = ("name",)
        verbose_name_plural = "source copies"

    def __str__(self) -> str:
        """Show the name and the start of the hash."""
        return f"{self.name}, {self.sha256[:8]}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals."""

    def waiting(self) -> Self:
        """Return the proposals that nobody has decided on."""
        return self.filter(state=Proposal.State.WAITING)

    def waiting_offers(self) -> Self:
        """Return the new offers that nobody has decided on."""
        return self.waiting().filter(field=Proposal.Field.OFFER)

    def of_dataset(self, dataset: str) -> Self:
        """Return the proposals that hold what a data set says now."""
        standing = (Proposal.State.WAITING, Proposal.State.REFUSED)
        return self.filter(dataset=dataset, state__in=standing, lapsed=False)

    def with_rows(self) -> Self:
        """Load what deciding on each needs."""
        return self.select_related("model", "host", "offer__model", "offer__host", "source")


class Proposal(models.Model):
    """One difference between a source and the catalog: old, new, who says so, who decided."""

    class Field(models.TextChoices):
        """What would change."""

        OFFER = "offer", "New offer"
        PRICE = "price", "Price list"
        STATUS = "status", "Status"

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "Waiting"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        REPLACED = "replaced", "Replaced by a later one"

    model = models.ForeignKey(Model, models.CASCADE, related_name="proposals")
    host = models.ForeignKey(
        Host, models.CASCADE, null=True, blank=True, related_name="proposals", editable=False
    )
    host_slug = models.CharField(max_length=60)
    host_model_id = models.CharField(max_length=160)
    offer = models.ForeignKey(
        Offer, models.CASCADE, null=True, blank=True, related_name="proposals", editable=False
    )
    field = models.CharField(max_length=6, choices=Field)
    old = models.JSONField(null=True, blank=True)
    new = models.JSONField()
    starts = models.DateField("from", help_text="The first day on which the new value holds.")
    change = models.FloatField(
        null=True, blank=True, help_text="The largest change of a known price: 0.25 is 25 %."
    )
    dataset = models.CharField(max_length=40)
    source = models.ForeignKey(Source, models.PROTECT, related_name="proposals")
    agrees = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="agreeing_proposals"
    )
    read_on = models.DateField()
    reason = models.CharField(
        max_length=REASON_LENGTH, help_text="Why it waits, or why it was applied."
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    automatic = models.BooleanField(default=False)
    lapsed = models.BooleanField(
        default=False, help_text="The source has said something else since it was refused."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        """The largest change first; one open question of a kind for each offer and source."""

        ordering = ("-created_at", "model__name", "host_slug", "host_model_id", "starts")
        constraints = [
            UniqueConstraint(
                fields=("dataset", "model", "host_slug", "host_model_id", "field", "starts"),
                condition=Q(state="waiting"),
                name="proposal_waits_once",
                violation_error_message="This proposal waits already.",
            ),
            CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="proposal_decided_has_time",
                violation_error_message="A decision has a time.",
            ),
        ]

    def __str__(self) -> str:
        """Name the offer and what would change."""
        return f"{self.model} / {self.host_slug} / {self.host_model_id}: {self.field}"
