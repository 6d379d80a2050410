"""Places in a file of grants: what is wrong is told with its line and its path. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from processes.engine.values import yaml_text


class WrongText(Exception):
    """Something is wrong at a line of a file whose name is not known here."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True)
class FilePlace:
    """A place in a document: its path, for the line, and what people call it."""

    lines: Mapping[yaml_text.Path, int]
    path: yaml_text.Path
    words: str

    def at(self, *path: str | int) -> "FilePlace":
        """A place below it."""
        words = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
        return FilePlace(self.lines, (*self.path, *path), f"{self.words}{words}".lstrip("."))

    @property
    def line(self) -> int:
        """Its line; that of what is around it where it is not in the file."""
        return next(
            self.lines[self.path[:end]] for end in range(len(self.path), -1, -1) if self.path[:end] in self.lines
        )

    def wrong(self, why: str) -> "WrongText":
        """What to raise."""
        return WrongText(f"{self.words}: {why}", self.line)
