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

from processes.engine.values import json_text

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
    """Reads numbers as they were sent (`json_text`); refuses NUL characters, of which PostgreSQL stores none."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        # The stream itself knows no limit of size; the body does (DATA_UPLOAD_MAX_MEMORY_SIZE).
        body: bytes = parser_context["request"].body if parser_context else stream.read()
        try:
            value = json_text.read_exactly(body)
        except json_text.InvalidJson as error:
            raise ParseError(f"The body {error}.") from error
        if b"\\u0000" in body:
            _check(value)
        return value


def _check(value: Any) -> None:
    if isinstance(value, str) and "\0" in value:
        raise ParseError("The body contains a NUL character.")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check(key)
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)


def _plain(value: Any) -> Any:
    match value:
        case Decimal() | Promise():
            return str(value)
        case set() | frozenset() | QuerySet():
            return list(value)
        case Mapping():
            return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON.")
