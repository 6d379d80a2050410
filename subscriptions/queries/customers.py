"""Find customers by what a person knows of them: the id, the full name, the short code, or a part of either."""

from django.db.models import Q, QuerySet

from processes.access.viewer import seen
from subscriptions.models import Customer

MOST_MATCHES = 200
"""Customers that a part of a name may stand for; somebody who means more asks for words."""


def like(text: str) -> QuerySet[Customer]:
    """Those whose full name or short code has this in it, by full name; all of them for no text."""
    words = text.strip()
    customers = seen(Customer.objects.all())
    return customers.filter(Q(fullname__icontains=words) | Q(shortcode__icontains=words)).order_by("fullname")


def meant_by(text: str) -> list[str]:
    """The ids of those that a text means: the one of this id or exact name, else all that have it in their name."""
    words = text.strip()
    exact = seen(Customer.objects.filter(Q(pk=words) | Q(fullname__iexact=words) | Q(shortcode__iexact=words)))
    return list(exact.values_list("pk", flat=True)) or list(like(words).values_list("pk", flat=True)[:MOST_MATCHES])


def name_of(text: str) -> str:
    """What to show for an id: the full name, or the text itself where it names nobody."""
    return Customer.objects.filter(pk=text).values_list("fullname", flat=True).first() or text
