"""Call what limits the calls of an external system as the field does, for people; no column changes."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('processes', '0005_sort_indexes'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='outsidesystem',
            options={'ordering': ['name'], 'verbose_name': 'external system'},
        ),
        migrations.AlterField(
            model_name='outsidesystem',
            name='at_once',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Calls at the same time, on all hosts together; empty: any number.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='concurrency limit'),
        ),
        migrations.AlterField(
            model_name='outsidesystem',
            name='failures',
            field=models.PositiveIntegerField(default=0, verbose_name='consecutive failures'),
        ),
        migrations.AlterField(
            model_name='outsidesystem',
            name='open_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='calls paused until'),
        ),
        migrations.AlterField(
            model_name='outsidesystem',
            name='opened_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='calls paused since'),
        ),
        migrations.AlterField(
            model_name='outsidesystem',
            name='rests_seconds',
            field=models.FloatField(help_text='How long calls are paused before one call tests recovery.', validators=[django.core.validators.MinValueValidator(1.0)], verbose_name='cool-down in seconds'),
        ),
        migrations.AlterField(
            model_name='outsidesystem',
            name='trips_after',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Consecutive failures before calls are paused; empty: never.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='failure threshold'),
        ),
    ]
