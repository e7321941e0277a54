from django.db import migrations

from apps.rules.groups import make_groups


class Migration(migrations.Migration):
    """Let both groups edit the tables that were made since the groups were."""

    dependencies = [
        ("rules", "0006_capability_parameters"),
        ("catalog", "0010_remove_tier_grade"),
        ("scenarios", "0002_published_decisions"),
        ("scores", "0002_editors_decide"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
