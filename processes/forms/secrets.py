"""Which answers to a page are secrets: those to fields of type `SecretStr`, and of the format `password`."""

import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from processes.engine.values.secrets import MARK, SecretLost, opened
from processes.forms.fields import Input, Kind, Schema
from processes.forms.reading import inputs
from processes.store.sealing import VAULT, SettingsVault

PASSWORD = "password"  # noqa: S105 - the name of a format


def secrets_of(model: type[BaseModel], answers: Mapping[str, Any]) -> Iterator[str]:
    """The texts among the answers to a page that are secrets."""
    for name, field in model.model_fields.items():
        value = answers.get(field.alias or name, answers.get(name))
        if value is None:
            continue
        if _is_secret(field):
            yield from _texts(value)
        for inner in _models_in(field.annotation):
            for member in value if isinstance(value, list) else [value]:
                if isinstance(member, Mapping):
                    yield from secrets_of(inner, member)


class _DraftVault(SettingsVault):
    """Of what was sealed with a key that is gone, nothing is left: the page asks for it again."""

    def open(self, token: str) -> str | None:
        try:
            return super().open(token)
        except SecretLost:
            return ""


def holds_secrets(model: type[BaseModel]) -> bool:
    """Whether the page, or a part of it, asks for a secret."""
    return any(
        _is_secret(field) or any(map(holds_secrets, _models_in(field.annotation)))
        for field in model.model_fields.values()
    )


def opened_text(token: str) -> str:
    """What a page carries sealed, in clear; nothing where it carries nothing, or what nobody sealed."""
    return (_DraftVault().open(token) or "") if token else ""


def opened_pages(pages: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The answers of a draft, with the secrets that it keeps sealed in clear."""
    return [opened(page, _DraftVault(), set()) for page in pages]


def sealed_answers(schema: Schema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to a page as a draft keeps them: each secret sealed."""
    return _sealed_fields(inputs(schema), answers)


def _sealed_fields(fields: Sequence[Input], values: Mapping[str, Any]) -> dict[str, Any]:
    by_name = {one.name: one for one in fields}
    return {name: _sealed(by_name.get(name), value) for name, value in values.items()}


def _sealed(one: Input | None, value: Any) -> Any:
    if one is None or value in (None, ""):
        return value
    if one.format == PASSWORD and isinstance(value, str):
        return value if value.startswith(MARK) else VAULT.seal(value)
    if one.kind is Kind.LIST and isinstance(value, list):
        return [_sealed(one.item, member) for member in value]
    if isinstance(value, Mapping):
        variant = one.variant(value.get(one.tag)) if one.kind is Kind.UNION else None
        return _sealed_fields(variant.fields if variant else one.fields, value)
    return value


def _is_secret(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    if isinstance(extra, Mapping) and extra.get("format") == PASSWORD:
        return True
    return _mentions_secret(field.annotation)


def _mentions_secret(annotation: Any) -> bool:
    if isinstance(annotation, type):
        return issubclass(annotation, SecretStr)
    if isinstance(annotation, FieldInfo):
        return _is_secret(annotation)
    return any(map(_mentions_secret, (*typing.get_args(annotation), *getattr(annotation, "__metadata__", ()))))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models_in(part)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for member in value:
                yield from _texts(member)
