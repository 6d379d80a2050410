"""The filters of a list of subscriptions: one set for the page, and the same for REST with several values a field."""

from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from processes.access.viewer import seen
from processes.lists.filters import (
    FlagFilter,
    MomentFilter,
    PeriodFilter,
    PrefixFilter,
    TextFilter,
    WordsField,
    WordsFilter,
)
from processes.lists.searched import SearchedInput
from products.models import Product
from subscriptions.lifecycle import TRANSIENT, SubscriptionLifecycle
from subscriptions.models import BlockInstance, Customer, Subscription
from subscriptions.queries.customers import meant_by, name_of

STATUS_CHOICES = [(one.value, one.value.capitalize()) for one in SubscriptionLifecycle]
VIEWS = {
    "active": Q(status=SubscriptionLifecycle.ACTIVE),
    "transient": Q(status__in=sorted(TRANSIENT)),
    "terminated": Q(status=SubscriptionLifecycle.TERMINATED),
    "all": Q(),
}
"""The views of the list by name, each with what it shows."""


def products(request: object) -> QuerySet[Product]:  # noqa: ARG001 - as django-filter calls it
    """Every product there is or was, as far as whoever looks may see it."""
    return seen(Product.objects.order_by("name"))


class CustomerField(WordsField):
    """Takes the id, the name or a part of the name of customers, and gives their ids."""

    widget = SearchedInput("subscriptions:customer-options")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = meant_by(text)
        if not found:
            raise forms.ValidationError("No customer matches.", code="unknown")
        return found

    def prepare_value(self, value: Any) -> Any:
        """Whoever comes with an id sees a name."""
        return name_of(value) if value else value


class CustomerFilter(django_filters.Filter):
    """By customers, of whom there may be too many to list."""

    field_class = CustomerField


class SubscriptionFilter(django_filters.FilterSet):
    """What a person may narrow a list of subscriptions by."""

    search = WordsFilter(method="by_words", label="Search")
    product = django_filters.ModelChoiceFilter(queryset=products, empty_label="Any", label="Product")
    customer = CustomerFilter(label="Customer", lookup_expr="in")
    insync = django_filters.ChoiceFilter(
        choices=[("true", "In sync"), ("false", "Out of sync")], method="by_sync", empty_label="Any", label="In sync"
    )

    class Meta:
        model = Subscription
        fields: list[str] = []

    def by_words(self, found: QuerySet[Subscription], name: str, value: str) -> QuerySet[Subscription]:
        """Words of the description, the note, the product, the customer or a computed value; or the id of a
        subscription or block.
        """
        words = value.strip()
        try:
            instances = BlockInstance.objects.filter(pk=UUID(words), subscription=OuterRef("pk"))
            return found.filter(Q(pk=UUID(words)) | Exists(instances))
        except ValueError:
            pass
        return found.filter(
            Q(description__icontains=words)
            | Q(note__icontains=words)
            | Q(product__name__icontains=words)
            | Q(customer__fullname__icontains=words)
            | Q(customer__shortcode__icontains=words)
            | Q(pk__in=BlockInstance.objects.filter(computed_text__icontains=words).values("subscription"))
        )

    def by_sync(self, found: QuerySet[Subscription], name: str, value: str) -> QuerySet[Subscription]:
        return found.filter(insync=value == "true")


class SubscriptionApiFilter(SubscriptionFilter):
    """The same for programs: more fields, and several statuses at once."""

    subscription_id = PrefixFilter(field_name="pk")
    description = TextFilter(lookup_expr="icontains")
    note = TextFilter(lookup_expr="icontains")
    status = django_filters.MultipleChoiceFilter(choices=STATUS_CHOICES, distinct=False)
    insync = FlagFilter()
    product = TextFilter(method="by_product")
    product_id = django_filters.UUIDFilter()
    product_type = TextFilter(field_name="product__product_type")
    tag = TextFilter(field_name="product__tag")
    customer = TextFilter(method="by_customer")
    customer_id = TextFilter()
    start_date = PeriodFilter()
    end_date = PeriodFilter()
    started_after = MomentFilter(field_name="start_date", lookup_expr="gte")
    started_before = MomentFilter(field_name="start_date", lookup_expr="lt")

    def by_product(self, found: QuerySet[Subscription], name: str, value: str) -> QuerySet[Subscription]:
        """The name of a product, or its id."""
        try:
            return found.filter(product=UUID(value))
        except ValueError:
            return found.filter(product__name=value)

    def by_customer(self, found: QuerySet[Subscription], name: str, value: str) -> QuerySet[Subscription]:
        """The id of a customer, the full name or the short code."""
        named = Customer.objects.filter(Q(pk=value) | Q(fullname=value) | Q(shortcode=value))
        return found.filter(customer__in=list(named.values_list("pk", flat=True)))  # by ids, so that an index serves it
