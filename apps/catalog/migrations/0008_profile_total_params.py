from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_intervals")]

    operations = [
        migrations.RenameField("throughputprofile", "active_params_source", "params_source"),
        migrations.AlterField(
            model_name="throughputprofile",
            name="params_source",
            field=models.ForeignKey(
                on_delete=models.PROTECT,
                related_name="profile_parameters",
                to="catalog.source",
                verbose_name="source of the parameters",
            ),
        ),
        migrations.AddField(
            model_name="throughputprofile",
            name="total_params_b",
            field=models.FloatField(
                blank=True,
                help_text="Of a mixture of experts all of them; empty: unknown.",
                null=True,
                verbose_name="all parameters, billions",
            ),
        ),
        migrations.AddConstraint(
            model_name="throughputprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("total_params_b__isnull", True),
                    ("total_params_b__gte", models.F("active_params_b")),
                    _connector="OR",
                ),
                name="profile_total_params_in_range",
                violation_error_message="A model has no fewer parameters than are active.",
            ),
        ),
    ]
