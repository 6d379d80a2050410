"""What a validation says of its subscription when it ends: nothing differs, or these facts do."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from processes.engine.binding import End
from processes.engine.values.errors import StepError
from processes.engine.values.status import ProcessStatus, Target
from subscriptions.actions import record_validation


def keep_verdict(end: End) -> None:
    """A validation that completes finds no difference; one that fails otherwise than by a difference says nothing."""
    told = end.status in {ProcessStatus.COMPLETED, ProcessStatus.INCONSISTENT_DATA}
    if end.workflow.target is not Target.VALIDATE or not told:
        return
    record_validation(
        UUID(end.state["subscription_id"]),
        end.workflow.name,
        process_id=end.process_id,
        at=timezone.now(),
        differences=found_by(end.error) if end.status is ProcessStatus.INCONSISTENT_DATA else (),
    )


def found_by(error: StepError | None) -> list[dict[str, Any]]:
    """The differences that an error tells as data; one that tells none is itself the fact that differs."""
    details = error.details if error else None
    found = details.get("differences") if isinstance(details, dict) else None
    if isinstance(found, list) and found and all(isinstance(one, dict) and "fact" in one for one in found):
        return found
    return [{"fact": f"data ({error.class_name})" if error else "data", "expected": "consistent", "actual": None}]
