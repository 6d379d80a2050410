"""What a plan is made of, a file a kind of node. A process stands at a leaf; a composite says which node is next.

Not here: how a leaf is run (`processes.engine.execute`) and how a tree is walked (`processes.engine.tree`). The rule: a
new composite is a file here, an export, a builder in `engine.steps` and a name in `processes.engine`; store, driver and
recovery do not change. A new leaf also needs a `StepKind` and a branch in `execute`. A loop, a choice and a scope stand
as examples in tests/processes/engine/programs.py. Begin with `node`.
"""

from processes.engine.kinds.call import Call, OnCrash
from processes.engine.kinds.conditional import Conditional
from processes.engine.kinds.focus import Focus
from processes.engine.kinds.group import Group, GroupRetry
from processes.engine.kinds.input import Input
from processes.engine.kinds.node import (
    Composite,
    Condition,
    Leaf,
    NextNode,
    Node,
    Predicate,
    StepList,
    Surroundings,
    View,
)

__all__ = [
    "Call",
    "Composite",
    "Condition",
    "Conditional",
    "Focus",
    "Group",
    "GroupRetry",
    "Input",
    "Leaf",
    "NextNode",
    "Node",
    "OnCrash",
    "Predicate",
    "StepList",
    "Surroundings",
    "View",
]
