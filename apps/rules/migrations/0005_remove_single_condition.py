from django.db import migrations

from apps.rules.triggers import make_triggers, remove_triggers


class Migration(migrations.Migration):
    dependencies = [("rules", "0004_conditions")]

    operations = [
        # SQLite writes altered tables anew, and loses their triggers with the old ones.
        migrations.RunPython(remove_triggers, make_triggers),
        migrations.RemoveField(model_name="question", name="asked_if_answers"),
        migrations.RemoveField(model_name="question", name="asked_if_question"),
        migrations.RunPython(make_triggers, remove_triggers),
    ]
