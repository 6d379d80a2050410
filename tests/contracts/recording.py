"""Answers as files: one JSON file an area, laid out so that a change of one answer is a change of a few lines."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("answers")
WIDTH = 116


@dataclass
class Recording:
    """The answers of an area by the name of their stop, and what many of them share by kind and number."""

    shared: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    def share(self, kind: str, value: Any) -> str:
        """The name of a value that repeats from answer to answer; kept when it is new."""
        for name, known in self.shared.items():
            if name.startswith(f"{kind} ") and known == value:
                return name
        name = f"{kind} {1 + sum(known.startswith(f'{kind} ') for known in self.shared)}"
        self.shared[name] = value
        return name

    def text(self) -> str:
        """The file."""
        return f"{laid_out({'shared': self.shared, 'answers': self.answers})}\n"

    def comparable(self) -> Any:
        """The same, in which it does not matter where the lines of a page are broken."""
        return _joined({"shared": self.shared, "answers": self.answers})


def file_of(area: str) -> Path:
    """Where the answers of an area are kept."""
    return FOLDER / f"{area}.json"


def load(area: str) -> Recording:
    """The answers that were recorded; none where there is no file yet."""
    file = file_of(area)
    return Recording(**json.loads(file.read_text())) if file.exists() else Recording()


def laid_out(value: Any, indent: int = 0) -> str:
    """JSON in which whatever fits on one line is on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = " " * (indent + 1)
    if isinstance(value, list):
        lines = [f"{inner}{laid_out(each, indent + 1)}" for each in value]
        return "[\n" + ",\n".join(lines) + f"\n{' ' * indent}]"
    lines = [
        f"{inner}{json.dumps(name, ensure_ascii=False)}: {laid_out(each, indent + 1)}" for name, each in value.items()
    ]
    return "{\n" + ",\n".join(lines) + f"\n{' ' * indent}}}"


def _joined(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: " ".join(each) if name == "text" and _is_text(each) else _joined(each) for name, each in value.items()
        }
    return [_joined(each) for each in value] if isinstance(value, list) else value


def _is_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)
