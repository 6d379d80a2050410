"""What processes are about, as far as whoever looks may see it: of a subject that one may not see nothing is told."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from processes.access.kinds import kinds
from processes.access.viewer import narrowed
from processes.engine.binding import Subject
from processes.store import listed as lists
from processes.store import subjects as store
from processes.store.listed import ListedProcess


def subjects_of(process_id: UUID) -> list[Subject]:
    """What a process is about, in the order it was named, by one query."""
    subjects = store.subjects_of(process_id)
    hidden = _hidden(subjects)
    return [one for one in subjects if one not in hidden]


def listed(process_ids: Sequence[UUID]) -> list[ListedProcess]:
    """The processes of these ids, in this order; those that are gone meanwhile are left out."""
    rows = lists.listed(process_ids)
    hidden = _hidden(one for row in rows for one in row.subjects)
    if not hidden:
        return rows
    return [row._replace(subjects=tuple(one for one in row.subjects if one not in hidden)) for row in rows]


def _hidden(subjects: Iterable[Subject]) -> set[Subject]:
    """Those that whoever looks may not see; no query where nobody is limited."""
    by_kind: dict[str, dict[Subject, UUID]] = {}
    for subject in subjects:
        if subject.kind in kinds():
            by_kind.setdefault(subject.kind, {})[subject] = UUID(subject.id)
    hidden: set[Subject] = set()
    for kind, keys in by_kind.items():
        shown = narrowed(kinds()[kind].model._default_manager.all())
        if shown is not None:
            seen = set(shown.filter(pk__in=keys.values()).values_list("pk", flat=True))
            hidden |= {subject for subject, key in keys.items() if key not in seen}
    return hidden
