"""Rows of processes in any state, without a worker: for lists, timelines and pages."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from processes.engine.values.status import ENDED_STATUSES, ProcessStatus, RunState, StepStatus, Target
from processes.models import Process, ProcessSubject, StateSnapshot, Step, Workflow, WorkflowVersion

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Plan = list[dict[str, str]]
PLAN: Plan = [
    {"path": "create", "name": "Create", "kind": "step"},
    {"path": "confirm", "name": "Confirm", "kind": "input"},
    {"path": "finish", "name": "Finish", "kind": "step"},
]
_DRIVEN = {
    ProcessStatus.CREATED: RunState.READY,
    ProcessStatus.RESUMED: RunState.READY,
    ProcessStatus.WAITING: RunState.READY,
    ProcessStatus.RUNNING: RunState.RUNNING,
}


def long_plan(steps: int) -> Plan:
    """The plan of a workflow of many steps: `step-1`, `step-2` and so on."""
    return [{"path": f"step-{number}", "name": f"Step {number}", "kind": "step"} for number in range(1, steps + 1)]


def workflow_version(name: str = "create_node", target: Target = Target.CREATE, plan: Plan = PLAN) -> WorkflowVersion:
    """The one version of a workflow of that name and plan."""
    described = {"description": f"{name} for tests", "target": target, "is_task": target is Target.SYSTEM}
    workflow, _ = Workflow.objects.get_or_create(name=name, defaults=described)
    fingerprint = sha256(repr(plan).encode()).hexdigest()
    version, _ = WorkflowVersion.objects.get_or_create(
        workflow=workflow, fingerprint=fingerprint, defaults={"plan": plan}
    )
    return version


def process(
    status: ProcessStatus = ProcessStatus.COMPLETED,
    *,
    workflow: str = "create_node",
    target: Target = Target.CREATE,
    about: str = "",
    plan: Plan = PLAN,
    **fields: Any,
) -> Process:
    """A process in that status at the first step of its plan, about a subscription of this id and label."""
    version = workflow_version(workflow, target, plan)
    ended = status in ENDED_STATUSES
    state = RunState.ENDED if ended else _DRIVEN.get(status, RunState.STOPPED)
    given = {
        "run_state": state,
        "leased_by": "worker-1" if state is RunState.RUNNING else "",
        "ended_at": AT + timedelta(seconds=9) if ended else None,
        "position_path": "" if ended else plan[0]["path"],
        "created_by": "operator",
        "ready_at": AT,
        "started_at": AT,
        "last_modified_at": AT,
        **fields,
    }
    made = Process.objects.create(
        workflow_version=version,
        workflow_name=workflow,
        target=target,
        is_task=target is Target.SYSTEM,
        status=status,
        **given,
    )
    StateSnapshot.objects.create(process=made, state={"process_id": str(made.pk)})
    if about:
        ProcessSubject.objects.create(process=made, kind="subscription", subject_id=about, label=f"label of {about}")
    return made


def step(of: Process, path: str = "create", status: StepStatus = StepStatus.SUCCESS, **fields: Any) -> Step:
    """A recorded try of a step of the plan above."""
    given = {
        "name": path.capitalize(),
        "attempt": 1,
        "started_at": AT,
        "completed_at": AT + timedelta(seconds=2),
        "created_by": "SYSTEM",
        "worker": "worker-1",
        **fields,
    }
    return Step.objects.create(process=of, path=path, status=status, **given)


def long_process(status: ProcessStatus = ProcessStatus.RUNNING, *, steps: int, done: int, **fields: Any) -> Process:
    """A process of many steps that has done so many of them, and stands at the next."""
    place = "" if status in ENDED_STATUSES else f"step-{done + 1}"
    made = process(
        status, plan=long_plan(steps), workflow=f"walk_{steps}", position_path=place, sequence=done, **fields
    )
    walk(made, 1, done)
    return made


def walk(of: Process, first: int, last: int) -> None:
    """Record that these steps of a long process were done, and let it stand at the next."""
    Step.objects.bulk_create(
        Step(
            process=of,
            path=f"step-{number}",
            name=f"Step {number}",
            sequence=number,
            status=StepStatus.SUCCESS,
            patch={f"key-{number}": number},
            worker="worker-1",
            started_at=AT,
            completed_at=AT + timedelta(seconds=2),
        )
        for number in range(first, last + 1)
    )
    if of.status not in ENDED_STATUSES:
        of.position_path, of.sequence = f"step-{last + 1}", last
        of.save(update_fields=["position_path", "sequence"])
