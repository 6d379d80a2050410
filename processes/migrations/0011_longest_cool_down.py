"""Hold what external systems are told to a week; rows that said more opened their circuit breaker until a far year."""

import django.core.validators
from django.db import migrations, models

LONGEST = 604_800.0
MEND = """
UPDATE processes_externalsystem SET half_open_at = engine_now(604800)
WHERE half_open_at > engine_now(604800)
"""
HOLD = """
UPDATE processes_externalsystem SET cool_down_seconds = 604800 WHERE NOT (cool_down_seconds BETWEEN 0 AND 604800)
"""


class Migration(migrations.Migration):
    dependencies = [("processes", "0010_audit_origins")]

    operations = [
        migrations.AlterField(
            model_name="externalsystem",
            name="cool_down_seconds",
            field=models.FloatField(
                help_text="How long calls are paused before one call tests recovery.",
                validators=[
                    django.core.validators.MinValueValidator(1.0),
                    django.core.validators.MaxValueValidator(LONGEST),
                ],
                verbose_name="cool-down in seconds",
            ),
        ),
        migrations.RunSQL(HOLD, migrations.RunSQL.noop),
        migrations.RunSQL(MEND, migrations.RunSQL.noop),
    ]
