"""The versions of the rules, with what each changed for visitors."""

from collections.abc import Iterable

from django.urls import reverse

from apps.common.format import count, share
from apps.rules.compile import compiled
from apps.rules.differences import differences
from apps.rules.models import Rulebook, Status
from apps.wizard import contexts


def versions_page(rows: Iterable[Rulebook]) -> contexts.VersionsPage:
    """Return the list of all versions."""
    return contexts.VersionsPage(tuple(map(_row, rows)))


def version_page(row: Rulebook) -> contexts.VersionPage:
    """Return what a version changed."""
    before = Rulebook.objects.with_story().filter(version__lt=row.version).first()
    changes = differences(compiled(before), compiled(row)) if before else ()
    return contexts.VersionPage(
        row=_row(row),
        before=before.version if before else None,
        changes=tuple(contexts.ChangeRow(c.where, c.what, c.old, c.new) for c in changes),
    )


def _row(row: Rulebook) -> contexts.VersionRow:
    return contexts.VersionRow(
        version=row.version,
        published_on=row.published_on,
        is_current=row.status == Status.PUBLISHED,
        note=row.note,
        impact=_impact(row),
        url=reverse("wizard:version", args=[row.version]),
        replay_url=f"{reverse('wizard:home')}rules/{row.version}/decide/",
    )


def _impact(row: Rulebook) -> str:
    """Say in which share of the sample a version recommends something else."""
    story = getattr(row, "provenance", None)
    found = story.impact if story else {}
    if not found:
        return ""
    size = found["done"]
    options, groups = (share(found[name] / size) for name in ("options_changed", "groups_changed"))
    return (
        f"Of {count(size)} sets of answers drawn evenly, {options} came out as another option, "
        f"{groups} as another group."
    )
