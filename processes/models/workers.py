"""Workers that are, or were, alive."""

from django.db import models


class Worker(models.Model):
    """A worker that is, or was, alive: who, where, and how to tell whether it still is."""

    id = models.CharField(max_length=100, primary_key=True)
    host = models.CharField(max_length=255)
    pid = models.IntegerField()
    boot_id = models.CharField(max_length=100, blank=True)
    liveness_key = models.BigIntegerField(default=0)
    state = models.CharField(max_length=20, default="alive")
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.id
