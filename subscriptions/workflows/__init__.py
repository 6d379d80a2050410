"""The door for authors: decorators that make a workflow about a subscription, and how it is bound to one.

Not here: what a subscription is (`subscriptions.tree`) and when it may be started on (`subscriptions.start_rules`). A
site imports from this package alone; `builtin` is what it offers without a site of your own. The rule: what a step
changes is saved in its commit or the step fails. Begin with `decorators`, then `binding`.
"""

from processes.forms.texts import LongText
from processes.lists.values import for_people
from products.schema import VlanRanges
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.tree import Block, Subscription
from subscriptions.workflows.creating import CreateRefused, create
from subscriptions.workflows.decorators import (
    create_workflow,
    modify_workflow,
    reconcile_workflow,
    set_status,
    task,
    terminate_workflow,
    validate_workflow,
)
from subscriptions.workflows.further import Also

__all__ = [
    "Also",
    "Block",
    "CreateRefused",
    "LongText",
    "Subscription",
    "SubscriptionLifecycle",
    "VlanRanges",
    "create",
    "create_workflow",
    "for_people",
    "modify_workflow",
    "reconcile_workflow",
    "set_status",
    "task",
    "terminate_workflow",
    "validate_workflow",
]
