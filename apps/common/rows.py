"""Rows that are named by a natural key, so that fixtures need no primary keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import ClassVar

from django.db import models

type KeyPart = str | int

_unlocked = ContextVar("unlocked", default=False)


@contextmanager
def unlocked() -> Iterator[None]:
    """Let rows be written that are only read otherwise; seeding and publishing alone ask for it."""
    token = _unlocked.set(True)
    try:
        yield
    finally:
        _unlocked.reset(token)


def is_unlocked() -> bool:
    """Tell whether rows that are only read may be written now."""
    return _unlocked.get()


class NaturalRow(models.Model):
    """A row that is named by `natural_fields`: lookups of itself and of what it belongs to."""

    natural_fields: ClassVar[tuple[str, ...]] = ()

    class Meta:
        """No table of its own."""

        abstract = True

    def __str__(self) -> str:
        """Name the row by its natural key."""
        return " / ".join(str(part) for part in self.natural_key())

    def natural_key(self) -> tuple[KeyPart, ...]:
        """Return the values of `natural_fields`."""
        return tuple(self._follow(path) for path in self.natural_fields)

    def _follow(self, path: str) -> KeyPart:
        value: object = self
        for name in path.split("__"):
            value = getattr(value, name)
        if isinstance(value, date):
            return value.isoformat()
        return value if isinstance(value, int) else str(value)


class NaturalQuerySet[M: models.Model](models.QuerySet[M]):
    """Finds a row by its natural key."""

    def get_by_natural_key(self, *values: KeyPart) -> M:
        """Return the row that these values name."""
        # The model is a NaturalRow; a type variable cannot say that of rows of an abstract one.
        names: tuple[str, ...] = self.model.natural_fields  # type: ignore[attr-defined]
        return self.get(**dict(zip(names, values, strict=True)))


class NaturalManager[M: models.Model](models.Manager[M]):
    """Finds a row by its natural key."""

    def get_queryset(self) -> NaturalQuerySet[M]:
        """Return all rows."""
        return NaturalQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, *values: KeyPart) -> M:
        """Return the row that these values name."""
        return self.get_queryset().get_by_natural_key(*values)
