"""Which methods a page takes: Django's decorators, which also say it on the view, so that it is known beforehand."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.views.decorators import http

View = TypeVar("View", bound=Callable[..., Any])
SAFE = ("GET", "HEAD")


def taking(*methods: str) -> Callable[[View], View]:
    """Refuse all other methods with 405."""

    def marked(view: View) -> View:
        decorated: Any = http.require_http_methods(list(methods))(view)
        decorated.methods = methods
        known: View = decorated
        return known

    return marked


require_safe = taking(*SAFE)
require_POST = taking("POST")  # noqa: N816 - Django's name
require_form = taking(*SAFE, "POST")


def methods_of(view: Any) -> tuple[str, ...] | None:
    """What a view says that it takes; None when it says nothing. Views as classes say it by their functions."""
    named: tuple[str, ...] | None = getattr(view, "methods", None)
    kind = getattr(view, "view_class", None)
    if named is not None or kind is None:
        return named
    taken = [
        name for name in kind.http_method_names if hasattr(kind, name) or (name == "head" and hasattr(kind, "get"))
    ]
    return tuple(name.upper() for name in taken)
