"""What conditions of grants may ask of each kind of object: of one by its facts, of many by a query.

Which kinds there are is said in the setting `ACCESS_KINDS` (name: dotted path of an `ObjectKind`), so that processes
need not know subscriptions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Model, Q
from django.utils.module_loading import import_string

from processes.access.conditions import Values
from processes.engine.binding import Subject
from processes.engine.workflow import Workflow

Known = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class ObjectFacts:
    """What is known of an object: attributes and their values. What is not among them does not concern it.

    While something is `open`, what is not known may still turn out to fit: a workflow of which no form is filled in.
    `is_row` says that it is a row that one may see or not.
    """

    known: Known
    open: bool = False
    is_row: bool = False


ANYTHING = ObjectFacts({}, open=True)


class FactsOf(Protocol):
    """What is known of the row of this key; None when there is none."""

    def __call__(self, key: Any) -> Known | None: ...


@dataclass(frozen=True)
class ObjectKind:
    """A kind of rows: its model, how to read the facts of one, and the query that asks for values of an attribute."""

    name: str
    model: type[Model]
    facts: FactsOf
    terms: Mapping[str, Callable[[Values], Q]]


@dataclass(frozen=True)
class Ref:
    """A row by the name of its kind and its key, which need not exist."""

    kind: str
    key: Any


@dataclass(frozen=True)
class Intended:
    """A start: a workflow, what it is to be about, and who starts it."""

    workflow: Workflow
    subjects: Sequence[Subject]
    by: str


def kinds() -> Mapping[str, ObjectKind]:
    """Every kind by its name."""
    return _kinds(tuple(sorted(settings.ACCESS_KINDS.items())))


def kind_of(model: type[Model]) -> ObjectKind | None:
    """The kind of the rows of a model; None when no condition can speak of them."""
    return next((kind for kind in kinds().values() if issubclass(model, kind.model)), None)


@lru_cache(maxsize=8)
def _kinds(paths: tuple[tuple[str, str], ...]) -> Mapping[str, ObjectKind]:
    return {name: import_string(path) for name, path in paths}


def facts_of(subject: object) -> ObjectFacts:
    """What is known of what somebody asks about; nothing yet when it is nothing in particular."""
    match subject:
        case ObjectFacts():
            return subject
        case Ref():
            return _of_row(kinds()[subject.kind], subject.key)
        case Workflow():
            return ObjectFacts(_of_workflow(subject), open=True)
        case Model() if (kind := kind_of(type(subject))) is not None:
            return _of_row(kind, subject.pk)
        case _:
            return ANYTHING


def _of_row(kind: ObjectKind, key: Any) -> ObjectFacts:
    known = kind.facts(key)
    return ANYTHING if known is None else ObjectFacts(known, is_row=True)


def _of_workflow(workflow: Workflow) -> Known:
    return {"workflow": frozenset({workflow.name}), "target": frozenset({workflow.target.value})}


def rows_of_start(start: Intended) -> list[tuple[ObjectFacts | None, ObjectFacts]]:
    """What is known of each row that a start is about, and of the start on it; of one about none, of the start alone.

    A start belongs to whom the row belongs to, so that *their own* speaks of what they have ordered; what is about
    nothing yet belongs to who starts it.
    """
    named = [(one, kinds()[one.kind].facts(one.id)) for one in start.subjects if one.kind in kinds()]
    rows = [ObjectFacts(known, is_row=True) for _, known in named if known is not None]
    return [(row, _start_on(row.known, start)) for row in rows] or [(None, _start_on({}, start))]


def _start_on(row: Known, start: Intended) -> ObjectFacts:
    """Everything is known of it: what it is not about, it has not."""
    nothing = dict.fromkeys(("product", "product_type", "customer", "subscription"), frozenset[str]())
    owner = row.get("owner") or frozenset({start.by})
    return ObjectFacts({**nothing, **row, **_of_workflow(start.workflow), "owner": owner})
