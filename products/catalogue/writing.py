"""Write a catalogue file: the same catalogue always gives the same text."""

from typing import Any

import yaml

from processes.engine.values.yaml_text import add_kinds
from products.catalogue.parts import CatalogueFile, Part

WIDTH = 110


class Dumper(yaml.SafeDumper):
    """Indents lists below their key, as people write them, and quotes a text that YAML 1.1 or 1.2 reads otherwise."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    """A text; one with a line end that is not \\n in double quotes, since others fold it."""
    has_other_end = any(end in text for end in "\r\x85\u2028\u2029")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if has_other_end else None)


add_kinds(Dumper)
Dumper.add_representer(str, _text)


def write(parts: CatalogueFile) -> str:
    """The text of a file."""
    return _dump(parts.written())


def write_part(part: Part) -> list[str]:
    """The lines of one part, for comparing."""
    return _dump(part.written()).splitlines()


def _dump(content: dict[str, Any]) -> str:
    return yaml.dump(content, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
