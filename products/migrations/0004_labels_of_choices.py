"""Choices have labels for people."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0003_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='resourcetype',
            name='labels',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, help_text='What people see of a choice.'),
        ),
    ]
