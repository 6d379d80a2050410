"""A value of which there are too many to list: it is looked up when it is given, by its id or by its whole name."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class Searched(str):
    """The id that was meant, with the `label` that people see; like a member of a `Choice`, it has a `value`.

    A form shows a text field that suggests what it finds. A subclass says which rows there are, what they are called,
    and in `json` by which format and narrowed by what they are searched.
    """

    __slots__ = ("label",)
    label: str
    json: ClassVar[Mapping[str, Any]]

    def __new__(cls, text: str) -> "Searched":
        found = cls.meant_by(text)
        if found is None:
            raise ValueError(f"Nothing is called {text!r}.")
        made = super().__new__(cls, found[0])
        made.label = found[1]
        return made

    @classmethod
    def named(cls, text: str) -> QuerySet[Any]:
        """The rows of this name, as pairs of id and label."""
        raise NotImplementedError

    @classmethod
    def of_id(cls, one: UUID) -> QuerySet[Any]:
        """The row of this id, as a pair of id and label."""
        raise NotImplementedError

    @classmethod
    def meant(cls, text: str) -> QuerySet[Any]:
        """The rows that a text may mean: the one of this id, else those of this name."""
        try:
            return cls.of_id(UUID(text))
        except ValueError:
            return cls.named(text)

    @classmethod
    def meant_by(cls, text: str) -> tuple[str, str] | None:
        """Id and label of the one row that a text means; None where it means none, or several."""
        found = list(cls.meant(text.strip())[:2])
        return (str(found[0][0]), str(found[0][1])) if len(found) == 1 else None

    @property
    def value(self) -> str:
        """The id."""
        return str(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validated, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", **cls.json}

    @classmethod
    def _validated(cls, value: object) -> "Searched":
        try:
            return value if isinstance(value, cls) else cls(str(value))
        except ValueError as error:
            raise PydanticCustomError("unknown_choice", "Nothing matches, or more than one does.") from error
