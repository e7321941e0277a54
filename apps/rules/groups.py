"""Two groups: who edits the catalog, the scenarios and drafts, and who also publishes rules."""

from typing import Any, cast

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

EDITED = ("catalog", "prices", "scenarios", "rules")
PUBLISH = "publish_rulebook"


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make both groups with what they may do."""
    # Permissions are made after all migrations; on an empty database they are not there yet.
    for label in EDITED:
        create_permissions(
            installed.get_app_config(label),
            verbosity=0,
            apps=cast(Apps, _WithModels(apps)),
            using=schema_editor.connection.alias,
        )
    using = schema_editor.connection.alias
    group = apps.get_model("auth", "Group").objects.using(using)
    permission = apps.get_model("auth", "Permission").objects.using(using)
    edited = permission.filter(content_type__app_label__in=EDITED).exclude(codename=PUBLISH)
    editors, _ = group.get_or_create(name="editor")
    editors.permissions.add(*edited)
    publishers, _ = group.get_or_create(name="publisher")
    publish = permission.filter(content_type__app_label="rules", codename=PUBLISH)
    publishers.permissions.add(*edited, *publish)


class _WithModels:
    """The apps of this point in time, which create_permissions() skips unless they have models."""

    def __init__(self, apps: Apps) -> None:
        self.apps = apps

    def get_app_config(self, label: str) -> AppConfig:
        config = self.apps.get_app_config(label)
        config.models_module = cast(Any, True)
        return config

    def get_model(self, label: str, name: str) -> Any:
        return self.apps.get_model(label, name)


def remove_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take both groups away."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=("editor", "publisher")).delete()
