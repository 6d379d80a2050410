"""Let lists of processes be sorted by an index, and let every page count by one those that wait for a person."""

from django.db import migrations, models
from django.db.models.functions import Left

COLUMNS = {
    "process_sort_target": "target",
    "process_sort_task": "is_task",
    "process_sort_assignee": "assignee",
    "process_sort_end": "ended_at",
}
STOPPED = ["suspended", "api_unavailable", "failed", "inconsistent_data"]


class Migration(migrations.Migration):
    dependencies = [("processes", "0004_outside_systems")]
    operations = [
        migrations.AddIndex(
            "process",
            models.Index(
                fields=["status", "is_task"], name="process_stopped", condition=models.Q(status__in=STOPPED)
            ),
        ),
        *(
            migrations.AddIndex("process", models.Index(fields=[column, "-started_at"], name=name))
            for name, column in COLUMNS.items()
        ),
        # Only the beginning of a text: an entry of an index has 2 700 bytes at most.
        migrations.AddIndex(
            "process", models.Index(Left("note", 100), models.F("started_at").desc(), name="process_sort_note")
        ),
    ]
