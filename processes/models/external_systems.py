"""External systems that steps call: how many calls at once, when to stop calling, and the calls that run."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from processes.engine.values.status import RunState
from processes.models.process import Process

FAILURE_THRESHOLD = 5
COOL_DOWN_SECONDS = 30.0
LONGEST_COOL_DOWN_SECONDS = 604_800.0
"""A week. A row that says more, whoever wrote it, is held to it."""


def defaults_of(name: str) -> dict[str, Any]:
    """What a new system begins with: `settings.EXTERNAL_SYSTEMS[name]`, and half the workers of a host."""
    max_concurrent = max(1, settings.Q_CLUSTER["workers"] // 2)
    return {
        "max_concurrent": max_concurrent,
        "failure_threshold": FAILURE_THRESHOLD,
        "cool_down_seconds": COOL_DOWN_SECONDS,
        **settings.EXTERNAL_SYSTEMS.get(name, {}),
    }


class ExternalSystemQuerySet(models.QuerySet["ExternalSystem"]):
    """Questions about external systems."""

    def ensure(self, names: Iterable[str]) -> None:
        """Make the rows that are missing; what people have set stays."""
        missing = set(names) - set(self.filter(name__in=list(names)).values_list("name", flat=True))
        self.bulk_create(
            [ExternalSystem(name=name, **defaults_of(name)) for name in sorted(missing)], ignore_conflicts=True
        )

    def not_closed(self) -> Self:
        """Those whose circuit breaker is open or half-open, or whose calls a person has stopped."""
        return self.filter(Q(stopped_at__isnull=False) | Q(half_open_at__isnull=False))


class ExternalSystem(models.Model):
    """A system that steps name, with a concurrency limit and a circuit breaker.

    After `failure_threshold` failures in a row the breaker is open until `half_open_at`; then it is half-open, and one
    call at a time is a trial. Without `max_concurrent` any number of steps may call the system at once; without
    `failure_threshold` the breaker never opens. `stopped_at` is when a person has stopped all calls.
    """

    name = models.CharField(max_length=100, unique=True)
    max_concurrent = models.PositiveSmallIntegerField(
        "concurrency limit",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Calls at the same time, on all hosts together; empty: any number.",
    )
    failure_threshold = models.PositiveSmallIntegerField(
        "failure threshold",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Consecutive failures before calls are paused; empty: never.",
    )
    cool_down_seconds = models.FloatField(
        "cool-down in seconds",
        validators=[MinValueValidator(1.0), MaxValueValidator(LONGEST_COOL_DOWN_SECONDS)],
        help_text="How long calls are paused before one call tests recovery.",
    )
    failures = models.PositiveIntegerField("consecutive failures", default=0)
    opened_at = models.DateTimeField("calls paused since", null=True, blank=True)
    half_open_at = models.DateTimeField("calls paused until", null=True, blank=True)
    stopped_at = models.DateTimeField("stopped", null=True, blank=True)
    stopped_by = models.CharField(max_length=255, blank=True)
    last_failure = models.TextField(blank=True)
    last_failed_at = models.DateTimeField(null=True, blank=True)

    objects = ExternalSystemQuerySet.as_manager()

    class Meta:
        verbose_name = "external system"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="external_system_max_concurrent_positive", condition=~Q(max_concurrent=0)),
            models.CheckConstraint(
                name="external_system_failure_threshold_positive", condition=~Q(failure_threshold=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SystemSlotQuerySet(models.QuerySet["SystemSlot"]):
    """Questions about slots."""

    def busy(self) -> Self:
        """Those whose call runs: its process is still at that very try of that step."""
        holder = Process.objects.filter(
            pk=OuterRef("process_id"),
            fence=OuterRef("fence"),
            run_state=RunState.RUNNING,
            position_path=OuterRef("path"),
            position_visit=OuterRef("visit"),
            position_attempt=OuterRef("attempt"),
        )
        return self.filter(Exists(holder))


class SystemSlot(models.Model):
    """Room for one call of a system. Nothing frees it: it is busy while its process is where it was when it took it.

    `taken` counts how often it was, so that of two who saw it free only one takes it.
    """

    system = models.ForeignKey(ExternalSystem, on_delete=models.CASCADE, related_name="slots", db_index=False)
    number = models.PositiveIntegerField()
    taken = models.BigIntegerField(default=0)
    process_id = models.UUIDField(null=True, blank=True)
    fence = models.BigIntegerField(default=0)
    path = models.CharField(max_length=1000, blank=True)
    visit = models.IntegerField(default=1)
    attempt = models.IntegerField(default=0)
    is_trial = models.BooleanField(default=False)

    objects = SystemSlotQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "number"], name="system_slot_unique_number")]

    def __str__(self) -> str:
        return f"{self.system_id}#{self.number}"
