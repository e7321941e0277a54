"""What every row of the catalog shares: a natural key, and a version that any change renews."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.validators import RegexValidator
from django.db import models, router
from django.db.models import CheckConstraint, Q
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from apps.common.rows import NaturalManager, NaturalQuerySet, NaturalRow

PARTIAL_DATE = RegexValidator(
    r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
    "Write a day (2026-11-22), a month (2026-11) or a year (2026).",
)


class CatalogVersion(models.Model):
    """The token of the catalog's present state, in the one row of its table."""

    token = models.CharField(max_length=32)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One row only."""

        constraints = [CheckConstraint(condition=Q(pk=1), name="one_catalog_version")]

    def __str__(self) -> str:
        """Show the token."""
        return self.token

    @classmethod
    def current(cls) -> str:
        """Return the token; empty where nothing was ever written."""
        return cls.objects.values_list("token", flat=True).first() or ""

    @classmethod
    def changed(cls) -> datetime | None:
        """Return when the catalog last changed; None where nothing was ever written."""
        return cls.objects.values_list("changed_at", flat=True).first()

    @classmethod
    def renew(cls, using: str | None = None) -> None:
        """Replace the token.

        It is random, not a number: a write that is rolled back must not leave its number to the
        next one, or a process that saw the first would keep what it compiled from it.
        """
        alias = using or router.db_for_write(cls)
        values = {"token": uuid4().hex, "changed_at": timezone.now()}
        cls.objects.using(alias).update_or_create(pk=1, defaults=values)


class RowQuerySet[M: models.Model](NaturalQuerySet[M]):
    """Rows of the catalog; the writes that send no signal renew its version here."""

    def update(self, **kwargs: Any) -> int:
        """Update rows and renew the version."""
        rows = super().update(**kwargs)
        CatalogVersion.renew(self.db)
        return rows

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Create rows and renew the version."""
        created = super().bulk_create(objs, *args, **kwargs)
        CatalogVersion.renew(self.db)
        return created


class RowManager[M: models.Model](NaturalManager[M]):
    """Hands out rows whose writes renew the version."""

    def get_queryset(self) -> RowQuerySet[M]:
        """Return all rows."""
        return RowQuerySet(self.model, using=self._db)


class CatalogRow(NaturalRow):
    """A row of the catalog."""

    class Meta:
        """No table of its own."""

        abstract = True


def _renew_for_row(sender: type[models.Model], using: str, **_: object) -> None:
    if issubclass(sender, CatalogRow):
        CatalogVersion.renew(using)


def _renew_for_links(instance: object, using: str, action: str, **_: object) -> None:
    if isinstance(instance, CatalogRow) and action.startswith("post_"):
        CatalogVersion.renew(using)


post_save.connect(_renew_for_row, dispatch_uid="catalog-version-save")
post_delete.connect(_renew_for_row, dispatch_uid="catalog-version-delete")
m2m_changed.connect(_renew_for_links, dispatch_uid="catalog-version-links")

__all__ = ["PARTIAL_DATE", "CatalogRow", "CatalogVersion", "RowManager", "RowQuerySet"]
