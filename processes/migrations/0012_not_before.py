"""A moment until which a process is held back that keeps its place in line; empty for all there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processes", "0011_longest_cool_down")]
    operations = [
        migrations.AddField("process", "not_before", models.DateTimeField(blank=True, null=True)),
    ]
