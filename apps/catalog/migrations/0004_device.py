import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_currency_and_region")]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("laptop", "Laptop"),
                            ("workstation", "Workstation with one card"),
                            ("unified-memory", "Unified memory"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "memory_gb",
                    models.FloatField(
                        help_text="As sold: of the card, or what processor and graphics share.",
                        verbose_name="memory, GB",
                    ),
                ),
                (
                    "usable_gb",
                    models.FloatField(
                        blank=True,
                        help_text="What the system leaves; empty: unknown.",
                        null=True,
                        verbose_name="of it for a model, GB",
                    ),
                ),
                (
                    "bandwidth_gbs",
                    models.FloatField(
                        blank=True,
                        help_text="Empty: unknown.",
                        null=True,
                        verbose_name="bandwidth of its memory, GB a second",
                    ),
                ),
                (
                    "price_usd",
                    models.FloatField(
                        blank=True,
                        help_text="Without tax; empty: unknown.",
                        null=True,
                        verbose_name="price, US dollars",
                    ),
                ),
                (
                    "power_w",
                    models.FloatField(
                        blank=True,
                        help_text="The most that it draws; empty: unknown.",
                        null=True,
                        verbose_name="power, watts",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="What limits a fact, in words.", max_length=300
                    ),
                ),
                ("as_of", models.DateField(help_text="The day of the price.")),
            ],
            options={
                "ordering": ("kind", "memory_gb", "slug"),
            },
        ),
        migrations.AddField(
            model_name="gpu",
            name="bandwidth_gbs",
            field=models.FloatField(
                blank=True,
                help_text="Empty: unknown.",
                null=True,
                verbose_name="bandwidth of its memory, GB a second",
            ),
        ),
        migrations.AddField(
            model_name="gpu",
            name="lead_source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gpu_lead_times",
                to="catalog.source",
            ),
        ),
        migrations.AddField(
            model_name="gpu",
            name="lead_time",
            field=models.CharField(
                blank=True, help_text="How long one waits for it; empty: unknown.", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="gpu",
            name="power_w",
            field=models.FloatField(
                blank=True,
                help_text="The most that it draws; empty: unknown.",
                null=True,
                verbose_name="power, watts",
            ),
        ),
        migrations.AddField(
            model_name="gpu",
            name="price_source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gpu_prices",
                to="catalog.source",
            ),
        ),
        migrations.AddField(
            model_name="gpu",
            name="price_usd",
            field=models.FloatField(
                blank=True,
                help_text="Without tax or server; empty: unknown.",
                null=True,
                verbose_name="price of one, US dollars",
            ),
        ),
        migrations.AddField(
            model_name="gpu",
            name="tflops",
            field=models.FloatField(
                blank=True,
                help_text="Without sparsity; empty: unknown.",
                null=True,
                verbose_name="dense BF16 arithmetic, TFLOPS",
            ),
        ),
        migrations.AlterField(
            model_name="gpu",
            name="source",
            field=models.ForeignKey(
                help_text="Of memory, bandwidth, arithmetic and power.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gpus",
                to="catalog.source",
            ),
        ),
        migrations.AddConstraint(
            model_name="gpu",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("bandwidth_gbs__isnull", True), ("bandwidth_gbs__gt", 0), _connector="OR"
                    ),
                    models.Q(("tflops__isnull", True), ("tflops__gt", 0), _connector="OR"),
                    models.Q(("power_w__isnull", True), ("power_w__gt", 0), _connector="OR"),
                    models.Q(("price_usd__isnull", True), ("price_usd__gt", 0), _connector="OR"),
                ),
                name="gpu_numbers_positive",
                violation_error_message="Bandwidth, arithmetic, power and price must be above 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="gpu",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("price_usd__isnull", True), ("price_source__isnull", False), _connector="OR"
                ),
                name="gpu_purchase_price_sourced",
                violation_error_message="A price needs a source.",
            ),
        ),
        migrations.AddConstraint(
            model_name="gpu",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lead_time", ""), ("lead_source__isnull", False), _connector="OR"
                ),
                name="gpu_lead_time_sourced",
                violation_error_message="A lead time needs a source.",
            ),
        ),
        migrations.AddField(
            model_name="device",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="devices",
                to="catalog.source",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["laptop", "workstation", "unified-memory"])),
                name="device_kind_known_word",
                violation_error_message="Choose one of the listed kinds.",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("memory_gb__gt", 0)),
                name="device_memory_positive",
                violation_error_message="The memory must be above 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("usable_gb__isnull", True),
                    models.Q(("usable_gb__gt", 0), ("usable_gb__lte", models.F("memory_gb"))),
                    _connector="OR",
                ),
                name="device_usable_memory_in_range",
                violation_error_message="A model can use at most the memory that there is.",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("bandwidth_gbs__isnull", True), ("bandwidth_gbs__gt", 0), _connector="OR"
                    ),
                    models.Q(("price_usd__isnull", True), ("price_usd__gt", 0), _connector="OR"),
                    models.Q(("power_w__isnull", True), ("power_w__gt", 0), _connector="OR"),
                ),
                name="device_numbers_positive",
                violation_error_message="Bandwidth, arithmetic, power and price must be above 0.",
            ),
        ),
    ]
