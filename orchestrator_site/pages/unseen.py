"""What a start asks to be chosen and somebody may see none of: with a grant to start alone, no form is filled in."""

from django.db.models import Model

from processes.access.permissions import AnyUser, visible
from products.models import Product
from subscriptions.models import Customer

_ASKED: dict[str, type[Model]] = {"products": Product, "customers": Customer}


def unseen_kinds(user: AnyUser) -> list[str]:
    """Of products and customers, those of which there are some and this user may see none; no query without grants."""
    return [name for name, model in _ASKED.items() if _is_hidden(model, user)]


def _is_hidden(model: type[Model], user: AnyUser) -> bool:
    rows = model._default_manager.all()
    narrowed = visible(rows, user)
    return narrowed is not rows and not narrowed.exists() and rows.exists()
