"""What is kept of requests: answers under their idempotency key, and forms half filled."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from processes.models.json_field import JSONField


class Idempotency(models.Model):
    """The stored outcome of a request that came with a key of its own, so that a repeat has one effect."""

    actor = models.CharField(max_length=255)
    operation = models.CharField(max_length=255)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.IntegerField(default=0)
    body = JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "operation", "key"], name="idempotency_unique_key")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"


class FormDraft(models.Model):
    """Answers given so far in a form that is not sent yet: `pages` is a list of answers, one dictionary a page."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    operation = models.CharField(max_length=255)
    pages = JSONField(default=list)
    lookups = JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-updated_at"], name="form_draft_latest")]

    def __str__(self) -> str:
        return f"{self.operation} {self.id}"
