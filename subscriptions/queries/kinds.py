"""The kinds of objects that grants can speak of, and what may be asked of each; the settings name them."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from processes.access.conditions import Values
from processes.access.kinds import Known, ObjectKind
from processes.access.policy import NEVER
from processes.models import Process, ProcessSubject, Workflow
from processes.store.keys import AsText
from products.models import Product
from subscriptions.models import Customer, Subscription, SubscriptionVersion

KIND = "subscription"


MOST_KEYS = 1_000


def among(field: str, values: Values) -> Q:
    """Rows whose field has one of the values, or begins with one."""
    query = Q(**{f"{field}__in": sorted(values.exact)})
    for text in values.beginnings:
        query |= Q(**{f"{field}__startswith": text})
    return query


def _one_of(field: str, rows: QuerySet[Any]) -> Q:
    """Rows that refer to one of a few others, whose keys are read now: so the database knows how many there are.

    It then begins with an index on them where they are few, and with the order of the list where they are many.
    """
    keys = list(rows.order_by().values_list("pk", flat=True)[: MOST_KEYS + 1])
    return Q(**{f"{field}__in": keys if len(keys) <= MOST_KEYS else rows.order_by().values("pk")})


def _customers(values: Values) -> Q:
    return among("shortcode", values) | among("fullname", values)


def _of_customers(values: Values) -> Q:
    return _one_of("customer", Customer.objects.filter(_customers(values)))


def _of_products(field: str, values: Values) -> Q:
    return _one_of("product", Product.objects.filter(among(field, values)))


def _run_by(values: Values) -> Q:
    """Processes of these workflows; an index knows names, but not in every collation their beginnings."""
    if not values.beginnings:
        return among("workflow_name", values)
    names = Workflow.objects.filter(among("name", values)).values_list("name", flat=True)
    return Q(workflow_name__in=sorted({*values.exact, *names}))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _keys(values: Values) -> Q:
    """Rows with one of these ids; ids have no beginnings."""
    return Q(pk__in=[key for text in sorted(values.exact) if (key := _key(text)) is not None])


def _ordered_by(values: Values) -> Q:
    first = SubscriptionVersion.objects.filter(among("by", values), number=1)
    return Q(pk__in=first.values("subscription"))


class About(Q):
    """Processes that are about a subscription which a query finds, begun at those that it finds.

    What is about one or another is one such query, which an index can answer.
    """

    def __init__(self, query: Q) -> None:
        found = Subscription.objects.filter(query).order_by().annotate(text=AsText("pk")).values("text")
        subjects = ProcessSubject.objects.filter(kind=KIND, subject_id__in=found)
        super().__init__(pk__in=subjects.values("process"))
        self.query = query

    def __or__(self, other: Q) -> Q:
        return About(self.query | other.query) if isinstance(other, About) else Q(self) | other

    def __and__(self, other: Q) -> Q:
        return Q(self) & other

    def __ror__(self, other: Q) -> Q:
        return self if other == NEVER else other | Q(self)

    def __invert__(self) -> Q:
        return ~Q(self)


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
        "workflow": _run_by,
        "target": lambda values: among("target", values),
        "owner": lambda values: among("created_by", values),
        "subscription": lambda values: About(_keys(values)),
        "product": lambda values: About(_of_products("name", values)),
        "product_type": lambda values: About(_of_products("product_type", values)),
        "customer": lambda values: About(_of_customers(values)),
    },
)
SUBSCRIPTION = ObjectKind(
    "subscription",
    Subscription,
    facts_of_subscription,
    {
        "owner": _ordered_by,
        "subscription": _keys,
        "product": lambda values: _of_products("name", values),
        "product_type": lambda values: _of_products("product_type", values),
        "customer": _of_customers,
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
