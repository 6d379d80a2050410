"""A form page with every kind of field there is, for the tests of fields, cleaning and drawing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic_forms.core import FormPage
from pydantic_forms.types import AcceptItemType
from pydantic_forms.validators import (
    Accept,
    Choice,
    Divider,
    Hidden,
    Label,
    LongText,
    Timestamp,
    callout,
    choice_list,
    markdown,
    migration_summary,
    read_only_field,
)


class Role(Choice):
    """For programmers."""

    CORE = ("c", "Core router")
    EDGE = ("e", "Edge router")


class Size(Choice):
    A = ("1", "One")
    B = ("2", "Two")
    C = ("3", "Three")
    D = ("4", "Four")
    E = ("5", "Five")


class Checks(Accept):
    data = [
        ("Before you go on", AcceptItemType.LABEL),
        ("I have read it", AcceptItemType.CHECKBOX),
        ("I may have understood it", AcceptItemType.OPTIONAL_CHECKBOX),
        ("https://example.org/rules", AcceptItemType.URL),
    ]


class Contact(BaseModel):
    name: str
    on_call: bool = False


class Location(BaseModel):
    rack: str | None = None
    unit: int = Field(ge=1, le=48)


class Everything(FormPage):
    model_config = {"title": "All there is"}

    heading: Label = "Who and where"
    line: Divider
    notice: callout(header="Careful", message="Two\nlines", message_type="warning")  # type: ignore[valid-type]
    text: markdown(content="**bold** <script>alert(1)</script> [x](javascript:alert(1))")  # type: ignore[valid-type]
    table: migration_summary(  # type: ignore[valid-type]
        {"headers": ["Before", "After"], "labels": ["Name", "Size"], "columns": [["a", 1], ["b", 1]]}
    )
    secret: Hidden = "kept"
    node_name: str = Field(min_length=2, max_length=20, description="As on the <b>label</b>")
    remark: LongText = ""
    role: Role
    size: Size | None = None
    roles: choice_list(Role, min_items=1, max_items=2)  # type: ignore[valid-type]
    mtu: Annotated[int, Field(ge=576, le=9216)] = 1500
    price: Decimal | None = None
    ratio: float = 0.5
    is_lit: bool = True
    maybe: bool | None = None
    speed: Literal[1, 10] = 10
    since: date | None = None
    at: datetime | None = None
    stamp: Timestamp = 0
    customer_id: UUID | None = None
    vlans: list[int] = Field(default_factory=list, max_length=3)
    contacts: list[Contact] = Field(default_factory=list)
    location: Location
    spare: Location | None = None
    extra: dict[str, Any] = Field(default_factory=dict)
    fixed: read_only_field("fixed value")  # type: ignore[valid-type]
    checks: Checks


KINDS: dict[str, Any] = {
    "oneOf": [
        {"$ref": "#/$defs/Lamp"},
        {"type": "object", "properties": {"block": {"const": "Tag"}, "word": {"type": "string"}}},
    ],
    "discriminator": {"propertyName": "block"},
}
LAMP: dict[str, Any] = {
    "type": "object",
    "title": "Lamp",
    "properties": {"block": {"const": "Lamp"}, "watts": {"type": "integer"}, "word": {"type": "integer"}},
    "required": ["watts"],
}
UNION: dict[str, Any] = {
    "$defs": {"Lamp": LAMP},
    "properties": {
        "one": KINDS,
        "none": {"anyOf": [KINDS, {"type": "null"}]},
        "some": {"type": "array", "items": KINDS},
    },
    "required": ["one"],
}
"""A value of one of two kinds: needed, perhaps, and several."""
