"""What lists of processes may be narrowed and sorted by because of the subscriptions that they are about."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, OuterRef, Q, Subquery
from django.db.models.expressions import Expression

from processes.access.viewer import narrowed
from processes.models import ProcessSubject
from processes.plugins.subjects import SubjectFilter
from processes.store.keys import AsKey
from products.models import Product
from subscriptions.models import Customer, Subscription
from subscriptions.queries.kinds import KIND, About


def _about(query: Q) -> Q:
    """Processes about a subscription that the query finds, among those that whoever looks may see."""
    shown = narrowed(Subscription.objects.order_by())
    return About(query if shown is None else query & Q(pk__in=shown.values("pk")))


def _product(text: str) -> Q:
    """By the name of the product, without regard to case, or its id."""
    return _about(_by_id("product", Product, text) or Q(product__name__iexact=text))


def _customer(text: str) -> Q:
    """By the full name or short code of the customer, or the id."""
    named = Q(customer__fullname__iexact=text) | Q(customer__shortcode__iexact=text)
    by_id = _by_id("customer", Customer, text)
    return _about(named | by_id if by_id else named)


def _by_id(field: str, model: type[Model], text: str) -> Q | None:
    """By the id of what a field refers to; None when no id is written so."""
    try:
        return Q(**{field: model._meta.pk.to_python(text)})
    except ValidationError:
        return None


def _of_first(column: str) -> Any:
    """A column of the first subscription that a process is about."""
    first = ProcessSubject.objects.filter(process=OuterRef(OuterRef("pk")), kind=KIND).order_by("id")
    key = Subquery(first.values(key=AsKey("subject_id"))[:1])
    return Subquery(Subscription.objects.filter(pk=key).order_by().values(column)[:1])


FILTERS: Mapping[str, SubjectFilter] = {
    "product": _product,
    "product_id": _product,
    "product_description": lambda text: _about(Q(product__description__iexact=text)),
    "product_type": lambda text: _about(Q(product__product_type__iexact=text)),
    "tag": lambda text: _about(Q(product__tag=text)),
    "customer": _customer,
    "customer_id": _customer,
}
SORTS: Mapping[str, Expression] = {
    "product": _of_first("product__name"),
    "product_name": _of_first("product__name"),
    "product_description": _of_first("product__description"),
    "product_type": _of_first("product__product_type"),
    "tag": _of_first("product__tag"),
    "product_tag": _of_first("product__tag"),
    "customer": _of_first("customer__fullname"),
    "subscriptions": _of_first("description"),
}
