from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_fill_profile_total_params")]

    operations = [migrations.DeleteModel(name="TierGrade")]
