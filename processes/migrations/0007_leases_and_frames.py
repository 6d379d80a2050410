"""Call a lease a lease, and give a position its frames; three columns that nothing has ever set go."""

from django.db import migrations, models
from django.db.models import Q, Value


class Migration(migrations.Migration):
    dependencies = [("processes", "0006_name_external_systems")]
    operations = [
        migrations.RemoveConstraint("process", "process_running_has_owner"),
        migrations.RemoveConstraint("process", "process_waits_for_system_when_ready"),
        migrations.RemoveIndex("process", "process_owned"),
        migrations.RemoveIndex("process", "process_waits_for_system"),
        migrations.RenameField("process", "owner", "leased_by"),
        migrations.RenameField("process", "lease_until", "lease_expires_at"),
        migrations.RenameField("process", "waits_for", "blocked_by_system"),
        migrations.AddField(
            "process",
            "position_frames",
            models.JSONField(default=dict, db_default=Value({}, models.JSONField())),
        ),
        migrations.RemoveField("process", "cancel_requested_at"),
        migrations.RemoveField("step", "progress"),
        migrations.RemoveField("step", "deadline_at"),
        migrations.AddIndex(
            "process",
            models.Index(
                fields=["blocked_by_system"], name="process_blocked_by_system", condition=~Q(blocked_by_system="")
            ),
        ),
        migrations.AddIndex(
            "process", models.Index(fields=["leased_by"], name="process_leased", condition=Q(run_state="running"))
        ),
        migrations.AddConstraint(
            "process",
            models.CheckConstraint(
                condition=~Q(run_state="running") | ~Q(leased_by=""), name="process_running_is_leased"
            ),
        ),
        migrations.AddConstraint(
            "process",
            models.CheckConstraint(
                condition=Q(blocked_by_system="") | Q(run_state="ready"), name="process_blocked_when_ready"
            ),
        ),
    ]
