"""Workflows as rows for integrations: their ids over REST, and the definitions behind them."""

from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from processes.models import Workflow

_IDS = UUID("0f5c6a0e-6a55-4d0b-9a0c-0d3f4c1f8a77")


@lru_cache(maxsize=4096)
def workflow_id(name: str) -> UUID:
    """The id under which REST knows a workflow: it follows from the name, which stays."""
    return uuid5(_IDS, name)


def workflow_of(wanted: UUID) -> Workflow | None:
    """The workflow with this id over REST; there are as many as a site has written, so each is looked at."""
    return next((one for one in Workflow.objects.all() if workflow_id(one.name) == wanted), None)


def workflow_row(workflow: Workflow) -> dict[str, Any]:
    """A workflow in the words of REST."""
    return {
        "workflow_id": workflow_id(workflow.name),
        "name": workflow.name,
        "target": workflow.target.upper(),
        "is_task": workflow.is_task,
        "description": workflow.description,
        "created_at": workflow.created_at,
    }
