"""What is started at given times, and each start that came of it."""

from django.db import models
from django.db.models import Q

from processes.models.json_field import JSONField
from processes.models.process import Process


class Schedule(models.Model):
    """When a workflow is to be started by itself."""

    name = models.CharField(max_length=255, unique=True)
    workflow_name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)
    expression = models.CharField(max_length=255)
    pages = JSONField(default=list)
    overlap = models.CharField(max_length=20, default="skip")
    catch_up = models.CharField(max_length=20, default="once")
    enabled = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True, blank=True)
    created_by = models.CharField(max_length=255)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="schedule_next", condition=Q(enabled=True))]

    def __str__(self) -> str:
        return self.name


class ScheduleRun(models.Model):
    """One intended moment of a schedule; unique, so that no two hosts start it twice."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="runs")
    intended_at = models.DateTimeField()
    process = models.ForeignKey(Process, on_delete=models.SET_NULL, null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "intended_at"], name="schedule_run_unique_moment")]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.intended_at:%Y-%m-%d %H:%M}"
