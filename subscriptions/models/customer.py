"""Customers: whom a subscription is delivered to."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models

from products.schema.parsing import parse_string


def new_id() -> str:
    """The id of a customer who comes with none."""
    return str(uuid4())


def check_id(text: str) -> None:
    """Refuse what no door could carry, by `ValidationError`."""
    try:
        parse_string(text)
    except ValueError as error:
        raise ValidationError(f"It {error}.") from error


class Customer(models.Model):
    """Somebody who has subscriptions; the id is any text, as the system gives it in which customers are kept."""

    id = models.CharField(
        primary_key=True,
        max_length=255,
        blank=True,
        default=new_id,
        validators=[check_id],
        help_text="As another system knows the customer, or empty for one of our own; it cannot be changed later.",
    )
    fullname = models.CharField("full name", max_length=255, unique=True, help_text="As it is written in a contract.")
    shortcode = models.CharField("short code", max_length=20, unique=True, help_text="As it is shown in lists.")

    class Meta:
        ordering = ["fullname"]

    def __str__(self) -> str:
        return self.fullname
