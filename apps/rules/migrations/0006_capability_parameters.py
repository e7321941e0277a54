from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def remove_tiers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    parameters = apps.get_model("rules", "ChoiceParameter")._default_manager
    parameters.filter(parameter__in=["tier", "rest-tier"]).delete()


class Migration(migrations.Migration):
    dependencies = [("rules", "0005_remove_single_condition")]

    operations = [
        migrations.RunPython(remove_tiers, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="choiceparameter",
            name="parameter",
            field=models.CharField(
                choices=[
                    ("difficulty", "difficulty"),
                    ("slope", "slope"),
                    ("rest-difficulty", "rest-difficulty"),
                    ("rest-slope", "rest-slope"),
                    ("reasoning", "reasoning"),
                    ("staffing", "staffing"),
                    ("starts-in", "starts-in"),
                    ("tuned", "tuned"),
                    ("sensitive", "sensitive"),
                    ("hard-share", "hard-share"),
                    ("peak", "peak"),
                    ("tokens-in", "tokens-in"),
                    ("tokens-out", "tokens-out"),
                ],
                max_length=20,
            ),
        ),
    ]
