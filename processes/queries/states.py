"""The state of a process after each of its steps, as far as it can be told and is not too much."""

from typing import Any
from uuid import UUID

import orjson

from processes.engine.values.secrets import masked
from processes.models import StateSnapshot, Step

MOST_BYTES = 1_000_000
"""Bytes of all states together: the states of a thousand steps are a thousand times the whole."""


def states_after(process_id: UUID) -> dict[int, dict[str, Any]]:
    """The state after each committed step, by the id of its row, with a mask in place of each secret.

    Steps before the last snapshot, and those beyond `MOST_BYTES` in all, are left out.
    """
    snapshot = StateSnapshot.objects.filter(process=process_id).values_list("sequence", "state").first()
    if snapshot is None:
        return {}
    since, state = snapshot
    found: dict[int, dict[str, Any]] = {}
    weight = 0
    rows = Step.objects.filter(process=process_id, sequence__gte=since).order_by("sequence")
    for row_id, sequence, patch in rows.values_list("pk", "sequence", "patch"):
        if (sequence or 0) > since:
            state = {**state, **(patch or {})}
        told = masked(state)
        weight += len(orjson.dumps(told))
        if weight > MOST_BYTES:
            break
        found[row_id] = told
    return found
