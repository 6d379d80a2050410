"""The parts of the product that the benchmarks call from inside, imported here and nowhere else in this package."""

from processes import actions as processes
from processes import store
from processes.access.permissions import Action
from processes.engine.kinds.node import State
from processes.engine.values.status import ProcessStatus, StepKind
from processes.engine.workflow import Workflow
from processes.execution.drive import run_claimed
from processes.lists.counts import estimates
from processes.models import Process, ProcessSubject, StateSnapshot, Step, Worker
from processes.plugins import registry
from processes.queries import invariants
from products.actions import import_catalogue
from products.models import Product
from subscriptions import tree
from subscriptions.actions import Cause, mark_in_sync, mint, save
from subscriptions.models import (
    BlockInstance,
    Customer,
    InstanceRelation,
    Subscription,
    SubscriptionVersion,
    UniqueValue,
    unique_key,
)
from subscriptions.queries.loading import load

__all__ = [
    "Action",
    "BlockInstance",
    "Cause",
    "Customer",
    "InstanceRelation",
    "Process",
    "ProcessStatus",
    "ProcessSubject",
    "Product",
    "State",
    "StateSnapshot",
    "Step",
    "StepKind",
    "Subscription",
    "SubscriptionVersion",
    "UniqueValue",
    "Worker",
    "Workflow",
    "estimates",
    "import_catalogue",
    "invariants",
    "load",
    "mark_in_sync",
    "mint",
    "processes",
    "registry",
    "run_claimed",
    "save",
    "store",
    "tree",
    "unique_key",
]
