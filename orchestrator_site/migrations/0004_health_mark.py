"""Keep the one row that a check of health writes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orchestrator_site", "0003_rules_and_directory")]
    operations = [
        migrations.CreateModel(
            name="HealthMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
