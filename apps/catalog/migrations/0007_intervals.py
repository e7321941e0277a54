from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_country_code"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="indexscore",
            name="index_score_within_interval",
        ),
        migrations.AddField(
            model_name="capability",
            name="estimate_high",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="capability",
            name="estimate_low",
            field=models.FloatField(
                blank=True,
                help_text="The low end, by which an estimate is reckoned with.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="capability",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("estimate_high__isnull", True), ("estimate_low__isnull", True)),
                    models.Q(
                        ("estimate_high__gte", models.F("estimate")),
                        ("estimate_high__isnull", False),
                        ("estimate_low__isnull", False),
                        ("estimate_low__lte", models.F("estimate")),
                    ),
                    _connector="OR",
                ),
                name="capability_estimate_within_interval",
                violation_error_message="The estimate lies within its interval.",
            ),
        ),
        migrations.AddConstraint(
            model_name="indexscore",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ci_high__isnull", True), ("ci_low__isnull", True)),
                    models.Q(
                        ("ci_high__gte", models.F("eci")),
                        ("ci_high__isnull", False),
                        ("ci_low__isnull", False),
                        ("ci_low__lte", models.F("eci")),
                    ),
                    _connector="OR",
                ),
                name="index_score_within_interval",
                violation_error_message="The score lies within its interval.",
            ),
        ),
    ]
