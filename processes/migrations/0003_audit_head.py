"""Keep the end of the audit chain in a row of its own, so that an act is recorded by one statement."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The chain goes on from the newest event there is."""
    event = apps.get_model("processes", "AuditEvent").objects.order_by("-id").first()
    if event is not None:
        head = apps.get_model("processes", "AuditHead")
        head.objects.create(id=1, number=event.id, previous_hash=event.previous_hash, hash=event.hash)


class Migration(migrations.Migration):
    dependencies = [("processes", "0002_engine_clock")]
    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_head_one_row")],
            },
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
