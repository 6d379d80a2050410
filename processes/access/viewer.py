"""For whom something is shown, where nobody can hand the user on: the choices of a form, deep in an author's code.

The web sets it for each request; workers and commands show nothing to anybody, and there all rows are seen.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from processes.access.kinds import Ref
from processes.access.permissions import Action, AnyUser, check, visible

R = TypeVar("R", bound=QuerySet[Any])
Viewer = Callable[[], AnyUser]
_viewer: ContextVar[Viewer | None] = ContextVar("viewer", default=None)


@contextmanager
def shown_to(viewer: Viewer) -> Iterator[None]:
    """Say who looks, by a function, since a request finds that out only when it is asked."""
    token = _viewer.set(viewer)
    try:
        yield
    finally:
        _viewer.reset(token)


def present_viewer() -> AnyUser | None:
    """Who looks; None where nobody does."""
    viewer = _viewer.get()
    return None if viewer is None else viewer()


def seen(rows: R) -> R:
    """Those of the rows that whoever looks may see; all of them where nobody does."""
    viewer = present_viewer()
    return rows if viewer is None else visible(rows, viewer)


def check_visible(subject: Ref) -> None:
    """Raise Denied where somebody looks who may not see this row."""
    viewer = present_viewer()
    if viewer is not None:
        check(viewer, Action.VIEW, subject)


def narrowed(rows: R) -> R | None:
    """The same where that is less than all of them; None where nothing is left out."""
    shown = seen(rows)
    return None if shown is rows else shown


def seen_ids(model: type[Model], ids: list[Any]) -> set[Any]:
    """Those of the ids that whoever looks may see; no query where that is all."""
    shown = narrowed(model._default_manager.all())
    return set(ids) if shown is None else set(shown.filter(pk__in=ids).values_list("pk", flat=True))
