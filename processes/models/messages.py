"""Messages that come in and go out, each kept until it is dealt with."""

from django.db import models
from django.db.models import Q

from processes.models.json_field import JSONField
from processes.models.process import Process
from processes.models.waits import Wait


class Inbox(models.Model):
    """An event or callback as it came in, once per source and id."""

    source = models.CharField(max_length=255)
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=255, blank=True)
    correlation = models.CharField(max_length=255, blank=True, db_index=True)
    payload = JSONField()
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
    payload = JSONField()
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
