"""Addresses of pages by name: a site may leave out pages that others lead to."""

from collections.abc import Callable
from uuid import UUID

from django.urls import NoReverseMatch, reverse

_PLACE = UUID(int=0)


def address_of(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page, or nothing when the site has none of that name."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


def addresses_of(name: str) -> Callable[[UUID], str]:
    """The address of the page of each id: for a list, which would look the name up once a row."""
    before, _, after = reverse(name, args=[_PLACE]).partition(str(_PLACE))
    return lambda pk: f"{before}{pk}{after}"
