"""What people are told."""

from django.conf import settings
from django.db import models


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
