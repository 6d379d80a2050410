"""Workflows on subscriptions, as authors write them. A door for authors.

Each decorator wraps the author's form in page 0 (which product, which subscription), adds the steps that every such
workflow ends with, and binds it, so that the subscription is locked, versioned and put in sync.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from processes.engine.kinds import Call, StepList
from processes.engine.kinds.node import State
from processes.engine.parameters import Askable, check_parameters
from processes.engine.steps import FormGenerator, begin, step
from processes.engine.values.errors import DefinitionError
from processes.engine.values.status import Target
from processes.engine.workflow import Workflow, workflow
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.start_rules import StartRule
from subscriptions.tree import Subscription
from subscriptions.workflows.binding import SubscriptionBinding
from subscriptions.workflows.injection import KINDS, asks_for_subscriptions
from subscriptions.workflows.start_form import OF_PRODUCT, OF_SUBSCRIPTION, after_product, after_subscription

Decorator = Callable[[Callable[[], StepList]], Workflow]


def set_status(status: SubscriptionLifecycle, *, key: str = "") -> Call:
    """A step that moves the subscription of the process to another status.

    It fails with `MoveRefused`, `ValuesMissing` or `StatusRefusedByUsers`. A second one to the same status in one
    workflow needs a `key` of its own.
    """

    @step(f"Set subscription status to {status}", key=key or f"set-subscription-status-to-{status}")
    def move(subscription: Subscription) -> State:
        subscription.move_to(status)
        return {"subscription": subscription}

    return move


def create_workflow(
    description: str = "",
    /,
    *,
    form: FormGenerator | None = None,
    status: SubscriptionLifecycle = SubscriptionLifecycle.ACTIVE,
) -> Decorator:
    """A workflow that delivers a new subscription.

    Page 0 is `{"product": id}`; the author's form finds `product` and `product_name`, and should return `customer_id`.
    The subscription exists from the start, in status initial; a last step moves it to `status`. Aborted while still
    initial, it is terminated.
    """
    rule = StartRule.of(Target.CREATE)

    def decorate(function: Callable[[], StepList]) -> Workflow:
        steps = begin >> function() >> set_status(status, key="final-status")
        return _bound(
            description, function, steps, after_product(_checked(form, function, OF_PRODUCT)), SubscriptionBinding(rule)
        )

    return decorate


def modify_workflow(
    description: str = "",
    /,
    *,
    form: FormGenerator | None = None,
    usable_when: Collection[SubscriptionLifecycle] | None = None,
    needs_sync: bool = True,
) -> Decorator:
    """A workflow that changes a subscription; it is refused on one that is out of sync, or has such neighbours.

    Page 0 is `{"subscription_id": id, "version"?: number}`; the author's form finds `subscription_id`, `product`,
    `product_name` and `customer_id`. With `needs_sync` false it may be started on what is out of sync, and leaves the
    flag as it is: for what does not touch reality, such as a note.
    """
    rule = replace(StartRule.of(Target.MODIFY), needs_sync=needs_sync)
    if usable_when is not None:
        rule = replace(rule, usable_when=frozenset(usable_when))

    def decorate(function: Callable[[], StepList]) -> Workflow:
        binding = SubscriptionBinding(rule, keeps_sync=needs_sync)
        return _bound(
            description,
            function,
            begin >> function(),
            after_subscription(_checked(form, function, OF_SUBSCRIPTION), rule),
            binding,
        )

    return decorate


def terminate_workflow(
    description: str = "",
    /,
    *,
    form: FormGenerator | None = None,
    usable_when: Collection[SubscriptionLifecycle] | None = None,
) -> Decorator:
    """A workflow that ends a subscription; it is refused while another one that is not terminated uses it.

    Page 0 as of `modify_workflow`. A last step moves the subscription to terminated.
    """
    rule = StartRule.of(Target.TERMINATE)
    if usable_when is not None:
        rule = replace(rule, usable_when=frozenset(usable_when))

    def decorate(function: Callable[[], StepList]) -> Workflow:
        steps = begin >> function() >> set_status(SubscriptionLifecycle.TERMINATED, key="final-status")
        return _bound(
            description,
            function,
            steps,
            after_subscription(_checked(form, function, OF_SUBSCRIPTION), rule),
            SubscriptionBinding(rule),
        )

    return decorate


def validate_workflow(description: str = "", /) -> Decorator:
    """A task that compares a subscription with reality; it may be started on what is out of sync.

    It leaves the subscription in sync when it completes, and out of sync when it fails.
    """
    return _without_form(description, Target.VALIDATE, is_task=True)


def reconcile_workflow(description: str = "", /) -> Decorator:
    """A workflow that brings reality in line with a subscription; it may be started on what is out of sync."""
    return _without_form(description, Target.RECONCILE, is_task=False)


def _without_form(description: str, target: Target, *, is_task: bool) -> Decorator:
    rule = StartRule.of(target)

    def decorate(function: Callable[[], StepList]) -> Workflow:
        form = after_subscription(None, rule)
        return _bound(description, function, begin >> function(), form, SubscriptionBinding(rule), is_task=is_task)

    return decorate


def _checked(
    form: FormGenerator | None, function: Callable[[], StepList], names: Collection[str]
) -> FormGenerator | None:
    """The author's form, which asks for nothing but what page 0 has put into the state. Raises DefinitionError."""
    if form is not None:
        askable = Askable(has_context=False, supplies=asks_for_subscriptions, names=names, kinds=KINDS)
        check_parameters(form, f"Workflow {function.__name__}: its form", askable)
    return form


def _bound(
    description: str,
    function: Callable[[], StepList],
    steps: StepList,
    form: FormGenerator,
    binding: SubscriptionBinding,
    *,
    is_task: bool = False,
) -> Workflow:
    if not isinstance(description, str):
        raise DefinitionError("A workflow on subscriptions is decorated with parentheses, such as @create_workflow().")
    make = workflow(
        description, target=binding.rule.target, form=form, binding=binding, name=function.__name__, is_task=is_task
    )
    return make(lambda: steps)
