"""Tables of processes: definitions, runs, what waits, what is owed, who did what."""

from processes.models.audit import AuditEvent, AuditHead
from processes.models.operations import EngineSettings, FormDraft, Idempotency, Notification, Worker
from processes.models.outside import OutsideSystem, SystemSlot
from processes.models.process import Process, ProcessSubject, StateSnapshot, Step
from processes.models.traffic import Inbox, Outbox, ResourceLock, Schedule, ScheduleRun, Wait
from processes.models.workflow import Workflow, WorkflowVersion

__all__ = [
    "AuditEvent",
    "AuditHead",
    "EngineSettings",
    "FormDraft",
    "Idempotency",
    "Inbox",
    "Notification",
    "Outbox",
    "OutsideSystem",
    "Process",
    "ProcessSubject",
    "ResourceLock",
    "Schedule",
    "ScheduleRun",
    "StateSnapshot",
    "Step",
    "SystemSlot",
    "Wait",
    "Worker",
    "Workflow",
    "WorkflowVersion",
]
