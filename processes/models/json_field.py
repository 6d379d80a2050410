"""The column of a JSON value, whose numbers both databases give back as they were: `engine.values.json_text`."""

import json
from typing import Any

from django.db import models

from processes.engine.values import json_text


class JSONField(models.JSONField):
    """Django's own to migrations: only how a value is written and read differs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"encoder": Encoder, "decoder": Decoder, **options})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, options = super().deconstruct()
        for option in ("encoder", "decoder"):
            options.pop(option, None)
        return name, "django.db.models.JSONField", args, options

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"decoder": TypedDecoder, **options})


class Encoder(json.JSONEncoder):
    """Writes a value for a database."""

    def encode(self, o: Any) -> str:
        return json_text.to_database(o).decode()


class Decoder(json.JSONDecoder):
    """Reads what a database keeps."""

    def decode(self, s: str, *_: Any) -> Any:
        return json_text.from_database(s)


class TypedDecoder(json.JSONDecoder):
    """Reads what a person types into a form: nothing that is nested deeper than can be kept."""

    def decode(self, s: str, *_: Any) -> Any:
        try:
            return json_text.read(s)
        except json_text.InvalidJson as error:
            raise json.JSONDecodeError(str(error), s, 0) from error
