"""Workflow definitions as rows: the name people see, and an immutable snapshot per change of the plan."""

from django.db import models

from processes.engine.values.status import Target
from processes.models.json_field import JSONField


class Workflow(models.Model):
    """A workflow that some release of the code has registered; the row outlives the code, so history stays readable."""

    name = models.CharField(max_length=255, unique=True)
    description = models.CharField(max_length=2000)
    target = models.CharField(max_length=20, choices=[(target.value, target.value) for target in Target])
    is_task = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WorkflowVersion(models.Model):
    """One plan of a workflow: `plan` is a list of `{"path", "name", "kind"}` in order; never changed, only added."""

    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, related_name="versions")
    fingerprint = models.CharField(max_length=64)
    plan = JSONField()
    document = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workflow", "fingerprint"], name="workflow_version_unique_fingerprint")
        ]

    def __str__(self) -> str:
        return f"{self.workflow_id}@{self.fingerprint[:12]}"
