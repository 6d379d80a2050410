"""Keep the last verdict of each validation."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("subscriptions", "0007_computed_values_for_the_search")]

    operations = [
        migrations.CreateModel(
            name='Validation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('workflow_name', models.CharField(max_length=255, verbose_name='validated by')),
                ('process_id', models.UUIDField()),
                ('at', models.DateTimeField(verbose_name='last validated')),
                ('differences', models.JSONField(default=list)),
                ('has_drift', models.BooleanField(default=False, verbose_name='drift')),
                ('subscription', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='validations', to='subscriptions.subscription')),
            ],
            options={
                'ordering': ['subscription', 'workflow_name'],
                'indexes': [models.Index(fields=['-at', '-id'], name='validation_newest'), models.Index(condition=models.Q(('has_drift', True)), fields=['-at', '-id'], name='validation_drift')],
                'constraints': [models.UniqueConstraint(fields=('subscription', 'workflow_name'), name='validation_unique_workflow')],
            },
        ),
    ]
