"""JSON in and out of the REST interface by orjson, and what of JSON is refused."""

from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

import orjson
from django.db.models import QuerySet
from django.utils.functional import Promise
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

MAX_DEPTH = 64
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class JsonRenderer(BaseRenderer):
    """Times are ISO 8601 with Z; decimals are text, so that nothing is lost."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_plain, option=_OPTIONS)


class JsonParser(BaseParser):
    """Refuses what is no JSON, NUL characters (PostgreSQL stores none), and nesting beyond `MAX_DEPTH`."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        # The stream itself knows no limit of size; the body does (DATA_UPLOAD_MAX_MEMORY_SIZE).
        body: bytes = parser_context["request"].body if parser_context else stream.read()
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}.") from error
        if b"\\u0000" in body or body.count(b"[") + body.count(b"{") > MAX_DEPTH:
            _check(value, MAX_DEPTH)
        return value


def _check(value: Any, depth: int) -> None:
    if depth < 0:
        raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(value, str) and "\0" in value:
        raise ParseError("The body contains a NUL character.")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check(key, depth)
            _check(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth - 1)


def _plain(value: Any) -> Any:
    match value:
        case Decimal() | Promise():
            return str(value)
        case set() | frozenset() | QuerySet():
            return list(value)
        case Mapping():
            return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON.")
