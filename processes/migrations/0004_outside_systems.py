"""Keep how much each outside system bears, which calls of it run, and which processes wait for it."""

import django.db.models.deletion
from django.core.validators import MinValueValidator
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("processes", "0003_audit_head")]
    operations = [
        migrations.CreateModel(
            name="OutsideSystem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "at_once",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="How many steps may call it at the same time, on all hosts together; empty: any number.",
                        null=True,
                        validators=[MinValueValidator(1)],
                        verbose_name="calls at once",
                    ),
                ),
                (
                    "trips_after",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="So many failures in a row, and it is not called for a while; empty: never.",
                        null=True,
                        validators=[MinValueValidator(1)],
                        verbose_name="rests after",
                    ),
                ),
                (
                    "rests_seconds",
                    models.FloatField(
                        help_text="Seconds until one call tries whether it is well again.",
                        validators=[MinValueValidator(1.0)],
                        verbose_name="rests for",
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="not called since")),
                ("open_until", models.DateTimeField(blank=True, null=True, verbose_name="rests until")),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="stopped")),
                ("stopped_by", models.CharField(blank=True, max_length=255)),
                ("last_failure", models.TextField(blank=True)),
                ("last_failed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(condition=~Q(at_once=0), name="outside_system_some_at_once"),
                    models.CheckConstraint(condition=~Q(trips_after=0), name="outside_system_trips_after_some"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("taken", models.BigIntegerField(default=0)),
                ("process_id", models.UUIDField(blank=True, null=True)),
                ("fence", models.BigIntegerField(default=0)),
                ("path", models.CharField(blank=True, max_length=1000)),
                ("visit", models.IntegerField(default=1)),
                ("attempt", models.IntegerField(default=0)),
                ("is_probe", models.BooleanField(default=False)),
                (
                    "system",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slots",
                        to="processes.outsidesystem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("system", "number"), name="system_slot_unique_number"),
                ],
            },
        ),
        migrations.AddField(
            model_name="process",
            name="waits_for",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddIndex(
            model_name="process",
            index=models.Index(condition=~Q(waits_for=""), fields=["waits_for"], name="process_waits_for_system"),
        ),
        migrations.AddConstraint(
            model_name="process",
            constraint=models.CheckConstraint(
                condition=Q(waits_for="") | Q(run_state="ready"), name="process_waits_for_system_when_ready"
            ),
        ),
    ]
