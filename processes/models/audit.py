"""Acts of people and clients, and security events; each row carries the hash of the one before it."""

from django.db import models


class AuditEvent(models.Model):
    """Who did what to which object; appended only."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=255)
    action = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=50, blank=True)
    subject_id = models.CharField(max_length=100, blank=True)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="audit_subject"),
            models.Index(fields=["actor", "-at"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject_id}"
