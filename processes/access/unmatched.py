"""What a condition names and nothing is called: mostly a typing error, which makes a deny that denies nobody.

Rules may come before the things they speak of, so that this is told, and refused nowhere.
"""

from collections.abc import Iterator

from django.contrib.auth.models import User

from processes.access.conditions import All, Condition, Has, Not, OneOf, Values
from processes.access.kinds import kinds

_KINDS = {
    "workflow": "workflow",
    "target": "workflow",
    "product": "product",
    "product_type": "product",
    "customer": "customer",
    "subscription": "subscription",
}
"""The kind of rows that has all values of an attribute."""


def unmatched(condition: Condition) -> list[str]:
    """A sentence for each value that nothing has, in the order of their names; a query a value."""
    wanted = {(one.attribute, text) for one in _leaves(condition) for text in _texts(one.values)}
    return [_sentence(name, text) for name, text in sorted(wanted) if not _is_known(name, text)]


def _leaves(condition: Condition) -> Iterator[Has]:
    match condition:
        case Has():
            yield condition
        case All(parts) | OneOf(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)


def _texts(values: Values) -> list[str]:
    return [*values.exact, *(f"{text}*" for text in values.beginnings)]


def _is_known(attribute: str, text: str) -> bool:
    values = Values.of([text])
    if attribute == "owner":
        asked = {"username__startswith": values.beginnings[0]} if values.beginnings else {"username": text}
        return User.objects.filter(**asked).exists()
    kind = kinds().get(_KINDS[attribute])
    return kind is None or kind.model._default_manager.filter(kind.terms[attribute](values)).exists()


def _sentence(attribute: str, text: str) -> str:
    hint = "; a * stands for more only at the end" if "*" in text[:-1] else ""
    return f"{attribute.replace('_', ' ')} {text} matches nothing{hint}"
