"""Addresses of pages by name: a site may leave out pages that others lead to.

Django looks a name up in 12 to 21 us, and a start page has 44 of them: those without parameters, and those of one id,
are looked up once, which leaves 5.
"""

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_PLACE = UUID(int=0)
_MOST_NAMES = 512


def address_of(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page, or nothing when the site has none of that name."""
    if kwargs or len(args) > 1 or not all(isinstance(value, UUID) for value in args):
        return _found(name, *args, **kwargs)
    pattern = _pattern(name, len(args), get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    return pattern.replace(str(_PLACE), str(args[0])) if args else pattern


@lru_cache(_MOST_NAMES)
def _pattern(name: str, ids: int, urlconf: str, prefix: str) -> str:  # noqa: ARG001 - the last two tell sites apart
    """The address with a nil UUID in place of each id."""
    return _found(name, *[_PLACE] * ids)


def _found(name: str, *args: object, **kwargs: object) -> str:
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


def addresses_of(name: str) -> Callable[[UUID], str]:
    """The address of the page of each id: for a list, which would look the name up once a row."""
    before, _, after = reverse(name, args=[_PLACE]).partition(str(_PLACE))
    return lambda pk: f"{before}{pk}{after}"
