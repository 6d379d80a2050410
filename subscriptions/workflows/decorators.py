"""Workflows on subscriptions, as authors write them. A door for authors.

Each decorator wraps the author's form in page 0 (which product, which subscription), adds the steps that every such
workflow ends with, and binds it, so that the subscription is locked, versioned and put in sync.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Unpack, cast

from processes.engine.injection import with_reader
from processes.engine.kinds import Call, StepList
from processes.engine.kinds.node import State
from processes.engine.options import Options
from processes.engine.parameters import Askable, check_parameters
from processes.engine.steps import FormGenerator, begin, step
from processes.engine.values.errors import DefinitionError
from processes.engine.values.status import Target
from processes.engine.workflow import START_NAMES, Workflow, WorkflowOptions, workflow
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.start_rules import StartRule
from subscriptions.tree import Subscription
from subscriptions.workflows.binding import SubscriptionBinding, TaskBinding
from subscriptions.workflows.further import AlsoOption, all_of
from subscriptions.workflows.injection import KINDS, asks_for_subscriptions
from subscriptions.workflows.start_form import OF_PRODUCT, OF_SUBSCRIPTION, after_product, after_subscription

Decorator = Callable[[Callable[[], StepList]], Workflow]


class SeveralOptions(Options, total=False):
    """The options of everything that may work on further subscriptions.

    `also` names them: a key of the state with an id or several, a function of the state that gives ids, an `Also`, or a
    list of these. They are locked with the first one, must allow it as `Also` says, and are saved when returned.
    """

    also: AlsoOption | None


class SubscriptionOptions(SeveralOptions, total=False):
    """The options of every workflow on a subscription.

    `usable_when` are the statuses in which it may be started; `needs_sync` refuses what is out of sync, or has such
    neighbours. With `needs_lock` false it is not refused because another process works on the subscription, and changes
    nothing of it but its note.
    """

    usable_when: Collection[SubscriptionLifecycle] | None
    needs_sync: bool
    needs_lock: bool


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
    status: SubscriptionLifecycle = SubscriptionLifecycle.ACTIVE,
    **options: Unpack[SeveralOptions],
) -> Decorator:
    """A workflow that delivers a new subscription.

    Page 0 is `{"product": id}`; the author's form finds `product` and `product_name`, and should return `customer_id`.
    The subscription exists from the start, in status initial; a last step moves it to `status`. Aborted while still
    initial, it is terminated.
    """
    last = set_status(status, key="final-status")
    return _decorator(Target.CREATE, description, cast("SubscriptionOptions", options), last=last)


def modify_workflow(description: str = "", /, **options: Unpack[SubscriptionOptions]) -> Decorator:
    """A workflow that changes a subscription; it is refused on one that is out of sync, or has such neighbours.

    Page 0 is `{"subscription_id": id, "version"?: number}`; the author's form finds `subscription_id`, `product`,
    `product_name` and `customer_id`, and is handed `subscription` to read. With `needs_sync` false it may be started on
    what is out of sync, and leaves the flag as it is: for what does not touch reality, such as a note.
    """
    return _decorator(Target.MODIFY, description, options)


def terminate_workflow(description: str = "", /, **options: Unpack[SubscriptionOptions]) -> Decorator:
    """A workflow that ends a subscription; it is refused while another one that is not terminated uses it.

    Page 0 as of `modify_workflow`. A last step moves the subscription to terminated.
    """
    last = set_status(SubscriptionLifecycle.TERMINATED, key="final-status")
    return _decorator(Target.TERMINATE, description, options, last=last)


def validate_workflow(description: str = "", /, **options: Unpack[SubscriptionOptions]) -> Decorator:
    """A task that compares a subscription with reality; it may be started on what is out of sync.

    It leaves the subscription in sync when it completes, and out of sync when it fails. With `needs_lock` false it may
    run while another process works on the subscription, and then leaves the flag to that one.
    """
    return _decorator(Target.VALIDATE, description, options)


def reconcile_workflow(description: str = "", /, **options: Unpack[SubscriptionOptions]) -> Decorator:
    """A workflow that brings reality in line with a subscription; it may be started on what is out of sync."""
    return _decorator(Target.RECONCILE, description, options)


def task(description: str = "", /, **options: Unpack[SeveralOptions]) -> Decorator:
    """A task over the inventory: it may read any subscription, work on those that `also` names, and create some."""

    def decorate(function: Callable[[], StepList]) -> Workflow:
        name = function.__name__
        _check_options(options, SeveralOptions, f"Workflow {name}: a task")
        binding = TaskBinding(all_of(options.get("also"), name))
        form = options.get("form")
        if form is not None:
            _check_form(form, name, START_NAMES)
            form = with_reader(form, binding.reader)
        bound = {"form": form, "binding": binding, "name": name, "target": Target.SYSTEM, "is_task": True}
        return workflow(description, **cast("WorkflowOptions", {**_general(options), **bound}))(function)

    return decorate


def _decorator(
    target: Target, description: str, options: SubscriptionOptions, *, last: Call | None = None
) -> Decorator:
    if not isinstance(description, str):
        raise DefinitionError("A workflow on subscriptions is decorated with parentheses, such as @create_workflow().")

    def decorate(function: Callable[[], StepList]) -> Workflow:
        known = SeveralOptions if target is Target.CREATE else SubscriptionOptions
        _check_options(options, known, f"Workflow {function.__name__}: a {target} workflow")
        binding = _binding(target, options, function.__name__)
        form = _form(options.get("form"), binding.rule, function.__name__)
        steps = begin >> function()
        bound = {"form": form, "target": target, "binding": binding, "name": function.__name__}
        general = cast("WorkflowOptions", {**_general(options), **bound, "is_task": target is Target.VALIDATE})
        return workflow(description, **general)(lambda: steps >> last if last else steps)

    return decorate


def _check_options(options: Mapping[str, object], known: type, what: str) -> None:
    """Raise DefinitionError for an option that says nothing of this kind of workflow."""
    names = known.__annotations__
    if unknown := sorted(options.keys() - names.keys()):
        raise DefinitionError(f"{what} has no option {unknown[0]}; it has {', '.join(sorted(names))}.")


def _check_form(form: FormGenerator, name: str, names: Collection[str]) -> None:
    """Raise DefinitionError when the author's form asks for what is not there."""
    askable = Askable(has_context=False, supplies=asks_for_subscriptions, names=names, kinds=KINDS)
    check_parameters(form, f"Workflow {name}: its form", askable)


def _general(options: Mapping[str, object]) -> dict[str, object]:
    """Those that every workflow has."""
    return {name: value for name, value in options.items() if name in Options.__annotations__}


def _binding(target: Target, options: SubscriptionOptions, name: str) -> SubscriptionBinding:
    rule = StartRule.of(target)
    usable_when = options.get("usable_when")
    rule = replace(
        rule,
        usable_when=rule.usable_when if usable_when is None else frozenset(usable_when),
        needs_sync=options.get("needs_sync", rule.needs_sync),
        needs_lock=options.get("needs_lock", True),
    )
    leaves_flag = target is Target.MODIFY and not rule.needs_sync
    also = all_of(options.get("also"), name)
    return SubscriptionBinding(rule, keeps_sync=rule.needs_lock and not leaves_flag, also=also)


def _form(form: FormGenerator | None, rule: StartRule, name: str) -> FormGenerator:
    """The author's form behind page 0, asking for nothing but what that has put into the state."""
    creates = rule.target is Target.CREATE
    if form is not None:
        _check_form(form, name, OF_PRODUCT if creates else OF_SUBSCRIPTION)
    return after_product(form) if creates else after_subscription(form, rule)
