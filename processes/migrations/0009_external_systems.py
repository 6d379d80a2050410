"""Call an external system and its limits as the field does; every row stays, and permissions follow the model."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q


def _rename_permissions(before: str, after: str, noun: str) -> object:
    """The content type follows the model by itself; codename and name of a permission do not."""

    def rename(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="processes")
        for verb in ("add", "change", "delete", "view"):
            permissions.filter(codename=f"{verb}_{before}").update(
                codename=f"{verb}_{after}", name=f"Can {verb} {noun}"
            )

    return rename


class Migration(migrations.Migration):
    dependencies = [
        ("processes", "0008_stopped_processes"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RemoveConstraint("outsidesystem", "outside_system_some_at_once"),
        migrations.RemoveConstraint("outsidesystem", "outside_system_trips_after_some"),
        migrations.RenameModel("OutsideSystem", "ExternalSystem"),
        migrations.RenameField("externalsystem", "at_once", "max_concurrent"),
        migrations.RenameField("externalsystem", "trips_after", "failure_threshold"),
        migrations.RenameField("externalsystem", "rests_seconds", "cool_down_seconds"),
        migrations.RenameField("externalsystem", "open_until", "half_open_at"),
        migrations.RenameField("systemslot", "is_probe", "is_trial"),
        migrations.AddConstraint(
            "externalsystem",
            models.CheckConstraint(condition=~Q(max_concurrent=0), name="external_system_max_concurrent_positive"),
        ),
        migrations.AddConstraint(
            "externalsystem",
            models.CheckConstraint(condition=~Q(failure_threshold=0), name="external_system_failure_threshold_positive"),
        ),
        migrations.RunPython(
            _rename_permissions("outsidesystem", "externalsystem", "external system"),
            _rename_permissions("externalsystem", "outsidesystem", "outside system"),
        ),
    ]
