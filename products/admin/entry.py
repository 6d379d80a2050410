"""Values as a person enters them in one line, and the JSON form they are kept in; both ways give the same back."""

import json
from typing import Any

from processes.engine.values import json_text
from products.schema import FieldKind, FieldSchema, ScalarKind, ScalarType


def default_text(value: Any, kind: str, scalar_kind: str = "") -> str:
    """A stored default or constant as a person enters it; JSON is entered as JSON."""
    if value is None:
        return ""
    if kind == FieldKind.SCALAR_LIST and isinstance(value, list):
        if scalar_kind == ScalarKind.JSON or not all(map(_is_plain, value)):
            return json.dumps(value, ensure_ascii=False)
        return ", ".join(default_text(member, FieldKind.SCALAR) for member in value)
    is_text = isinstance(value, str) and scalar_kind != ScalarKind.JSON
    return value if is_text else json.dumps(value, ensure_ascii=False)


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
        return json_text.read(text)
    except json_text.InvalidJson as error:
        raise ValueError(f"must be JSON: it {error}") from error


def _members(text: str) -> list[str]:
    return [member.strip() for member in text.split(",") if member.strip()]


def _is_plain(member: Any) -> bool:
    """Whether a member of a list stands for itself between commas."""
    text = str(member)
    return (
        not isinstance(member, list | dict | None)
        and text == text.strip()
        and text[:1] not in {"", "["}
        and "," not in text
    )
