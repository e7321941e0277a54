"""What versions and their rows share: a natural key, and that only drafts are written."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.signals import pre_delete, pre_save

from apps.common.rows import NaturalManager, NaturalQuerySet, NaturalRow, is_unlocked
from apps.decision.vocabulary import CRITERIA
from apps.money.options import OPTIONS

CRITERION_CHOICES = [(criterion.value, criterion.value) for criterion in CRITERIA]
OPTION_CHOICES = [(option.value, option.value) for option in OPTIONS]


class Status(models.TextChoices):
    """The life of a rulebook version."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class ReadOnlyError(PermissionDenied):
    """Something was about to be written in a version that is no draft."""

    def __init__(self, table: type[models.Model]) -> None:
        super().__init__(
            f"{table._meta.verbose_name}: a version that was published is only read; "
            "copy it to a draft and change that."
        )


class VersionedQuerySet[M: "Versioned"](NaturalQuerySet[M]):
    """Rows of versions; the writes that send no signal are refused here."""

    def locked(self) -> Self:
        """Keep the rows that are only read."""
        return self.exclude(**{self.model.path("status"): Status.DRAFT})

    def update(self, **kwargs: Any) -> int:
        """Update rows of drafts."""
        if not is_unlocked() and self.locked().exists():
            raise ReadOnlyError(self.model)
        return super().update(**kwargs)

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Create rows of drafts."""
        rows = list(objs)
        _refuse_write(self.model, rows, self.db)
        return super().bulk_create(rows, *args, **kwargs)


class VersionedManager[M: "Versioned"](NaturalManager[M]):
    """Finds a row by its natural key, and writes rows of drafts only."""

    def get_queryset(self) -> VersionedQuerySet[M]:
        """Return all rows."""
        return VersionedQuerySet(self.model, using=self._db)


class Versioned(NaturalRow):
    """A version of the rules or a row of one; its natural key begins with the version."""

    objects = VersionedManager[Self]()

    class Meta:
        """No table of its own; rows that are reached from others are no less read-only."""

        abstract = True
        base_manager_name = "objects"

    @classmethod
    def path(cls, field: str) -> str:
        """Return the lookup that leads to a field of the version."""
        return cls.natural_fields[0].removesuffix("version") + field

    @property
    def is_draft(self) -> bool:
        """Tell whether the row may be changed."""
        return self._follow(self.path("status")) == Status.DRAFT

    @classmethod
    def any_enters_locked(cls, rows: Sequence[Self], using: str) -> bool:
        """Tell whether rows would stand in a version that is only read."""
        # Abstract: a version and a row of one each say it in their own way.
        raise NotImplementedError


class Part(Versioned):
    """A row that belongs to a version, straight or through other rows."""

    class Meta:
        """No table of its own."""

        abstract = True

    @classmethod
    def owner(cls) -> Any:
        """Return the foreign key to what a row belongs to."""
        return cls._meta.get_field(cls.natural_fields[0].split("__")[0])

    @classmethod
    def any_enters_locked(cls, rows: Sequence[Self], using: str) -> bool:
        """Tell whether what rows belong to is only read."""
        owner = cls.owner()
        keys = {getattr(row, owner.attname) for row in rows}
        found = owner.related_model._base_manager.using(using).locked()
        return bool(found.filter(pk__in=keys).exists())


def _refuse_write(table: type[Versioned], rows: Sequence[Any], using: str) -> None:
    if is_unlocked():
        return
    keys = [row.pk for row in rows if row.pk is not None]
    standing: VersionedQuerySet[Any] = VersionedQuerySet(table, using=using).filter(pk__in=keys)
    if table.any_enters_locked(rows, using) or standing.locked().exists():
        raise ReadOnlyError(table)


def _before_save(
    sender: type[models.Model], instance: models.Model, using: str, **_: object
) -> None:
    if issubclass(sender, Versioned):
        _refuse_write(sender, [instance], using)


def _before_delete(
    sender: type[models.Model], instance: models.Model, using: str, origin: Any, **_: object
) -> None:
    # What goes along with the rows that are deleted is of the same version.
    asked = origin.model if isinstance(origin, models.QuerySet) else type(origin)
    if sender is asked and issubclass(sender, Versioned):
        _refuse_write(sender, [instance], using)


pre_save.connect(_before_save, dispatch_uid="rules-only-drafts-save")
pre_delete.connect(_before_delete, dispatch_uid="rules-only-drafts-delete")
