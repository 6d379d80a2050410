"""Acts of people and clients, and security events; each row carries the hash of the one before it."""

from django.db import models

from processes.models.json_field import JSONField


class AuditEvent(models.Model):
    """Who did what to which object; appended only. The ids are the numbers in the chain, without gaps."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=255)
    action = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=50, blank=True)
    subject_id = models.CharField(max_length=100, blank=True)
    detail = JSONField(default=dict)
    reason = models.TextField(blank=True, db_default="")
    address = models.CharField(max_length=64, blank=True, db_default="", help_text="Where the request came from.")
    client = models.CharField(max_length=200, blank=True, db_default="", help_text="What the program called itself.")
    digest_kind = models.SmallIntegerField(db_default=1, help_text="Which of its fields the hash covers.")
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


class AuditHead(models.Model):
    """The end of the chain, one row: the number and hash of the newest event, and the hash before it.

    Whoever records takes this row, and holds it until the transaction ends.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="audit_head_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


class RefusalTally(models.Model):
    """How many refusals of one kind and origin there were since a moment, and who they said they were.

    The first few have rows of their own in the trail; the others are counted here, and told there by one row.
    """

    key = models.CharField(max_length=200, primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    untold = models.PositiveIntegerField(default=0)
    names = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.count} of {self.key}"
