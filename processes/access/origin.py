"""Where the act that is going on comes from: the address and the program of a request, for the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """An address and what the client calls itself; both empty for what no request has asked for."""

    address: str = ""
    client: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current() -> Origin:
    """Where what is done now comes from."""
    return _origin.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Say so for the duration of a request."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)
