"""Feed answers to a form page by page and say where that ends. Rendering and cleaning are elsewhere."""

import inspect
import logging
import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
import structlog
from django.core.exceptions import PermissionDenied
from django.db import connection
from pydantic import BaseModel, SecretStr
from pydantic_forms.core import page_schema
from pydantic_forms.core.shared import Complete, NextPage, Rejected, get_form_meta
from pydantic_forms.core.sync import walk_form
from pydantic_forms.exceptions import FormOverflowError

from processes.engine.injection import form_arguments
from processes.engine.values import json_text
from processes.engine.values.errors import StartRefused, StepError, UnknownObject
from processes.engine.values.failures import plain_json
from processes.engine.values.json_text import LongNumber
from processes.engine.values.secrets import MARK, hidden, hide, keeping, masked, sealed
from processes.engine.values.text import is_storable
from processes.forms.errors import (
    MOST_ERRORS,
    FieldError,
    FormError,
    FormIncomplete,
    FormInvalid,
    FormUnavailable,
    Page,
)
from processes.forms.judging import besides, page_errors, without_faults
from processes.forms.secrets import holds_secrets, secrets_of
from processes.store.sealing import VAULT

FormGenerator = Callable[..., Any]
"""A generator function of pages (it yields page classes, is sent their answers, returns a dictionary)."""

PageGenerator = Generator[type[Any], Any, Any]
Bound = Callable[[dict[str, Any]], PageGenerator]

_LARGEST = 2**63
_MAX_DEPTH = json_text.DEEPEST - 10
"""Levels of a page: less than of a whole body, of which pages are a part."""
_WORDS = {"union_tag_not_found": "Choose a kind."}
_MOST_PAGES = 1000
_MOST_VALUES = 20_000
_PASS = (FormError, StartRefused, PermissionDenied, UnknownObject)
_log = logging.getLogger(__name__)

if not structlog.is_configured():  # pydantic-forms tells every walk at debug level, answers included
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def walk(form: FormGenerator | None, state: Mapping[str, Any], pages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The result of the form over the answers in `pages` (one mapping a page, in order), as plain JSON; secrets sealed.

    No form takes `[]` or `[{}]` and gives `{}`. Runs author's code, so never inside a transaction.
    Raises `FormIncomplete` when a page is due, `FormInvalid` when one is invalid or there are too many,
    `FormUnavailable` when the form function itself fails.
    """
    try:
        check_answers(pages)
    except FormInvalid as invalid:
        raise _with_others(invalid, form, state, pages) from None
    if form is None:
        return _without_form(pages)
    return _guarded(form, state, pages, [])


def _with_others(
    invalid: FormInvalid, form: FormGenerator | None, state: Mapping[str, Any], pages: Sequence[Mapping[str, Any]]
) -> FormInvalid:
    """The same with what the page says of its other fields, so that people hear all of it at once."""
    index, faults = invalid.page.index, invalid.errors
    try:
        marked = [*pages[:index], without_faults(pages[index], faults)]
    except (LookupError, TypeError, ValueError):  # it is about the page as a whole, or about a key
        return invalid
    try:
        if form is not None:
            _guarded(form, state, marked, [])
    except FormInvalid as others:
        if others.page.index == index:
            return FormInvalid(others.page, besides(faults, others.errors))
    except (StartRefused, FormIncomplete, FormUnavailable, UnknownObject):
        pass
    return invalid


def trace(form: FormGenerator | None, state: Mapping[str, Any], pages: Sequence[Mapping[str, Any]]) -> tuple[Page, ...]:
    """The pages that these answers pass through, in order, the one that is due included; for summaries and Back.

    Raises as `walk` does, except that a page that is due or invalid ends the list instead.
    """
    seen: list[type[BaseModel]] = []
    check_answers(pages)
    if form is not None:
        with suppress(FormIncomplete, FormInvalid):
            _guarded(form, state, pages, seen)
    return tuple(_page(model, index) for index, model in enumerate(seen))


def bind(form: FormGenerator, state: Mapping[str, Any]) -> PageGenerator:
    """Call a form function with the values its parameters name in the state; `state` is the whole of it.

    A function that returns one page class instead of yielding pages is accepted.
    """
    result = form(**form_arguments(form, dict(state)))
    return _single_page(result) if isinstance(result, type) else result


def to_json(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same as plain JSON: identifiers, moments, addresses and enums as text, models as dictionaries."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(dict(value), default=_plain, option=orjson.OPT_NON_STR_KEYS))
    return plain


@dataclass(frozen=True)
class _Watched:
    """A form whose pages are noted as they come, and the secrets among the answers to each before it is judged."""

    form: FormGenerator
    pages: Sequence[Mapping[str, Any]]
    seen: list[type[BaseModel]]
    secrets: set[str]

    def bound(self, state: Mapping[str, Any]) -> PageGenerator:
        pages = bind(self.form, state)
        try:
            page = next(pages)
            while True:
                if len(self.seen) < len(self.pages):
                    self.secrets.update(secrets_of(page, self.pages[len(self.seen)]))
                self.seen.append(page)
                page = pages.send((yield page))
        except StopIteration as end:
            result: Mapping[str, Any] | None = end.value
            return result


def _guarded(
    form: FormGenerator, state: Mapping[str, Any], pages: Sequence[Mapping[str, Any]], seen: list[type[BaseModel]]
) -> dict[str, Any]:
    _refuse_transaction()
    with keeping() as secrets:
        watched = _Watched(form, pages, seen, secrets)
        try:
            result: dict[str, Any] = sealed(_walk(watched.bound, masked(dict(state)), pages), VAULT, secrets)
        except _PASS:
            raise
        except Exception as error:  # author's code; whatever it raises is the author's or an external system's
            told = StepError.of(error)
            _log.error("A form failed: %s\n%s", told.message, told.traceback)
            raise FormUnavailable(f"{told.class_name}: {told.message}") from (None if secrets else error)
        return result


def _walk(bound: Bound, state: Mapping[str, Any], pages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    try:
        outcome = walk_form(bound, dict(state), [dict(page) for page in pages])
    except FormOverflowError:
        raise FormInvalid(_bare_page(len(pages) - 1), [_too_many()]) from None
    match outcome:
        case NextPage(model=model, index=index):
            raise FormIncomplete(_page(model, index))
        case Rejected(model=model, index=index, error=verdict):
            errors = [_told(each) for each in verdict.errors[: MOST_ERRORS + 1]]
            errors += [{**e, "msg": hide(e["msg"])} for e in page_errors(model, pages[index], errors)]
            raise FormInvalid(_page(model, index), errors)
        case Complete(state=result):
            return _result(result or {}, len(pages) - 1)
    raise AssertionError(outcome)


def _result(result: Mapping[str, Any], last_page: int) -> dict[str, Any]:
    """What the form has made of the answers; numbers that JSON does not keep, which only they can hold, are refused."""
    try:
        return to_json(result)
    except TypeError as error:
        errors = list(_unkept(result))
        if not errors:
            raise
        raise FormInvalid(_bare_page(max(last_page, 0)), errors) from error


def _unkept(value: object, loc: tuple[str | int, ...] = ()) -> Iterator[FieldError]:
    match value:
        case LongNumber():
            yield FieldError(type="number_too_long", loc=list(loc), msg="The number has too many digits.")
        case int() if not -_LARGEST <= value < _LARGEST:
            yield FieldError(type="int_too_large", loc=list(loc), msg="The number is too large.")
        case BaseModel():
            yield from _unkept(dict(value), loc)
        case Mapping():
            for key, inner in value.items():
                yield from _unkept(inner, (*loc, str(key)))
        case list() | tuple():
            for number, inner in enumerate(value):
                yield from _unkept(inner, (*loc, number))


def _told(error: Mapping[str, Any]) -> FieldError:
    """An error of a page as data; secrets among the answers have a mask in their place."""
    said = FieldError(type=error["type"], loc=list(error["loc"]), msg=_said(error["type"], error["msg"]))
    if "input" in error:
        said["input"] = hidden(plain_json(error["input"]))
    if error.get("ctx"):
        said["ctx"] = {str(name): hidden(plain_json(value)) for name, value in error["ctx"].items()}
    return said


def _said(kind: str, message: str) -> str:
    return hide(_WORDS.get(kind, message))


def _page(model: type[BaseModel], index: int) -> Page:
    meta = dict(get_form_meta(model) or {})
    schema = to_json(page_schema(model))
    if schema.get("description") == inspect.cleandoc(model.__doc__ or ""):
        del schema["description"]  # the docstring, which speaks to programmers
    return Page(index=index, schema=hidden(schema), meta=to_json(meta), has_next=meta.get("hasNext"))


def _bare_page(index: int) -> Page:
    return Page(index=index, schema={"type": "object", "properties": {}, "additionalProperties": False})


def _too_many() -> FieldError:
    return FieldError(type="too_many_pages", loc=["__root__"], msg="More pages were answered than the form has.")


def _without_form(pages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if len(pages) > 1:
        raise FormInvalid(_bare_page(len(pages) - 1), [_too_many()])
    unknown = list(islice((key for page in pages for key in page), MOST_ERRORS + 1))
    if unknown:
        extra = [FieldError(type="extra_forbidden", loc=[key], msg="Extra inputs are not permitted") for key in unknown]
        raise FormInvalid(_bare_page(0), extra)
    return {}


def check_answers(pages: Sequence[Mapping[str, Any]]) -> None:
    """Refuse what is no list of JSON objects, or holds what cannot be stored."""
    if isinstance(pages, str | bytes) or not isinstance(pages, Sequence):
        wrong = FieldError(type="list_type", loc=["__root__"], msg="Must be a list with one object per page.")
        raise FormInvalid(_bare_page(0), [wrong])
    if len(pages) > _MOST_PAGES:
        raise FormInvalid(_bare_page(0), [_too_many()])
    if not _is_fewer(pages, _MOST_VALUES):
        many = FieldError(type="too_long", loc=["__root__"], msg=f"A form has at most {_MOST_VALUES} values.")
        raise FormInvalid(_bare_page(0), [many])
    for index, page in enumerate(pages):
        errors = _first(_unstorable(page)) if isinstance(page, Mapping) else [_no_object(index)]
        if errors:
            raise FormInvalid(_bare_page(index), errors)


def _first(errors: Iterator[FieldError]) -> list[FieldError]:
    """As many as are told, and one more where there are more."""
    return list(islice(errors, MOST_ERRORS + 1))


def _is_fewer(value: object, most: int) -> bool:
    """Whether there are at most so many values in it, however deep."""
    waiting, number = [value], 0
    while waiting and number <= most:
        one = waiting.pop()
        parts = one.values() if isinstance(one, Mapping) else one if isinstance(one, list | tuple) else ()
        number += len(parts)
        waiting.extend(islice(parts, most))
    return number <= most


def _no_object(index: int) -> FieldError:
    return FieldError(type="dict_type", loc=["__root__"], msg=f"The answers to page {index + 1} must be an object.")


def _unstorable(value: object, loc: tuple[str | int, ...] = ()) -> Iterator[FieldError]:
    where = list(loc) or ["__root__"]
    if len(loc) > _MAX_DEPTH:
        yield FieldError(type="too_deep", loc=where[:5], msg=f"Nested deeper than {_MAX_DEPTH} levels.")
    elif isinstance(value, str) and value.startswith(MARK):
        yield FieldError(type="string_reserved", loc=where, msg=f"A text cannot begin with “{MARK}”.")
    elif isinstance(value, str) and not is_storable(value):
        yield FieldError(type="string_unicode", loc=where, msg="Contains a character that cannot be stored.")
    elif isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        yield FieldError(type="int_too_large", loc=where, msg="The number is too large.")
    elif isinstance(value, float) and not math.isfinite(value):
        yield FieldError(type="finite_number", loc=where, msg="Input should be a finite number")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unstorable_key(key, loc)
            yield from _unstorable(item, (*loc, str(key)))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _unstorable(item, (*loc, number))


def _unstorable_key(key: object, loc: tuple[str | int, ...]) -> Iterator[FieldError]:
    if not isinstance(key, str) or not is_storable(key):
        yield FieldError(type="invalid_key", loc=list(loc) or ["__root__"], msg="Keys must be strings.")
    elif key == "self" and not loc:  # pydantic-forms passes answers as keyword arguments
        yield FieldError(type="extra_forbidden", loc=["self"], msg="Extra inputs are not permitted")


def _refuse_transaction() -> None:
    blocks = getattr(connection, "atomic_blocks", [])
    if any(not getattr(block, "_from_testcase", False) for block in blocks):
        raise RuntimeError("A form must not run inside a transaction: it may call external systems.")


def _single_page(page: type[BaseModel]) -> PageGenerator:
    answers = yield page
    return answers.model_dump()


def _plain(value: object) -> object:
    if isinstance(value, LongNumber):
        raise TypeError("The number has too many digits.")
    if isinstance(value, SecretStr):
        return VAULT.seal(value.get_secret_value())
    if isinstance(value, BaseModel):
        return value.model_dump() if holds_secrets(type(value)) else value.model_dump(mode="json")
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return str(value)
