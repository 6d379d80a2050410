"""The closed sets of words: what drives a process, what explains it, and what became of a step."""

from enum import StrEnum


class Target(StrEnum):
    """What a workflow does to a subscription; `system` workflows are tasks and need none."""

    CREATE = "create"
    MODIFY = "modify"
    TERMINATE = "terminate"
    VALIDATE = "validate"
    RECONCILE = "reconcile"
    SYSTEM = "system"


class RunState(StrEnum):
    """What drives a process: a `ready` one can be claimed, a `running` one commits, a `stopped` one needs somebody."""

    READY = "ready"
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"


class ProcessStatus(StrEnum):
    """What explains a process to people and clients; names as orchestrator-core has them."""

    CREATED = "created"
    RUNNING = "running"
    RESUMED = "resumed"
    SUSPENDED = "suspended"
    WAITING = "waiting"
    AWAITING_CALLBACK = "awaiting_callback"
    FAILED = "failed"
    INCONSISTENT_DATA = "inconsistent_data"
    API_UNAVAILABLE = "api_unavailable"
    ABORTED = "aborted"
    COMPLETED = "completed"


FAILED_STATUSES = frozenset({ProcessStatus.FAILED, ProcessStatus.INCONSISTENT_DATA, ProcessStatus.API_UNAVAILABLE})
ENDED_STATUSES = frozenset({ProcessStatus.ABORTED, ProcessStatus.COMPLETED})


class StepStatus(StrEnum):
    """What became of one attempt of a step; `pending` ones have no row yet."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    SKIPPED = "skipped"
    SUSPEND = "suspend"
    WAITING = "waiting"
    AWAITING_CALLBACK = "awaiting_callback"
    FAILED = "failed"
    CRASHED = "crashed"
    ABORT = "abort"
    COMPLETE = "complete"


COMMITTED_STATUSES = frozenset({StepStatus.SUCCESS, StepStatus.SKIPPED})


class StepKind(StrEnum):
    """How a step runs; an `edit` is a person's, and no part of a plan."""

    STEP = "step"
    INPUT = "input"
    EDIT = "edit"
