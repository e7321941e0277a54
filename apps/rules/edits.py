"""Who worked on a draft last: told by whatever is recorded of its rows."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from reversion.signals import post_revision_commit

from apps.rules.models import Provenance, Rulebook, Status, Versioned


def listen() -> None:
    """Notice every change that somebody makes to a row of a draft."""
    post_revision_commit.connect(_recorded, dispatch_uid="rules-last-editor")


def _recorded(revision: Any, versions: Iterable[Any], **_: object) -> None:
    if revision.user_id is None:
        return
    tables: dict[type[Versioned], set[str]] = {}
    for version in versions:
        table = version.content_type.model_class()
        if issubclass(table, Versioned):
            tables.setdefault(table, set()).add(version.object_id)
    drafts = {
        pk
        for table, keys in tables.items()
        for pk in table._base_manager.filter(
            pk__in=keys, **{table.path("status"): Status.DRAFT}
        ).values_list(table.path("pk"), flat=True)
    }
    for draft in Rulebook.objects.filter(pk__in=drafts):
        edited(draft, revision.user)


def edited(draft: Rulebook, user: AbstractBaseUser) -> None:
    """Keep that somebody changed a draft now."""
    values = {"edited_by_id": user.pk, "edited_at": timezone.now()}
    Provenance.objects.update_or_create(rulebook=draft, defaults=values)
