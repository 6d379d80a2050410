"""Try the failed step of a process again."""

from uuid import UUID

from django.contrib.auth.models import AbstractUser

from processes import store
from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.errors import check_seen
from processes.actions.idempotency import run_once
from processes.actions.pause import check_running
from processes.engine import transitions
from processes.engine.transitions import Transition
from processes.engine.values.errors import Refused
from processes.engine.values.status import ProcessStatus
from processes.models import Process
from processes.plugins import registry
from processes.store import failpoints, load_state, locks, wakeups


def retry(process_id: UUID, *, by: AbstractUser, idempotency_key: str = "", seen: str = "") -> Process:
    """Try the step again at which a process failed or waits, with the state before it and a new budget of tries.

    Its locks are taken again. Raises Process.DoesNotExist, Denied, Refused (Moved, when it does not stand as `seen`),
    LockHeld; nothing has changed then.
    """
    process = Process.objects.get(pk=process_id)
    permissions.check(by, Action.RETRY, process)
    check_running()
    name = by.get_username()
    retried = run_once(name, "retry", process_id, idempotency_key, None, lambda: _retry(process_id, seen, by=name))
    failpoints.hit("retried")
    return retried


def _retry(process_id: UUID, seen: str, *, by: str) -> Process:
    process = Process.objects.locked(process_id)
    check_seen(process, seen)
    if not (process.is_failed or process.status == ProcessStatus.WAITING):
        raise Refused(f"Only a failed or waiting process can be retried; this process is {process.status}.")
    locks.acquire(process.pk, process.lock_keys)
    failpoints.hit("retry-locked")
    store.move(process, _transition(process))
    wakeups.wake()
    audit.record("retry", by=by, kind="process", subject=process_id, detail={"step": process.position_path})
    process.refresh_from_db()
    return process


def _transition(process: Process) -> Transition:
    """At the step that failed, or at the first of its group when the whole group is to run again."""
    try:
        tree = registry.get(process.workflow_name).tree
    except registry.UnknownWorkflow:
        return transitions.retried(process.standing)
    place = tree.place_at(process.position_path)
    if place is None or not place.around.restart_at:
        return transitions.retried(process.standing)
    at = process.standing
    return transitions.restarted(at, tree.restart(place.around.restart_at, at.position, load_state(process.pk)))
