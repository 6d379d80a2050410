"""Values as a person enters them in one line, and the JSON form they are kept in; both ways give the same back."""

import json
from typing import Any

from products.schema import FieldKind, FieldSchema, ScalarKind, ScalarType


def default_text(value: Any, kind: str) -> str:
    """A stored default or constant as a person enters it."""
    if value is None:
        return ""
    if kind == FieldKind.SCALAR_LIST and isinstance(value, list) and all(_is_plain(member) for member in value):
        return ", ".join(default_text(member, FieldKind.SCALAR) for member in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def default_value(text: str, field: FieldSchema) -> Any:
    """The default that a text means for a field, None when it is empty; `ValueError` in words when it is refused."""
    if not text.strip() or field.scalar is None:
        return text.strip() or None
    if not field.is_list:
        return from_text(text, field.scalar)
    is_json = field.scalar.kind is ScalarKind.JSON
    members = _json(text) if is_json or text.lstrip().startswith("[") else _members(text)
    return [field.scalar.parse(member) for member in members] if isinstance(members, list) else field.parse(members)


def from_text(text: str, scalar: ScalarType) -> Any:
    """The JSON form of one entered value; `ValueError` in words when it is refused."""
    return scalar.parse(_json(text) if scalar.kind is ScalarKind.JSON else text)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError("must be JSON") from error


def _members(text: str) -> list[str]:
    return [member.strip() for member in text.split(",") if member.strip()]


def _is_plain(member: Any) -> bool:
    return not isinstance(member, (list, dict)) and "," not in str(member)
