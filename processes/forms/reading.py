"""Read the JSON Schema of a page as a tree of inputs. No widgets, no posts here."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic_forms.utils.schema import inline_refs

from processes.forms.fields import MISSING, SHOWN_ONLY, Choice, Input, Kind, Schema, Variant
from processes.lists import labels


def inputs(schema: Schema) -> tuple[Input, ...]:
    """The inputs of a page in the order of its schema."""
    return tuple(_properties(_inlined(schema), ""))


_WIDGET_FORMATS = {
    "long": Kind.LONG,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "date-time": Kind.DATETIME,
    "timestamp": Kind.TIMESTAMP,
    "accept": Kind.ACCEPT,
    "hidden": Kind.HIDDEN,
    "label": Kind.LABEL,
    "divider": Kind.DIVIDER,
    "callout": Kind.CALLOUT,
    "markdown": Kind.MARKDOWN,
    "summary": Kind.SUMMARY,
}
_TYPES = {
    "boolean": Kind.CHECKBOX,
    "integer": Kind.INTEGER,
    "number": Kind.NUMBER,
    "string": Kind.TEXT,
}


_YES_NO = (Choice(value=True, label="Yes"), Choice(value=False, label="No"))
_SAYS_NOTHING = frozenset({"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"})
"""Keywords of a schema that takes any JSON."""


def _inlined(schema: Schema) -> Schema:
    """References resolved, but for cycles. Name and docstring of a definition's class say nothing of the field."""
    definitions = schema.get("$defs")
    if not definitions:
        return schema
    nameless = {
        name: {key: value for key, value in one.items() if key not in {"title", "description"}}
        for name, one in definitions.items()
    }
    inlined: Schema = inline_refs({**schema, "$defs": nameless})
    return inlined


def _properties(schema: Schema, prefix: str) -> Iterator[Input]:
    required = schema.get("required", [])
    for name, prop in schema.get("properties", {}).items():
        yield _input(prop, path=prefix + name, required=name in required)


def _input(declared: Schema, *, path: str, required: bool) -> Input:
    schema, nullable = _resolved(declared)
    kind = _kind(schema)
    choices = _choices(schema, kind)
    if nullable and kind is Kind.CHECKBOX:
        kind, choices = Kind.CHOICE, _YES_NO
    if schema.get("readOnly") and kind not in SHOWN_ONLY and kind is not Kind.HIDDEN:
        kind = Kind.READ_ONLY
    return Input(
        path=path,
        kind=kind,
        label=_label(schema, path),
        help=str(schema.get("description") or ""),
        required=required and not nullable,
        nullable=nullable,
        default=_default(schema),
        format=str(schema.get("format") or ""),
        search=schema.get("search"),
        choices=choices,
        minimum=_bound(schema, "minimum", "exclusiveMinimum", kind, 1),
        maximum=_bound(schema, "maximum", "exclusiveMaximum", kind, -1),
        min_length=schema.get("minLength"),
        max_length=schema.get("maxLength"),
        min_items=schema.get("minItems") or 0,
        max_items=schema.get("maxItems"),
        fields=tuple(_properties(schema, path + ".")) if kind is Kind.GROUP else (),
        item=_item(schema, path, kind),
        variants=_variants(schema, path) if kind is Kind.UNION else (),
        tag=_tag(schema) if kind is Kind.UNION else "",
        sent_as=_TYPES.get(str(schema.get("type")), Kind.JSON) if kind is Kind.HIDDEN else kind,
        data=_data(schema, kind),
    )


def _resolved(declared: Schema) -> tuple[Schema, bool]:
    """The schema with a single alternative merged in, and whether null is one of the alternatives."""
    variants = [one for key in ("anyOf", "allOf", "oneOf") for one in declared.get(key, [])]
    solid = [one for one in variants if one.get("type") != "null"]
    nullable = len(solid) < len(variants)
    if isinstance(declared.get("type"), list):
        types = [one for one in declared["type"] if one != "null"]
        return {**declared, "type": types[0] if len(types) == 1 else None}, len(types) < len(declared["type"])
    rest = {key: value for key, value in declared.items() if key not in {"anyOf", "allOf", "oneOf"}}
    if len(solid) == 1:
        inner, inner_nullable = _resolved(solid[0])
        return {**inner, **rest}, nullable or inner_nullable
    if solid and all("const" in one for one in solid):
        options = {str(one["const"]): one.get("title", str(one["const"])) for one in solid}
        return {**rest, "enum": [one["const"] for one in solid], "options": options}, nullable
    if solid and {one.get("type") for one in solid} == {"number", "string"}:  # how pydantic writes a decimal
        bounds = next(one for one in solid if one.get("type") == "number")
        return {**bounds, "format": "decimal", **rest}, nullable
    return {**declared, **rest}, nullable


def _kind(schema: Schema) -> Kind:
    if schema.get("format") in _WIDGET_FORMATS:
        return _WIDGET_FORMATS[schema["format"]]
    if "enum" in schema or "const" in schema:
        return Kind.CHOICE
    if schema.get("type") == "array":
        return _array_kind(schema)
    if schema.get("type") == "object" or "properties" in schema:
        return Kind.GROUP if schema.get("properties") else Kind.JSON
    return _TYPES.get(schema.get("type") or "") or _kind_of_alternatives(schema)


def _kind_of_alternatives(schema: Schema) -> Kind:
    return Kind.UNION if _tag(schema) else _kind_of_any(schema)


def _kind_of_any(schema: Schema) -> Kind:
    """Of what names no type: any JSON where it allows an object or a list, else one line of text."""
    return Kind.JSON if _is_structured(schema) or schema.keys() <= _SAYS_NOTHING else Kind.TEXT


def _array_kind(schema: Schema) -> Kind:
    items = schema.get("items")
    if not isinstance(items, Mapping) or "$ref" in items or schema.get("prefixItems"):
        return Kind.JSON
    return Kind.MULTIPLE if "enum" in _resolved(items)[0] else Kind.LIST


def _is_structured(schema: Schema) -> bool:
    """Alternatives that hold an object or a list, or a type that contains itself: asked for as JSON."""
    if "$ref" in schema:
        return True
    variants = schema.get("anyOf") or schema.get("oneOf") or []
    return any(one.get("type") in {"object", "array"} or "$ref" in one for one in variants)


def _choices(schema: Schema, kind: Kind) -> tuple[Choice, ...]:
    if kind is Kind.MULTIPLE:
        return _choices(_resolved(schema["items"])[0], Kind.CHOICE)
    if kind is not Kind.CHOICE:
        return ()
    labels = schema.get("options") or {}
    values = schema["enum"] if "enum" in schema else [schema["const"]]
    return tuple(Choice(value, str(labels.get(str(value), value))) for value in values if value is not None)


def _label(schema: Schema, path: str) -> str:
    name = path.rpartition(".")[2]
    title = schema.get("title")
    made_by_pydantic = name.replace("_", " ").title().replace("_", " ").strip()
    if not isinstance(title, str) or title in {made_by_pydantic, name, ""}:
        return labels.question(name)
    return title


def _default(schema: Schema) -> Any:
    if "default" in schema:
        return schema["default"]
    return _extra(schema).get("value", schema.get("const", MISSING) if schema.get("readOnly") else MISSING)


def _extra(schema: Schema) -> Mapping[str, Any]:
    extra = schema.get("extraProperties") or schema.get("uniforms")
    return extra if isinstance(extra, Mapping) else {}


def _bound(schema: Schema, inclusive: str, exclusive: str, kind: Kind, step: int) -> float | None:
    if kind is Kind.TIMESTAMP:
        found = _extra(schema).get(inclusive[:3])
        return found if isinstance(found, int | float) else None
    if isinstance(schema.get(inclusive), int | float):
        return float(schema[inclusive]) if kind is not Kind.INTEGER else int(schema[inclusive])
    if isinstance(schema.get(exclusive), int | float) and kind is Kind.INTEGER:
        return int(schema[exclusive]) + step
    return None


def _item(schema: Schema, path: str, kind: Kind) -> Input | None:
    if kind is not Kind.LIST:
        return None
    item = {key: value for key, value in schema["items"].items() if key != "title"}
    made = _input(item, path=f"{path}.*", required=False)
    if made.kind is Kind.CHECKBOX:  # a box that is not ticked is no row at all
        return replace(made, kind=Kind.CHOICE, choices=_YES_NO)
    return made


def _tag(schema: Schema) -> str:
    """The property that tells of which alternative an object is; empty where there is none."""
    kinds = _alternatives(schema)
    declared = schema.get("discriminator")
    name = declared.get("propertyName", "") if isinstance(declared, Mapping) else ""
    for candidate in [name] if name else kinds[0].get("properties", {}) if kinds else []:
        if len({str(_tag_value(one, candidate)) for one in kinds} - {"None"}) == len(kinds) > 0:
            return str(candidate)
    return ""


def _tag_value(kind: Schema, tag: str) -> Any:
    prop = kind.get("properties", {}).get(tag, {})
    only = prop.get("enum") or []
    return prop.get("const", only[0] if len(only) == 1 else None)


def _alternatives(schema: Schema) -> list[Schema]:
    """The objects that a value may be one of; none where it may be anything else."""
    kinds = [one for one in schema.get("oneOf") or schema.get("anyOf") or [] if one.get("type") != "null"]
    return kinds if kinds and all(one.get("properties") for one in kinds) else []


def _variants(schema: Schema, path: str) -> tuple[Variant, ...]:
    tag = _tag(schema)
    return tuple(
        Variant(
            value=str(_tag_value(one, tag)),
            label=str(_tag_value(one, tag)),
            fields=tuple(field for field in _properties(one, path + ".") if field.name != tag),
        )
        for one in _alternatives(schema)
    )


def _data(schema: Schema, kind: Kind) -> Any:
    match kind:
        case Kind.ACCEPT:
            return schema.get("data") or []
        case Kind.CALLOUT | Kind.MARKDOWN:
            return schema.get("default") or {}
        case Kind.SUMMARY:
            return _extra(schema).get("data") or {}
        case _:
            return None
