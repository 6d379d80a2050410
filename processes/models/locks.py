"""What a process holds: opaque resources, one holder each."""

from django.db import models

from processes.models.process import Process


class ResourceLock(models.Model):
    """An opaque resource held by a process from its start until it ends or fails."""

    resource = models.CharField(max_length=255, primary_key=True)
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="locks")
    acquired_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.resource
