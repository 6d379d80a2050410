"""A field says what it was called before, so that values stay with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("products", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="blockfield",
            name="formerly",
            field=models.CharField(blank=True, db_default="", default="", max_length=255),
        ),
    ]
