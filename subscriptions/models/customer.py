"""Customers: whom a subscription is delivered to."""

from uuid import uuid4

from django.db import models


class Customer(models.Model):
    """Somebody who has subscriptions."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    fullname = models.CharField("full name", max_length=255, unique=True, help_text="As it is written in a contract.")
    shortcode = models.CharField("short code", max_length=20, unique=True, help_text="As it is shown in lists.")

    class Meta:
        ordering = ["fullname"]

    def __str__(self) -> str:
        return self.fullname
