"""Write a catalogue file: the same catalogue always gives the same text."""

from typing import Any

import yaml

from products.catalogue.parts import CatalogueFile, Part

WIDTH = 110


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def write(parts: CatalogueFile) -> str:
    """The text of a file."""
    return _dump(parts.written())


def write_part(part: Part) -> list[str]:
    """The lines of one part, for comparing."""
    return _dump(part.written()).splitlines()


def _dump(content: dict[str, Any]) -> str:
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
