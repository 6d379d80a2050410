"""Rows that keep the engine and its callers in order: workers, settings, one-time ids, drafts, notifications."""

from uuid import uuid4

from django.conf import settings
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


class EngineSettings(models.Model):
    """The one row of engine settings."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="engine_settings_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "paused" if self.paused_at else "running"


class Idempotency(models.Model):
    """The stored outcome of a request that came with a key of its own, so that a repeat has one effect."""

    actor = models.CharField(max_length=255)
    operation = models.CharField(max_length=255)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.IntegerField(default=0)
    body = models.JSONField(null=True)
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
    pages = models.JSONField(default=list)
    lookups = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-updated_at"], name="form_draft_latest")]

    def __str__(self) -> str:
        return f"{self.operation} {self.id}"


class Notification(models.Model):
    """A message to one person, a group, or everybody (both empty)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    group = models.CharField(max_length=150, blank=True)
    topic = models.CharField(max_length=100, blank=True)
    severity = models.CharField(max_length=20, default="normal")
    title = models.CharField(max_length=255)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="notification_latest")]

    def __str__(self) -> str:
        return self.title
