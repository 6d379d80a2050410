"""Tables of processes: definitions, runs, what waits, what is owed, who did what."""

from processes.models.audit import AuditEvent
from processes.models.operations import EngineSettings, FormDraft, Idempotency, Notification, Worker
from processes.models.process import Process, ProcessSubject, StateSnapshot, Step
from processes.models.traffic import Inbox, Outbox, ResourceLock, Schedule, ScheduleRun, Wait
from processes.models.workflow import Workflow, WorkflowVersion

__all__ = [
    "AuditEvent",
    "EngineSettings",
    "FormDraft",
    "Idempotency",
    "Inbox",
    "Notification",
    "Outbox",
    "Process",
    "ProcessSubject",
    "ResourceLock",
    "Schedule",
    "ScheduleRun",
    "StateSnapshot",
    "Step",
    "Wait",
    "Worker",
    "Workflow",
    "WorkflowVersion",
]
