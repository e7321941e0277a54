"""What groups may do with the tables of an app, for migrations that make or extend the groups."""

from collections.abc import Sequence
from typing import Any, cast

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def permissions_of(
    labels: Sequence[str], apps: Apps, schema_editor: BaseDatabaseSchemaEditor
) -> Any:
    """Return all permissions of the apps' tables as they are at this point in time.

    Permissions are made after all migrations; on an empty database they are not there yet.
    """
    using = schema_editor.connection.alias
    for label in labels:
        create_permissions(
            installed.get_app_config(label),
            verbosity=0,
            apps=cast(Apps, _WithModels(apps)),
            using=using,
        )
    permission = apps.get_model("auth", "Permission").objects.using(using)
    return permission.filter(content_type__app_label__in=labels)


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
