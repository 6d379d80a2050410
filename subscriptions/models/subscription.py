"""Subscriptions and their history. Rules of life are in `lifecycle`, writing is in `actions`."""

from typing import Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.urls import reverse

from processes.models.json_field import JSONField
from products.models import Product, ProductVersion
from subscriptions.lifecycle import TRANSIENT, SubscriptionLifecycle
from subscriptions.models.customer import Customer

STATUSES = [status.value for status in SubscriptionLifecycle]


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Questions about subscriptions."""

    def live(self) -> Self:
        """All that are not terminated."""
        return self.exclude(status=SubscriptionLifecycle.TERMINATED)

    def active(self) -> Self:
        return self.filter(status=SubscriptionLifecycle.ACTIVE)

    def transient(self) -> Self:
        """On their way: initial, provisioning or migrating."""
        return self.filter(status__in=sorted(TRANSIENT))

    def terminated(self) -> Self:
        return self.filter(status=SubscriptionLifecycle.TERMINATED)

    def users_of(self, subscription_id: UUID) -> Self:
        """Those whose blocks refer to a block of this one."""
        return self.filter(relations__child__subscription=subscription_id).exclude(pk=subscription_id).distinct()

    def used_by(self, subscription_id: UUID) -> Self:
        """Those that own a block which this one refers to."""
        referring = self.filter(instances__relations_above__subscription=subscription_id)
        return referring.exclude(pk=subscription_id).distinct()


class Subscription(models.Model):
    """A delivered instance of a product. Only `subscriptions.actions` write it; each write raises `version` by one."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    description = models.CharField(max_length=2000)
    status = models.CharField(
        max_length=20, default=SubscriptionLifecycle.INITIAL.value, choices=[(status, status) for status in STATUSES]
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="subscriptions")
    product_version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, related_name="subscriptions")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="subscriptions")
    insync = models.BooleanField("in sync", default=False)
    start_date = models.DateTimeField("start", null=True, blank=True)
    end_date = models.DateTimeField("end", null=True, blank=True)
    note = models.CharField(max_length=5000, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(name="subscription_known_status", condition=Q(status__in=STATUSES)),
            models.CheckConstraint(
                name="subscription_terminated_has_end", condition=~Q(status="terminated") | Q(end_date__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "id"], name="subscription_newest"),
            models.Index(fields=["product", "status"], name="subscription_by_product"),
            models.Index(fields=["customer", "status"], name="subscription_by_customer"),
            models.Index(
                fields=["status", "-created_at", "id"], name="subscription_unsynced", condition=Q(insync=False)
            ),
            models.Index(fields=["status"], name="subscription_count_status"),  # a tenth of the pages of the next
            # One for each way to sort a list, equal rows the newest first; read from its end for the other direction.
            models.Index(fields=["status", "-created_at", "id"], name="subscription_sort_status"),
            models.Index(fields=["insync", "-created_at", "id"], name="subscription_sort_insync"),
            models.Index(fields=["product", "-created_at", "id"], name="subscription_sort_product"),
            models.Index(fields=["customer", "-created_at", "id"], name="subscription_sort_customer"),
            models.Index(fields=["start_date", "-created_at", "id"], name="subscription_sort_start"),
            models.Index(fields=["end_date", "-created_at", "id"], name="subscription_sort_end"),
            models.Index(fields=["version", "-created_at", "id"], name="subscription_sort_version"),
            models.Index(Left("description", 100), F("created_at").desc(), "id", name="subscription_sort_description"),
            models.Index(Left("note", 100), F("created_at").desc(), "id", name="subscription_sort_note"),
        ]

    def __str__(self) -> str:
        return self.description

    def get_absolute_url(self) -> str:
        return reverse("subscriptions:detail", args=[self.id])


class SubscriptionVersion(models.Model):
    """A subscription as one change left it: who, when, in which process and step; appended only.

    `header` is what it had besides its blocks; `tree` its blocks as JSON, or null when that change left them alone.
    """

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=255)
    process_id = models.UUIDField(null=True, blank=True)
    step_path = models.CharField(max_length=1000, blank=True)
    header = JSONField()
    tree = JSONField(null=True)

    class Meta:
        ordering = ["subscription", "number"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "number"], name="subscription_version_unique_number")
        ]
        indexes = [  # who ordered it, for grants that speak of one's own
            models.Index(fields=["by"], name="subscription_version_first_by", condition=models.Q(number=1))
        ]

    def __str__(self) -> str:
        return f"version {self.number}"
