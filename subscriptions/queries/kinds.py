"""The kinds of objects that grants can speak of, and what may be asked of each; the settings name them."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from processes.access.conditions import Values
from processes.access.kinds import Known, ObjectKind
from processes.models import Process, ProcessSubject, Workflow
from processes.store.keys import AsKey
from products.models import Product
from subscriptions.models import Customer, Subscription, SubscriptionVersion

KIND = "subscription"


def among(field: str, values: Values) -> Q:
    """Rows whose field has one of the values, or begins with one."""
    query = Q(**{f"{field}__in": sorted(values.exact)})
    for text in values.beginnings:
        query |= Q(**{f"{field}__startswith": text})
    return query


def _customers(values: Values, before: str = "") -> Q:
    return among(f"{before}shortcode", values) | among(f"{before}fullname", values)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _keys(values: Values, field: str = "pk") -> Q:
    """Rows with one of these ids; ids have no beginnings."""
    return Q(**{f"{field}__in": [key for text in sorted(values.exact) if (key := _key(text)) is not None]})


def _ordered_by(values: Values) -> Q:
    first = SubscriptionVersion.objects.filter(subscription=OuterRef("pk"), number=1)
    return Q(Exists(first.filter(among("by", values))))


def _about(query: Q) -> Q:
    """Processes that are about a subscription which the query finds."""
    subjects = ProcessSubject.objects.filter(process=OuterRef("pk"), kind=KIND)
    subscriptions = Subscription.objects.filter(query, pk=AsKey(OuterRef("subject_id")))
    return Q(Exists(subjects.filter(Exists(subscriptions))))


def _facts_of_subscriptions(ids: list[Any]) -> dict[str, set[str]]:
    facts: dict[str, set[str]] = {"product": set(), "product_type": set(), "customer": set(), "subscription": set()}
    fields = ("pk", "product__name", "product__product_type", "customer__shortcode", "customer__fullname")
    for key, product, kind, shortcode, fullname in Subscription.objects.filter(pk__in=ids).values_list(*fields):
        facts["subscription"].add(str(key))
        facts["product"].add(product)
        facts["product_type"].add(kind)
        facts["customer"] |= {shortcode, fullname}
    return facts


def _known(facts: dict[str, set[str]]) -> Known:
    return {name: frozenset(values) for name, values in facts.items()}


def facts_of_process(key: Any) -> Known | None:
    """A process has what its subscriptions have."""
    row = Process.objects.filter(pk=key).values_list("workflow_name", "target", "created_by").first()
    if row is None:
        return None
    subjects = ProcessSubject.objects.filter(process=key, kind=KIND).values_list("subject_id", flat=True)
    facts = _facts_of_subscriptions([one for text in subjects if (one := _key(text)) is not None])
    workflow, target, owner = row
    return _known({**facts, "workflow": {workflow}, "target": {target}, "owner": {owner}})


def facts_of_subscription(key: Any) -> Known | None:
    """A subscription belongs to who ordered it."""
    facts = _facts_of_subscriptions([key])
    if not facts["subscription"]:
        return None
    first = SubscriptionVersion.objects.filter(subscription=key, number=1).values_list("by", flat=True)
    return _known({**facts, "owner": set(first)})


def facts_of_product(key: Any) -> Known | None:
    row = Product.objects.filter(pk=key).values_list("name", "product_type").first()
    return None if row is None else _known({"product": {row[0]}, "product_type": {row[1]}})


def facts_of_customer(key: Any) -> Known | None:
    row = Customer.objects.filter(pk=key).values_list("shortcode", "fullname").first()
    return None if row is None else _known({"customer": set(row)})


def facts_of_workflow(key: Any) -> Known | None:
    row = Workflow.objects.filter(pk=key).values_list("name", "target").first()
    return None if row is None else _known({"workflow": {row[0]}, "target": {row[1]}})


PROCESS = ObjectKind(
    "process",
    Process,
    facts_of_process,
    {
        "workflow": lambda values: among("workflow_name", values),
        "target": lambda values: among("target", values),
        "owner": lambda values: among("created_by", values),
        "subscription": lambda values: _about(_keys(values)),
        "product": lambda values: _about(among("product__name", values)),
        "product_type": lambda values: _about(among("product__product_type", values)),
        "customer": lambda values: _about(_customers(values, "customer__")),
    },
)
SUBSCRIPTION = ObjectKind(
    "subscription",
    Subscription,
    facts_of_subscription,
    {
        "owner": _ordered_by,
        "subscription": _keys,
        "product": lambda values: among("product__name", values),
        "product_type": lambda values: among("product__product_type", values),
        "customer": lambda values: _customers(values, "customer__"),
    },
)
PRODUCT = ObjectKind(
    "product",
    Product,
    facts_of_product,
    {
        "product": lambda values: among("name", values),
        "product_type": lambda values: among("product_type", values),
    },
)
CUSTOMER = ObjectKind("customer", Customer, facts_of_customer, {"customer": _customers})
WORKFLOW = ObjectKind(
    "workflow",
    Workflow,
    facts_of_workflow,
    {"workflow": lambda values: among("name", values), "target": lambda values: among("target", values)},
)
