import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_country_codes")]

    operations = [
        migrations.AlterField(
            model_name="provider",
            name="country",
            field=models.CharField(
                blank=True,
                help_text="Two letters, such as FR; empty: unknown.",
                max_length=2,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z]{2}$", "Write the two letters of the country: FR."
                    )
                ],
            ),
        ),
    ]
