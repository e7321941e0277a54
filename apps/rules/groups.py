"""Two groups: who edits the catalog, the scenarios and drafts, and who also publishes rules."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from apps.editing.groups import permissions_of

EDITED = ("catalog", "prices", "scenarios", "rules")
PUBLISH = "publish_rulebook"


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make both groups with what they may do."""
    group = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    found = permissions_of(EDITED, apps, schema_editor)
    edited = found.exclude(codename=PUBLISH)
    editors, _ = group.get_or_create(name="editor")
    editors.permissions.add(*edited)
    publishers, _ = group.get_or_create(name="publisher")
    publishers.permissions.add(*edited, *found.filter(codename=PUBLISH))


def remove_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take both groups away."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=("editor", "publisher")).delete()
