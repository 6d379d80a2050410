"""What can become of a form that is not complete: another page is due, a page is wrong, or the form cannot be made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict


class FieldError(TypedDict):
    """One message on a page: `loc` is the path of the value (`["__root__"]` for the page as a whole).

    `input` is what was answered there, `ctx` what the rule was, such as a bound; both JSON, absent where nobody knows.
    """

    type: str
    loc: list[str | int]
    msg: str
    input: NotRequired[Any]
    ctx: NotRequired[dict[str, Any]]


@dataclass(frozen=True)
class Page:
    """A page of a form: its place from 0, its JSON Schema with hints, and what it says about buttons and next pages.

    `has_next` is None when the page does not know whether another one follows.
    """

    index: int
    schema: dict[str, Any]
    meta: dict[str, Any] = field(default_factory=dict)
    has_next: bool | None = None


class FormError(Exception):
    """A form did not give a result."""


class FormIncomplete(FormError):
    """The form has another page to answer."""

    def __init__(self, page: Page) -> None:
        super().__init__(f"Page {page.index + 1} of the form is required.")
        self.page = page


MOST_ERRORS = 20
"""Errors of a page that are kept and told; a body of a few megabytes can have a million."""


class FormInvalid(FormError):
    """The answers to a page are invalid; `errors` are the first of them."""

    def __init__(self, page: Page, errors: Sequence[FieldError]) -> None:
        count = len(errors)
        number = f"more than {MOST_ERRORS}" if count > MOST_ERRORS else str(count)
        super().__init__(f"Page {page.index + 1} of the form has {number} error{'' if count == 1 else 's'}.")
        self.page = page
        self.errors = list(errors[:MOST_ERRORS])


class FormUnavailable(FormError):
    """The form could not be made just now, for instance because a system it asks does not answer."""

    retryable = True

    def __init__(self, reason: str) -> None:
        super().__init__(f"The form is unavailable: {reason}")
        self.reason = reason
