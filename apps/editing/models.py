"""Every change that editors made: who, when, old, new."""

from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes."""

    def of(self, row: models.Model) -> Self:
        """Return the changes of a row and of what belongs to it, the latest first."""
        kind = ContentType.objects.get_for_model(row)
        return self.filter(content_type=kind, object_id=str(row.pk)).select_related("user")


class Change(models.Model):
    """One save: each field of each row that it changed, with the value before and after."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    comment = models.CharField(max_length=300, blank=True)
    rows: "models.JSONField[list[dict[str, Any]]]" = models.JSONField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        """The latest first; found by the row."""

        ordering = ("-made_at", "-pk")
        indexes = [models.Index(fields=("content_type", "object_id"), name="change_of_row")]

    def __str__(self) -> str:
        """Name the row and the time."""
        return f"{self.name}, {self.made_at:%Y-%m-%d %H:%M}"
