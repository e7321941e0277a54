"""Where a version came from, who worked on it last, and what it changed for visitors."""

from typing import Any, Self

from django.conf import settings
from django.db import models

from apps.rules.models.rulebook import Rulebook


class ProvenanceQuerySet(models.QuerySet["Provenance"]):
    """What is known of versions."""

    def of(self, rulebook: Rulebook) -> "Provenance":
        """Return what is known of a version, made where nothing is yet."""
        return self.get_or_create(rulebook=rulebook)[0]

    def with_people(self) -> Self:
        """Load who edited and who published."""
        return self.select_related("edited_by", "published_by", "copied_from")


class Provenance(models.Model):
    """The story of a version beside its rules, which it is no part of."""

    rulebook = models.OneToOneField(
        Rulebook, models.CASCADE, primary_key=True, related_name="provenance"
    )
    copied_from = models.ForeignKey(
        Rulebook, models.SET_NULL, null=True, blank=True, related_name="copies"
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The impact as apps.rules.impact writes it; empty where none was computed.
    impact: Any = models.JSONField(default=dict, blank=True)

    objects = ProvenanceQuerySet.as_manager()

    class Meta:
        """By version."""

        ordering = ("rulebook",)

    def __str__(self) -> str:
        """Name the version."""
        return str(self.rulebook)
