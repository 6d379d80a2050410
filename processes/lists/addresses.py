"""Addresses of pages by name: a site may leave out pages that others lead to."""

from django.urls import NoReverseMatch, reverse


def address_of(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page, or nothing when the site has none of that name."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""
