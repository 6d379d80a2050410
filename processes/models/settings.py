"""The one row that says whether the engine is paused."""

from django.db import models


class EngineSettings(models.Model):
    """The one row of engine settings."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="engine_settings_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "paused" if self.paused_at else "running"
