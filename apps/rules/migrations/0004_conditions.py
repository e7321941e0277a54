"""The one condition of a question becomes a row, beside which others may stand."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def to_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make a row of each condition."""
    using = schema_editor.connection.alias
    question_rows: Any = apps.get_model("rules", "Question")
    questions = question_rows.objects.using(using)
    conditions = apps.get_model("rules", "AskedIf").objects.using(using)
    conditions.bulk_create(
        conditions.model(
            question=question,
            parent=question.asked_if_question,
            answers=question.asked_if_answers,
        )
        for question in questions.exclude(asked_if_question="")
    )


def to_fields(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the first condition of each question back into it; it has no room for more."""
    using = schema_editor.connection.alias
    conditions = apps.get_model("rules", "AskedIf").objects.using(using)
    for condition in conditions.order_by("-parent").select_related("question"):
        question: Any = condition.question
        question.asked_if_question = condition.parent
        question.asked_if_answers = condition.answers
        question.save(using=using)
    conditions.all().delete()


class Migration(migrations.Migration):
    dependencies = [("rules", "0003_host_requirements")]

    operations = [migrations.RunPython(to_rows, to_fields)]
