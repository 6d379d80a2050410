"""Blocks keep the texts of their computed values, for the search."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subscriptions', '0006_customer_ids_with_dashes'),
    ]

    operations = [
        migrations.AddField(
            model_name='blockinstance',
            name='computed_text',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
