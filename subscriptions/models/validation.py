"""What validations found: for each workflow that compares a subscription with reality, its last verdict."""

from django.db import models
from django.db.models import Q

from processes.models.json_field import JSONField
from subscriptions.models.subscription import Subscription


class Validation(models.Model):
    """The last verdict of one workflow on one subscription; a run that could not compare leaves it as it was.

    `differences` are rows of fact, expected, actual and since (ISO 8601): empty when all agreed.
    """

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="validations", db_index=False)
    workflow_name = models.CharField("validated by", max_length=255)
    process_id = models.UUIDField()
    at = models.DateTimeField("last validated")
    differences = JSONField(default=list)
    has_drift = models.BooleanField("drift", default=False)

    class Meta:
        ordering = ["subscription", "workflow_name"]
        constraints = [
            # Its index serves the foreign key too.
            models.UniqueConstraint(fields=["subscription", "workflow_name"], name="validation_unique_workflow")
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="validation_newest"),
            models.Index(fields=["-at", "-id"], name="validation_drift", condition=Q(has_drift=True)),
        ]

    def __str__(self) -> str:
        return f"{self.workflow_name}: {len(self.differences)} differences"
