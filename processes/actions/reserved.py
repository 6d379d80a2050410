"""Keys of a state that tell what the process is: no person changes them, whichever way a person changes a state."""

from collections.abc import Mapping
from typing import Any

from processes.actions.errors import InvalidArgument

OWN_KEYS = frozenset({"process_id", "reporter", "workflow_name", "workflow_target"})


def check_keys(values: Mapping[str, Any], argument: str) -> None:
    """Raise InvalidArgument, in the name of the argument, when one of these keys is among the values."""
    taken = sorted(OWN_KEYS & values.keys())
    if taken:
        raise InvalidArgument(argument, f"These keys cannot be changed: {', '.join(taken)}.")
