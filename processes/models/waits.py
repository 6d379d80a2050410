"""What a process waits for: one row a wait."""

from django.db import models
from django.db.models import Q

from processes.models.json_field import JSONField
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
    payload = JSONField(null=True, blank=True)
    created_at = models.DateTimeField()
    consumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="wait_due", condition=Q(consumed_at__isnull=True)),
            models.Index(fields=["correlation"], name="wait_correlation", condition=Q(consumed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.correlation}"
