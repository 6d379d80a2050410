"""Read a catalogue file: YAML to parts, every fault with its line and what was expected there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from products.catalogue.parts import (
    BlockPart,
    CatalogueFile,
    FieldPart,
    FixedInputPart,
    ProductPart,
    ResourceTypePart,
    RootPart,
)

Path = tuple[str | int, ...]

LARGEST_FILE = 2_000_000  # characters
_PARTS: Mapping[Path, type[BaseModel]] = {
    (): CatalogueFile,
    ("resource_types",): ResourceTypePart,
    ("blocks",): BlockPart,
    ("blocks", "fields"): FieldPart,
    ("products",): ProductPart,
    ("products", "fixed_inputs"): FixedInputPart,
    ("products", "blocks"): RootPart,
}


@dataclass(frozen=True)
class Fault:
    """Something wrong in a file: its name, the line (from 1), and what was expected there."""

    filename: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.filename}:{self.line}: {self.message}"


class CatalogueFileInvalid(ValueError):
    """The file cannot be imported; nothing of it was."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class ReadFile:
    """A file that was understood, with the line of each of its parts."""

    filename: str
    parts: CatalogueFile
    lines: Mapping[Path, int]

    def fault(self, path: Path, message: str) -> Fault:
        """A fault at a place; the line is that of the nearest thing around it that the file has."""
        return Fault(self.filename, _nearest(path, self.lines), message)


def read(text: str, filename: str) -> ReadFile:
    """The parts of a file with their lines; raises `CatalogueFileInvalid` with every fault of form found."""
    content, lines = _load(text, filename)
    try:
        parts = CatalogueFile.model_validate({} if content is None else content)
    except ValidationError as error:
        faults = [
            Fault(filename, _nearest(_place(one["loc"]), lines), _expectation(one, _place(one["loc"])))
            for one in error.errors(include_url=False)
        ]
        raise CatalogueFileInvalid(set(faults)) from error
    return ReadFile(filename, parts, lines)


def _load(text: str, filename: str) -> tuple[Any, dict[Path, int]]:
    if len(text) > LARGEST_FILE:
        raise CatalogueFileInvalid([Fault(filename, 1, f"expected at most {LARGEST_FILE} characters")])
    try:
        aliases = [event for event in yaml.parse(text) if isinstance(event, yaml.AliasEvent)]
        if aliases:
            raise CatalogueFileInvalid([_alias(alias, filename) for alias in aliases])
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines = dict(_lines(node, ())) if node else {}
        faults = list(_repeated_keys(node, filename)) if node else []
        if faults:
            raise CatalogueFileInvalid(faults)
        return yaml.safe_load(text), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        fault = Fault(filename, mark.line + 1 if mark else 1, f"expected YAML: {error.problem or error.context}")
        raise CatalogueFileInvalid([fault]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, CatalogueFileInvalid):
            raise
        raise CatalogueFileInvalid([Fault(filename, 1, f"expected YAML: {error}")]) from error


def _alias(event: yaml.AliasEvent, filename: str) -> Fault:
    line = event.start_mark.line + 1 if event.start_mark else 1
    return Fault(filename, line, "expected the value itself, not an alias of it")


def _lines(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*path, key.value))
            yield (*path, key.value), key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _lines(value, (*path, place))


def _repeated_keys(node: yaml.Node, filename: str) -> Iterator[Fault]:
    children = node.value if isinstance(node, yaml.SequenceNode) else []
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and keys.count(key.value) > 1:
                yield Fault(filename, key.start_mark.line + 1, f"expected the key “{key.value}” only once")
        children = [value for _, value in node.value]
    for child in children:
        yield from _repeated_keys(child, filename)


def _place(location: Path) -> Path:
    return tuple(word for word in location if word != "[key]")


def _nearest(path: Path, lines: Mapping[Path, int]) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _expectation(error: Any, path: Path) -> str:
    where = ".".join(map(str, path)) or "the file"
    match error["type"]:
        case "missing":
            return f"expected the key “{path[-1]}” in {'.'.join(map(str, path[:-1]))}"
        case "extra_forbidden":
            known = _PARTS[tuple(word for word in path[:-1] if isinstance(word, str))].model_fields
            return f"unknown key “{path[-1]}”; expected one of {', '.join(known)}"
        case "model_type" | "model_attributes_type":
            return f"{where}: expected a mapping of keys to values"
    message = str(error["msg"]).replace("Input should be", "expected").removeprefix("Value error, ")
    shown = repr(error["input"])
    return f"{where}: {message[0].lower()}{message[1:]}, not {shown if len(shown) < 60 else shown[:57] + '…'}"
