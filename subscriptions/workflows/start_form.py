"""Page 0 of every workflow on subscriptions: which product, or which subscription; checked by the rule for starts."""

from collections.abc import Callable, Generator, Mapping
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_forms.core import FormPage

from processes.access.kinds import Ref
from processes.access.permissions import AnyUser
from processes.access.viewer import check_visible, present_viewer, seen
from processes.engine.injection import with_reader
from processes.engine.kinds.node import State
from processes.engine.steps import FormGenerator
from processes.engine.values.errors import Blocker, StartRefused, UnknownObject
from processes.engine.workflow import START_NAMES
from processes.forms.walk import bind
from processes.lists.counts import if_few
from processes.plugins import registry
from products.models import Product, ProductStatus
from products.queries import may_order, offered, orderable, orderable_by
from subscriptions.models import Subscription
from subscriptions.queries.history import UnknownVersion, changed_values, changes_since
from subscriptions.queries.starting import Candidate, candidate, check_start
from subscriptions.start_rules import StartRule
from subscriptions.workflows.injection import SubscriptionReader

MOST_OPTIONS = 200
"""Subscriptions that page 0 lists; where there are more, it asks for the id."""

PAGES_KEPT = 256
"""Page 0 is the same for every start of a workflow, and a class of pydantic's takes a millisecond to make."""

OF_PRODUCT = (*START_NAMES, "product", "product_name")
"""What the author's form of a create workflow finds in the state."""
OF_SUBSCRIPTION = (*OF_PRODUCT, "subscription_id", "customer_id", "version", "subscription")
"""What that of every other workflow finds."""
_MOST_NAMED = 10

Pages = Generator[type[BaseModel], Any, State]
Options = Callable[[], QuerySet[Any]]


class UnknownProduct(UnknownObject):
    """There is no product with this id."""

    def __init__(self, product_id: object) -> None:
        self.product_id = product_id
        super().__init__(f"There is no product {product_id}.")


def after_product(form: FormGenerator | None) -> FormGenerator:
    """The form of a create workflow: page 0 is `{"product": id}`, then the author's pages.

    The author's form finds `product` and `product_name` in the state.
    """

    def pages(state: State) -> Pages:
        page = yield product_page(state["workflow_name"])
        check_visible(Ref("product", page.product))
        product = check_product(page.product, state["workflow_name"])
        chosen = {"product": str(product.pk), "product_name": product.name}
        return (yield from _further(form, state, chosen))

    return pages


def after_subscription(form: FormGenerator | None, rule: StartRule) -> FormGenerator:
    """The form of every other workflow: page 0 is `{"subscription_id": id, "version"?: number}`.

    The author's form finds `subscription_id`, `product`, `product_name` and `customer_id` in the state, and is handed
    `subscription: Subscription` to read.
    """

    def pages(state: State) -> Pages:
        page = yield subscription_page(state["workflow_name"], rule)
        check_visible(Ref("subscription", page.subscription_id))
        subscription = candidate(page.subscription_id, rule=rule)
        check_subscription(subscription, state["workflow_name"], page.version)
        chosen = {**subscription_state(subscription), "version": page.version}
        return (yield from _further(form, state, chosen))

    return pages


@lru_cache(maxsize=PAGES_KEPT)
def product_page(workflow_name: str) -> type[FormPage]:
    """Asks for one of the products that can be ordered with this workflow."""

    def options() -> QuerySet[Any]:
        viewer = present_viewer()
        products = orderable() if viewer is None else orderable_by(viewer)
        rows = seen(products).filter(offers__workflow_name=workflow_name).order_by("name")
        return rows.values_list("id", "name")

    class ChooseProduct(FormPage):
        model_config = ConfigDict(title="Product")

        product: _chosen(UUID, "Product", "productId", options)  # type: ignore[valid-type]

    return ChooseProduct


@lru_cache(maxsize=PAGES_KEPT)
def subscription_page(workflow_name: str, rule: StartRule) -> type[FormPage]:
    """Asks for one of the subscriptions that this workflow may be usable for."""

    def options() -> QuerySet[Any]:
        rows = Subscription.objects.filter(
            product__offers__workflow_name=workflow_name, status__in=sorted(rule.usable_when)
        )
        return seen(rows).order_by("description", "id").values_list("id", "description")

    class ChooseSubscription(FormPage):
        model_config = ConfigDict(title="Subscription")

        subscription_id: _chosen(  # type: ignore[valid-type]
            UUID, "Subscription", "subscriptionId", options,
            {"workflow": workflow_name, "status": ",".join(sorted(rule.usable_when))},
        )  # fmt: skip
        version: Annotated[
            int | None,
            Field(
                json_schema_extra={"format": "hidden"},
                description="Refused as stale when a value has changed since this version.",
            ),
        ] = None

    return ChooseSubscription


def check_product(product_id: UUID, workflow_name: str, *, by: str = "") -> Product:
    """The product, if it can be ordered with this workflow by whoever looks, or the user of this name.

    Raises `UnknownProduct` or `StartRefused`.
    """
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise UnknownProduct(product_id)
    check_orderable(product, by)
    if not offered(product_id, workflow_name):
        raise StartRefused(f"“{product.name}” is not ordered with the workflow {workflow_name}.")
    return product


def check_orderable(product: Product, by: str) -> None:
    """Raise `StartRefused` unless the status lets whoever looks, or the user of this name, order it."""
    if product.status == ProductStatus.ACTIVE:
        return
    if product.status != ProductStatus.PRE_PRODUCTION:
        raise StartRefused(f"“{product.name}” cannot be ordered: its status is {product.status}.")
    user: AnyUser | None = present_viewer()
    if user is None and not by:
        return  # nobody looks; who starts it is asked when it is started
    if not may_order(product, user or get_user_model().objects.filter(username=by).first() or AnonymousUser()):
        raise StartRefused(f"“{product.name}” is in pre production: only those who may test can order it.")


def check_subscription(subscription: Candidate, workflow_name: str, version: int | None) -> None:
    """Raise `StartRefused` unless this workflow may be started on this subscription, at this version, now."""
    if not subscription.is_offered(workflow_name):
        raise StartRefused(f"“{subscription.product_name}” does not offer the workflow {workflow_name}.")
    if version is not None:
        check_unchanged(subscription, version)
    check_start(registry.get(workflow_name), subscription)


def check_unchanged(subscription: Candidate, version: int) -> None:
    """Raise `StartRefused` when a value is another one than at this version; the flag in-sync is no value.

    The refusal names what has changed and by whom; the processes that did it are its blockers.
    """
    if version == subscription.version:
        return
    said = f"The subscription was changed meanwhile: version {version} was read, and it is at version"
    said += f" {subscription.version}."
    try:
        changed = changed_values(subscription.subscription_id, version, subscription.version)
    except UnknownVersion as error:
        raise StartRefused(said) from error
    if not changed:
        return
    rows = changes_since(subscription.subscription_id, version)
    names = ", ".join(one.path for one in changed[:_MOST_NAMED])
    more = f" and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
    people = ", ".join(dict.fromkeys(row.by for row in rows))
    processes = dict.fromkeys((row.process_id, row.by) for row in rows if row.process_id)
    blockers = tuple(Blocker("process", str(key), f"changed by {by}") for key, by in processes)
    raise StartRefused(f"{said} Changed: {names}{more}; by {people}.", blockers)


def subscription_state(subscription: Candidate) -> State:
    """What the state of a process says of its subscription; clients know these names."""
    return {
        "subscription_id": str(subscription.subscription_id),
        "product": str(subscription.product_id),
        "product_name": subscription.product_name,
        "customer_id": subscription.customer_id,
    }


def _further(form: FormGenerator | None, state: State, chosen: State) -> Pages:
    if form is None:
        return chosen
    handed_out = {"subscription": {"subscription_id": chosen["subscription_id"]}} if "subscription_id" in chosen else {}
    pages = with_reader(form, SubscriptionReader)
    further: Mapping[str, Any] | None = yield from bind(pages, {**state, **chosen, **handed_out})
    return {**(further or {}), **chosen}


def _chosen(kind: type, title: str, hint: str, options: Options, search: Mapping[str, str] | None = None) -> Any:
    """A field whose schema lists the options, asked for only when the page is shown; the value is checked elsewhere.

    Where there are too many, it says by what they are searched.
    """

    def add_options(schema: dict[str, Any]) -> None:
        found = if_few(options(), MOST_OPTIONS)
        schema["format"] = hint
        if found:
            schema["enum"] = [str(value) for value, _ in found]
            schema["options"] = {str(value): label for value, label in found}
        elif found is None and search is not None:
            schema["search"] = dict(search)

    def by_name(value: object) -> object:
        """The id of the only one that is called so; anything else is for the field to judge."""
        if not isinstance(value, str) or search is None or is_uuid(value):
            return value
        found = list(options().filter(description=value.strip())[:2])
        return found[0][0] if len(found) == 1 else value

    return Annotated[kind, BeforeValidator(by_name), Field(title=title, json_schema_extra=add_options)]


def is_number(text: str) -> bool:
    """Whether a text is the number of a version."""
    return text.isascii() and text.isdecimal() and len(text) < 10


def is_uuid(text: str) -> bool:
    """Whether a text is an id."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
