"""A process (one run of a workflow), its steps, and who it is about."""

from typing import Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Left
from django.urls import reverse

from processes.engine.transitions import Standing
from processes.engine.tree import Position
from processes.engine.values.status import (
    COMMITTED_STATUSES,
    ENDED_STATUSES,
    FAILED_STATUSES,
    ProcessStatus,
    RunState,
    StepKind,
    StepStatus,
    Target,
)
from processes.models.json_field import JSONField
from processes.models.workflow import WorkflowVersion

STOPPED_STATUSES = (ProcessStatus.SUSPENDED, *sorted(FAILED_STATUSES))
"""Processes that wait for a person."""
TROUBLE_STATUSES = (StepStatus.CRASHED, StepStatus.FAILED, StepStatus.WAITING)
"""What a try may have come to that somebody may ask about later."""


class ProcessQuerySet(models.QuerySet["Process"]):
    """Questions about processes."""

    def unfinished(self) -> Self:
        """Neither completed nor aborted."""
        return self.exclude(run_state=RunState.ENDED)

    def failed(self) -> Self:
        """Stopped by an error and waiting for a person."""
        return self.filter(status__in=FAILED_STATUSES)

    def locked(self, process_id: UUID) -> "Process":
        """One, held until the transaction ends, so that a worker's commit waits. Raises Process.DoesNotExist."""
        return self.select_for_update().get(pk=process_id)

    def tasks(self) -> Self:
        return self.filter(is_task=True)

    def about(self, kind: str, subject_id: str) -> Self:
        """Those that name this subject, such as `about("subscription", id)`."""
        return self.filter(subjects__kind=kind, subjects__subject_id=subject_id)


class Process(models.Model):
    """One run. `run_state` drives, `status` explains; every write for a step carries `fence` in its WHERE.

    A ready one that is `blocked_by_system`, by name, is not claimed while that external system takes no calls, nor is
    any `not_before` the moment until which it is held back; its place in line is that of `ready_at` all the same.

    It stands at a position: the path and visit of the step that is due or runs ("" when none is left), and the frames
    of the composites around it. Before user code runs, `position_attempt` counts the try; the step gets its row when
    the try is over. `processes.engine.transitions` says what becomes of these columns.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    workflow_version = models.ForeignKey(WorkflowVersion, on_delete=models.PROTECT, related_name="processes")
    workflow_name = models.CharField(max_length=255)
    target = models.CharField(max_length=20, choices=[(target.value, target.value) for target in Target])
    is_task = models.BooleanField(default=False)

    run_state = models.CharField(max_length=10, default=RunState.READY)
    status = models.CharField(max_length=20, default=ProcessStatus.CREATED)
    position_path = models.CharField(max_length=1000)
    position_visit = models.IntegerField(default=1)
    position_frames = JSONField(default=dict, db_default=Value({}, models.JSONField()))
    position_attempt = models.IntegerField(default=0)
    retry_base = models.IntegerField(default=0)
    attempt_started_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    progress = JSONField(null=True, blank=True)
    sequence = models.IntegerField(default=0)

    fence = models.BigIntegerField(default=0)
    leased_by = models.CharField(max_length=100, default="", blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True, blank=True)
    priority = models.SmallIntegerField(default=0)
    blocked_by_system = models.CharField(max_length=100, default="", db_default="", blank=True)
    crash_count = models.SmallIntegerField(default=0)
    lock_keys = JSONField(default=list)

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="descendants")
    children_remaining = models.IntegerField(default=0)

    created_by = models.CharField(max_length=255)
    assignee = models.CharField(max_length=50, default="SYSTEM")
    note = models.CharField(max_length=5000, null=True, blank=True)
    last_step = models.CharField(max_length=255, null=True, blank=True)
    failed_reason = models.TextField(null=True, blank=True)
    error_class = models.CharField(max_length=255, null=True, blank=True)
    traceback = models.TextField(null=True, blank=True)
    started_at = models.DateTimeField()
    last_modified_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "id"]
        indexes = [
            models.Index(fields=["-priority", "ready_at"], name="process_claimable", condition=Q(run_state="ready")),
            models.Index(
                fields=["blocked_by_system"], name="process_blocked_by_system", condition=~Q(blocked_by_system="")
            ),
            models.Index(fields=["leased_by"], name="process_leased", condition=Q(run_state="running")),
            models.Index(fields=["deadline_at"], name="process_deadline", condition=Q(deadline_at__isnull=False)),
            models.Index(fields=["-started_at", "id"], name="process_newest"),
            models.Index(fields=["status", "-started_at"], name="process_by_status"),
            models.Index(fields=["workflow_name", "-started_at"], name="process_by_workflow"),
            models.Index(fields=["created_by", "-started_at"], name="process_by_person"),
            models.Index(
                fields=["status", "is_task"], name="process_stopped", condition=Q(status__in=STOPPED_STATUSES)
            ),
            # For lists sorted by it. What changes with each step (`last_step`, `last_modified_at`) has no index: it
            # would make each commit write all the others anew, where now it writes none.
            models.Index(fields=["target", "-started_at"], name="process_sort_target"),
            models.Index(fields=["is_task", "-started_at"], name="process_sort_task"),
            models.Index(fields=["assignee", "-started_at"], name="process_sort_assignee"),
            models.Index(fields=["ended_at", "-started_at"], name="process_sort_end"),
            models.Index(Left("note", 100), F("started_at").desc(), name="process_sort_note"),
        ]
        constraints = [
            models.CheckConstraint(
                name="process_running_is_leased", condition=~Q(run_state="running") | ~Q(leased_by="")
            ),
            models.CheckConstraint(
                name="process_blocked_when_ready", condition=Q(blocked_by_system="") | Q(run_state="ready")
            ),
            models.CheckConstraint(
                name="process_ended_has_moment", condition=~Q(run_state="ended") | Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workflow_name} {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("processes:detail", args=[self.id])

    @property
    def log_words(self) -> dict[str, object]:
        """What a log line about the present step says besides its text."""
        return {
            "worker": self.leased_by,
            "process_id": str(self.pk),
            "workflow": self.workflow_name,
            "step": self.position_path,
            "attempt": self.position_attempt,
        }

    @property
    def stand(self) -> str:
        """Where it stands, for somebody who acts on what they have seen: another text after whatever happens to it."""
        return f"{self.fence}.{self.sequence}.{self.position_attempt}.{self.status}"

    @property
    def standing(self) -> Standing:
        """Where it stands, for `processes.engine.transitions`."""
        return Standing(
            RunState(self.run_state),
            ProcessStatus(self.status),
            Position(self.position_path, self.position_visit, self.position_frames),
            self.position_attempt,
            self.retry_base,
            self.crash_count,
            self.sequence,
            self.assignee,
        )

    @property
    def is_ended(self) -> bool:
        return self.status in ENDED_STATUSES

    @property
    def is_failed(self) -> bool:
        return self.status in FAILED_STATUSES


class Step(models.Model):
    """One attempt of a step that came to something; the one that runs is told by the position of its process.

    `patch` holds what the step changed in the state (key to value); `error` is `{"class", "message", "traceback"}`.
    `sequence` numbers committed steps of a process from 1; attempts that came to nothing have none.
    """

    id = models.BigAutoField(primary_key=True)
    process = models.ForeignKey(
        Process,
        on_delete=models.CASCADE,
        related_name="steps",
        db_index=False,  # step_unique_attempt begins with it
    )
    path = models.CharField(max_length=1000)
    visit = models.IntegerField(default=1)
    attempt = models.IntegerField(default=1)
    sequence = models.IntegerField(null=True, blank=True)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, default=StepKind.STEP)
    status = models.CharField(max_length=20)
    patch = JSONField(null=True, blank=True)
    error = JSONField(null=True, blank=True)
    reason = models.CharField(max_length=2000, null=True, blank=True)
    created_by = models.CharField(max_length=255, default="SYSTEM")
    worker = models.CharField(max_length=100, default="", blank=True)
    fence = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["status", "-id"], name="step_trouble", condition=Q(status__in=TROUBLE_STATUSES))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["process", "path", "visit"],
                name="step_one_committed_success",
                condition=Q(status__in=sorted(COMMITTED_STATUSES)),
            ),
            models.UniqueConstraint(fields=["process", "path", "visit", "attempt"], name="step_unique_attempt"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.status})"


class StateSnapshot(models.Model):
    """The whole state after step `sequence`; rewritten when the patches since outweigh it."""

    process = models.OneToOneField(Process, on_delete=models.CASCADE, primary_key=True, related_name="snapshot")
    sequence = models.IntegerField(default=0)
    state = JSONField()

    def __str__(self) -> str:
        return f"{self.process_id}#{self.sequence}"


class ProcessSubject(models.Model):
    """What a process is about, without knowing it: kind, id and a label to show."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="subjects")
    kind = models.CharField(max_length=50)
    subject_id = models.CharField(max_length=100)
    label = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["process", "kind", "subject_id"], name="process_subject_unique")]
        indexes = [models.Index(fields=["kind", "subject_id"], name="process_subject_lookup")]

    def __str__(self) -> str:
        return self.label or self.subject_id
