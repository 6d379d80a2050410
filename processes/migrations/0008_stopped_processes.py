"""Call a process that needs somebody `stopped`: `waiting` is the status of one that goes on by itself."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _rename(before: str, after: str) -> object:
    def rename(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        apps.get_model("processes", "Process").objects.filter(run_state=before).update(run_state=after)

    return rename


class Migration(migrations.Migration):
    dependencies = [("processes", "0007_leases_and_frames")]
    operations = [migrations.RunPython(_rename("waiting", "stopped"), _rename("stopped", "waiting"))]
