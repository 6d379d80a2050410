"""What a site tells about processes: their subjects, by the functions that `settings.PROCESS_PANELS` names (for REST
`settings.SUBJECT_ROWS`), and what their steps changed outside the state, by those that `settings.STEP_PANELS` names.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


class SubjectLink(TypedDict):
    """A subject as people see it; `url` is empty when it has no page."""

    label: str
    url: str


Panel = Callable[[str, list[str]], Mapping[str, SubjectLink]]
"""Given a kind and ids, what it knows of them by id; called once a page and kind, never per row."""

SubjectKey = tuple[str, str]


def links(subjects: Iterable[tuple[str, str, str]]) -> dict[SubjectKey, SubjectLink]:
    """Label and address for each (kind, id, stored label); the stored label where no panel knows better, or no id."""
    found: dict[SubjectKey, SubjectLink] = {}
    ids: dict[str, list[str]] = {}
    for kind, subject_id, label in subjects:
        found[kind, subject_id] = SubjectLink(label=label or subject_id, url="")
        if subject_id:
            ids.setdefault(kind, []).append(subject_id)
    for panel in _panels():
        for kind, wanted in ids.items():
            known = panel(kind, wanted)
            found.update({(kind, subject_id): link for subject_id, link in known.items()})
    return found


RestRow = Mapping[str, Any]
RestRows = Callable[[str, list[str]], Mapping[str, RestRow]]
"""Given a kind and ids, the rows of REST that it knows of them by id; called once a list and kind, never per row."""


def rest_rows(subjects: Iterable[SubjectKey]) -> dict[SubjectKey, RestRow]:
    """What REST tells of subjects, by kind and id; those that no function knows are absent."""
    ids: dict[str, dict[str, None]] = {}
    for kind, subject_id in subjects:
        ids.setdefault(kind, {})[subject_id] = None
    found: dict[SubjectKey, RestRow] = {}
    for path in getattr(settings, "SUBJECT_ROWS", []):
        told: RestRows = import_string(path)
        for kind, wanted in ids.items():
            found.update({(kind, subject_id): row for subject_id, row in told(kind, list(wanted)).items()})
    return found


@dataclass(frozen=True)
class FieldChange:
    """One field that differs: `kind` is added, changed or removed; a text that is safe HTML stays HTML."""

    path: str
    kind: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class StepChange:
    """What a try of a step changed in one thing outside the state; `note` says which version of it that is."""

    label: str
    url: str
    note: str
    note_url: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class StepPatch:
    """What a recorded try of a step put into the state."""

    row_id: int
    path: str
    patch: Mapping[str, Any]


StepPanel = Callable[[UUID, Sequence[StepPatch]], Mapping[int, Sequence[StepChange]]]
"""Given a process and all its tries, what those changed, by row; called once a page, never per step."""


def step_changes(process_id: UUID, patches: Sequence[StepPatch]) -> dict[int, tuple[StepChange, ...]]:
    """What tries of steps changed outside the state, by row; those that no panel knows are absent."""
    found: dict[int, tuple[StepChange, ...]] = {}
    for path in getattr(settings, "STEP_PANELS", []):
        panel: StepPanel = import_string(path)
        for row_id, changes in panel(process_id, patches).items():
            found[row_id] = (*found.get(row_id, ()), *changes)
    return found


def _panels() -> list[Panel]:
    return [import_string(path) for path in getattr(settings, "PROCESS_PANELS", [])]
