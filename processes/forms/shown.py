"""What a page has shown, as digests that it sends back: what has changed since is told, and not overwritten unseen.

A field that was left as it was takes its present value; one that was filled in keeps what was typed, beside what there
is now. `at` is the revision of what the page is about: while that is the same, nothing has changed.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import orjson

from processes.forms.errors import FieldError
from processes.forms.fields import MISSING, SHOWN_ONLY, Input, Kind, Schema
from processes.forms.reading import inputs
from processes.forms.values import shown

_SHORT = 12
_NOTHING: tuple[Any, ...] = (MISSING, None, "", [])
_LONGEST = 300
_GONE = "It is no longer asked; what was there is not used."


@dataclass(frozen=True)
class Shown:
    """What a page showed: at which revision, and a digest of what each of its places was filled with."""

    at: str
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, schema: Schema, at: str) -> Self:
        """What this page shows now."""
        return cls(at, {one.path: _digest(_filled(one)) for one in _places(inputs(schema))})

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What a page sent back; None where that is nothing of ours."""
        try:
            at, values = orjson.loads(text)
            return cls(str(at), {str(path): str(digest) for path, digest in values.items()})
        except (orjson.JSONDecodeError, ValueError, TypeError, AttributeError):
            return None

    @property
    def text(self) -> str:
        """As `read` takes it."""
        return orjson.dumps([self.at, self.values]).decode()


@dataclass(frozen=True)
class Rebased:
    """The answers to a page over its present values, and each place that is another than was shown."""

    answers: dict[str, Any]
    changes: tuple[FieldError, ...]


def rebase(seen: Shown, schema: Schema, answers: Mapping[str, Any]) -> Rebased:
    """What becomes of answers to a page that showed `seen`, and shows something else by now."""
    fields = inputs(schema)
    changes: list[FieldError] = []
    rebased = _rebased(fields, answers, seen.values, changes)
    gone = seen.values.keys() - {one.path for one in _places(fields)}
    changes += [_change(path, f"{path}: {_GONE}") for path in sorted(gone)]
    return Rebased(rebased, tuple(changes))


def _rebased(
    fields: tuple[Input, ...], answers: Mapping[str, Any], seen: Mapping[str, str], changes: list[FieldError]
) -> dict[str, Any]:
    rebased = dict(answers)
    for one in fields:
        typed = answers.get(one.name, MISSING)
        if one.kind is Kind.GROUP and isinstance(typed, Mapping):
            rebased[one.name] = _rebased(one.fields, typed, seen, changes)
        elif seen.get(one.path, _digest(_filled(one))) != _digest(_filled(one)):
            if one.kind is Kind.HIDDEN or _digest(typed) == seen[one.path]:
                rebased.pop(one.name, None)
            if said := _said(one, typed, seen[one.path]):
                changes.append(_change(one.path, said))
    return rebased


def _said(one: Input, typed: Any, seen: str) -> str:
    """The sentence at a place that has changed; nothing where nobody can see it, or where the answer is the same."""
    if one.kind is Kind.HIDDEN:
        return ""
    if one.kind in SHOWN_ONLY:
        return "This has changed since you opened the form."
    if _digest(typed) == _digest(one.default):
        return ""
    if typed is MISSING or _digest(typed) == seen:
        return "Somebody has changed this since you opened the form; it shows the present value."
    text = shown(one, one.default)[:_LONGEST]
    now = f"“{text}”" if text else "empty"
    return f"Somebody has changed this since you opened the form: it is now {now}. Send again to replace it."


def _places(fields: tuple[Input, ...]) -> Iterator[Input]:
    for one in fields:
        if one.kind is Kind.GROUP:
            yield from _places(one.fields)
        else:
            yield one


def _filled(one: Input) -> Any:
    return one.data if one.data is not None and one.kind in SHOWN_ONLY else one.default


def _change(path: str, said: str) -> FieldError:
    return FieldError(type="changed_meanwhile", loc=list(path.split(".")), msg=said)


def _digest(value: Any) -> str:
    if any(value is nothing or value == nothing for nothing in _NOTHING):
        return ""
    text = orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hashlib.sha256(text).hexdigest()[:_SHORT]
