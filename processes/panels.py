"""What a site tells about the subjects of processes, by the functions that `settings.PROCESS_PANELS` names."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypedDict

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
    """Label and address for each (kind, id, stored label); the stored label where no panel knows better."""
    found: dict[SubjectKey, SubjectLink] = {}
    ids: dict[str, list[str]] = {}
    for kind, subject_id, label in subjects:
        found[kind, subject_id] = SubjectLink(label=label or subject_id, url="")
        ids.setdefault(kind, []).append(subject_id)
    for panel in _panels():
        for kind, wanted in ids.items():
            known = panel(kind, wanted)
            found.update({(kind, subject_id): link for subject_id, link in known.items()})
    return found


def _panels() -> list[Panel]:
    return [import_string(path) for path in getattr(settings, "PROCESS_PANELS", [])]
