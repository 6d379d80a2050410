"""Read a catalogue file: YAML to parts, every fault with its line and what was expected there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from processes.engine.values import yaml_text
from processes.engine.values.yaml_text import Path
from products.catalogue.parts import (
    BlockPart,
    CatalogueFile,
    FieldPart,
    FixedInputPart,
    NarrowPart,
    ProductPart,
    ResourceTypePart,
    RootPart,
    RulePart,
)

FAULTS_SHOWN = 20
_PARTS: Mapping[Path, type[BaseModel]] = {
    (): CatalogueFile,
    ("resource_types",): ResourceTypePart,
    ("blocks",): BlockPart,
    ("blocks", "fields"): FieldPart,
    ("blocks", "rules"): RulePart,
    ("products",): ProductPart,
    ("products", "fixed_inputs"): FixedInputPart,
    ("products", "blocks"): RootPart,
    ("products", "narrow"): NarrowPart,
    ("products", "rules"): RulePart,
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
        more = len(self.faults) - FAULTS_SHOWN
        shown = [*map(str, self.faults[:FAULTS_SHOWN]), *([f"and {more} more"] if more > 0 else [])]
        super().__init__("\n".join(shown))


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
    try:
        document = yaml_text.load(text)
    except yaml_text.InvalidYaml as error:
        raise CatalogueFileInvalid([Fault(filename, error.line, str(error))]) from error
    content, lines = document.content, document.lines
    try:
        parts = CatalogueFile.model_validate({} if content is None else content)
    except ValidationError as error:
        faults = [
            Fault(filename, _nearest(_place(one["loc"]), lines), _expectation(one, _place(one["loc"])))
            for one in error.errors(include_url=False)
        ]
        raise CatalogueFileInvalid(set(faults)) from error
    return ReadFile(filename, parts, lines)


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
