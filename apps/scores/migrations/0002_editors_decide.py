"""Let both groups decide on snapshots, and keep the exchange rates."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from apps.editing.groups import permissions_of


def extend_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add what may be done with the new tables to both groups."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    found = list(permissions_of(("catalog", "scores"), apps, schema_editor))
    for group in groups.filter(name__in=("editor", "publisher")):
        group.permissions.add(*found)


class Migration(migrations.Migration):
    """After the groups and the tables were made."""

    dependencies = [
        ("scores", "0001_initial"),
        ("catalog", "0003_currency_and_region"),
        ("rules", "0001_initial"),
    ]

    operations = [migrations.RunPython(extend_groups, migrations.RunPython.noop)]
