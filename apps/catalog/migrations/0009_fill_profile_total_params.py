"""The measured models' sizes, as their makers publish them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Billions of parameters.
TOTAL_PARAMS_B = {
    "deepseek-r1": 684.5,
    "gpt-oss-120b": 117.0,
    "gpt-oss-20b": 21.0,
    "llama-3-1-8b": 8.03,
    "llama-3-3-70b": 70.6,
    "qwen3-235b-a22b": 235.0,
    "qwen3-30b-a3b": 30.0,
}


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fill in the sizes of the models that are known, whose active parameters leave room."""
    using = schema_editor.connection.alias
    profiles = apps.get_model("catalog", "ThroughputProfile").objects.using(using)
    for slug, params in TOTAL_PARAMS_B.items():
        profiles.filter(model_slug=slug, active_params_b__lte=params).update(total_params_b=params)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_profile_total_params")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
