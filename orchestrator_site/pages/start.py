"""What the start page tells: what waits for a person, what is wrong, what is new. A fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery

from processes.access.kinds import ObjectFacts
from processes.access.permissions import Action, AnyUser, decide, visible
from processes.engine.values.status import ENDED_STATUSES, FAILED_STATUSES, ProcessStatus, Target
from processes.lists import labels
from processes.lists.counts import Capped, Total, total
from processes.models.process import Process, ProcessSubject
from processes.models.workflow import Workflow
from processes.store.attention import Attention
from products.models import Product, ProductStatus, ProductWorkflow
from products.queries import may_order, orderable_by
from subscriptions.models import Subscription

ROWS = 5
PRODUCT_ROWS = 8
MOST_COUNTED = 1000
"""Live subscriptions of a product that are counted one by one; of more the page says only that there are more."""
UNDER_WAY = sorted(set(ProcessStatus) - ENDED_STATUSES - FAILED_STATUSES - {ProcessStatus.SUSPENDED})
Row = dict[str, Any]


@dataclass(frozen=True)
class Counts:
    """The figures on top of the page."""

    under_way: Total
    need_input: Capped
    failed: Capped
    failed_tasks: Capped
    active: Total
    out_of_sync: Total


@dataclass(frozen=True)
class Dashboard:
    """Everything on the start page; lists hold plain rows, newest first, products by use."""

    counts: Counts
    need_input: list[Row]
    failed: list[Row]
    mine: list[Row]
    out_of_sync: list[Row]
    latest: list[Row]
    products: list[Row]

    @property
    def is_new(self) -> bool:
        """Nothing was ever ordered here: the page then says how to begin."""
        return not self.latest

    @property
    def first_order(self) -> Row | None:
        """A product to begin with."""
        return next((product for product in self.products if product["create"]), None)


def dashboard(user: AnyUser, waiting: Attention) -> Dashboard:
    """Collect the start page of a user; a fixed number of queries, however much there is."""
    return Dashboard(
        counts=counts(user, waiting),
        need_input=process_rows(visible(Process.objects.filter(status=ProcessStatus.SUSPENDED), user)),
        failed=process_rows(visible(Process.objects.failed(), user)),
        mine=process_rows(visible(Process.objects.filter(created_by=user.get_username(), is_task=False), user)),
        out_of_sync=subscription_rows(visible(out_of_sync(), user)),
        latest=subscription_rows(visible(Subscription.objects.all(), user)),
        products=product_rows(user),
    )


def counts(user: AnyUser, waiting: Attention) -> Counts:
    """Processes that are not ended, by what they wait for, and subscriptions; past 10 000 of these nearly."""
    return Counts(
        under_way=total(visible(Process.objects.filter(status__in=UNDER_WAY), user)),
        need_input=waiting.need_input,
        failed=waiting.failed,
        failed_tasks=waiting.failed_tasks,
        active=total(visible(Subscription.objects.active(), user)),
        out_of_sync=total(visible(out_of_sync(), user)),
    )


def out_of_sync() -> QuerySet[Subscription]:
    """Active subscriptions that do not agree with the world, or that something is changing."""
    return Subscription.objects.active().filter(insync=False)


def process_rows(found: QuerySet[Process]) -> list[Row]:
    """The newest of these: id, workflow, status, last step, who, when, why it failed, and what it is about."""
    subject = ProcessSubject.objects.filter(process=OuterRef("pk")).order_by("id")
    fields = ("id", "workflow_name", "status", "last_step", "is_task", "created_by", "started_at", "failed_reason")
    rows = found.order_by("-started_at", "id").annotate(about=Subquery(subject.values("label")[:1]))
    return list(rows.values(*fields, "about", description=F("workflow_version__workflow__description"))[:ROWS])


def subscription_rows(found: QuerySet[Subscription]) -> list[Row]:
    """The newest of these: id, description, status, in sync, when, product and customer."""
    fields = ("id", "description", "status", "insync", "created_at")
    rows = found.order_by("-created_at", "id")
    return list(rows.values(*fields, product_name=F("product__name"), customer_name=F("customer__shortcode"))[:ROWS])


class _Number(Subquery):
    """How many rows a subquery gives."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0  # of somebody who may see none


def product_rows(user: AnyUser) -> list[Row]:
    """Products by number of live subscriptions; `create` names the workflow that orders one, if it can be ordered.

    `has_more` says that there are more than `live`.
    """
    creating = ProductWorkflow.objects.filter(product=OuterRef("pk"), target=Target.CREATE).order_by("position", "id")
    live = visible(Subscription.objects.live(), user).filter(product=OuterRef("pk")).order_by().values("product")
    rows = (
        visible(Product.objects.all(), user)
        .exclude(status=ProductStatus.END_OF_LIFE)
        .annotate(live=_Number(live[: MOST_COUNTED + 1]), create=Subquery(creating.values("workflow_name")[:1]))
    )
    found = rows.order_by("-live", "name").values("id", "name", "tag", "status", "live", "create")[:PRODUCT_ROWS]
    orderable = {ProductStatus.ACTIVE.value}
    if decide(user, Action.TEST).allowed:
        orderable.add(ProductStatus.PRE_PRODUCTION.value)
    return [_product_row(dict(row), orderable) for row in found]


def _product_row(row: Row, orderable: set[str]) -> Row:
    return {
        **row,
        "live": min(row["live"], MOST_COUNTED),
        "has_more": row["live"] > MOST_COUNTED,
        "create": row["create"] if row["status"] in orderable else None,
    }


@dataclass(frozen=True)
class Offer:
    """A product that can be ordered, its constants, and the workflows that deliver it (name, description)."""

    product: Product
    constants: list[tuple[str, Any]]
    workflows: list[tuple[str, str]]


def offers(user: AnyUser, search: str = "") -> dict[str, list[Offer]]:
    """Products that can be ordered, by product type, each in alphabetical order; a fixed number of queries.

    Every word of `search` must be in the name, description, type or tag.
    """
    found = visible(orderable_by(user), user).prefetch_related("fixed_inputs", "offers")
    for word in search.split():
        fields = ("name", "description", "product_type", "tag")
        found = found.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in fields)))
    described = dict(Workflow.objects.filter(target=Target.CREATE).values_list("name", "description"))
    groups: dict[str, list[Offer]] = {}
    for product in (one for one in found.order_by("product_type", "name") if may_order(one, user)):
        offer = _offer(product, described, user)
        if offer.workflows:
            groups.setdefault(product.product_type, []).append(offer)
    return groups


def _offer(product: Product, described: Mapping[str, str], user: AnyUser) -> Offer:
    offered = [offer.workflow_name for offer in product.offers.all() if offer.target == Target.CREATE]
    names = [name for name in offered if decide(user, Action.START, _order_of(product, name)).allowed]
    constants = [(labels.name(constant.name), constant.value) for constant in product.fixed_inputs.all()]
    return Offer(product, constants, [(name, described.get(name, name)) for name in names])


def _order_of(product: Product, workflow_name: str) -> ObjectFacts:
    """What is known of an order before its form is filled in."""
    known = {"workflow": workflow_name, "target": Target.CREATE.value}
    about = {"product": product.name, "product_type": product.product_type}
    return ObjectFacts({name: frozenset({value}) for name, value in (known | about).items()}, open=True)
