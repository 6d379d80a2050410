"""What waits, what came in early, what is owed to others, what is held, and what recurs."""

from django.db import models
from django.db.models import Q

from processes.models.process import Process


class Wait(models.Model):
    """Something a process waits for. Only the hash of a callback token is kept."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="waits")
    path = models.CharField(max_length=1000)
    visit = models.IntegerField(default=1)
    kind = models.CharField(max_length=20)
    correlation = models.CharField(max_length=255, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    payload = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()
    consumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="wait_due", condition=Q(consumed_at__isnull=True)),
            models.Index(fields=["correlation"], name="wait_correlation", condition=Q(consumed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.correlation}"


class Inbox(models.Model):
    """An event or callback as it came in, once per source and id."""

    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=255, blank=True)
    correlation = models.CharField(max_length=255, blank=True, db_index=True)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    matched_wait = models.ForeignKey(Wait, on_delete=models.SET_NULL, null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="inbox_unique_event")]

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"


class Outbox(models.Model):
    """Something that leaves us after a commit."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, null=True, blank=True)
    kind = models.CharField(max_length=20)
    ordering_key = models.CharField(max_length=255, blank=True)
    payload = models.JSONField()
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"], name="outbox_open", condition=Q(done_at__isnull=True, dead_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ResourceLock(models.Model):
    """An opaque resource held by a process from its start until it ends or fails."""

    resource = models.CharField(max_length=255, primary_key=True)
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="locks")
    acquired_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.resource


class Schedule(models.Model):
    """When a workflow is to be started by itself."""

    name = models.CharField(max_length=255, unique=True)
    workflow_name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)
    expression = models.CharField(max_length=255)
    pages = models.JSONField(default=list)
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
