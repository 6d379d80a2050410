"""The difference of two JSON trees as a list of places with the value before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One place that differs; None stands for no value."""

    path: str
    before: Any
    after: Any

    @property
    def kind(self) -> str:
        """Whether a value was added, removed or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(before: Any, after: Any, path: str = "") -> list[Change]:
    """Every leaf that differs, in the order of the keys; lists are compared place by place.

    What an object has under the empty key stands for the object itself.
    """
    return list(_differences(before, after, path))


def _differences(before: Any, after: Any, path: str) -> Iterator[Change]:
    if isinstance(before, Mapping | list) or isinstance(after, Mapping | list):
        old, new = _parts(before), _parts(after)
        if (old is not None) and (new is not None):
            for key in [*old, *(key for key in new if key not in old)]:
                yield from _differences(old.get(key), new.get(key), _join(path, key))
            return
    if before != after:
        yield Change(path, before, after)


def _parts(value: Any) -> dict[str, Any] | None:
    """The named parts of a value: keys of an object, `[0]` and so on of a list, nothing of None."""
    match value:
        case None:
            return {}
        case list():
            return {f"[{index}]": item for index, item in enumerate(value)}
        case Mapping():
            return {str(key): item for key, item in value.items()}
        case _:
            return None


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path and key and not key.startswith("[") else path + key
