"""YAML 1.2 with the line of every value: numbers are read as they stand or refused, words such as no and on are texts.

The core schema of YAML 1.2 (chapter 10.3), without aliases, and with the limits of a file.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from processes.engine.values import json_text

Path = tuple[str | int, ...]

LARGEST_FILE = 2_000_000  # characters
DEEPEST = 70
"""Levels of lists and mappings: those of the file, and those of a JSON value in it."""
_PREFIX = "tag:yaml.org,2002:"
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
KINDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    f"{_PREFIX}null": (_NULL, "~nN"),
    f"{_PREFIX}bool": (_BOOLEAN, "tTfF"),
    f"{_PREFIX}int": (_INTEGER, "-+0123456789"),
    f"{_PREFIX}float": (re.compile(f"{_FLOAT.pattern}|{_NO_NUMBER.pattern}"), "-+.0123456789"),
}
"""How a plain scalar is recognised: by its text, looked at where it begins so."""


class InvalidYaml(ValueError):
    """Something wrong at a line (from 1); the message says what was expected."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Document:
    """What a text says, and the line of each part of it; a key is where it stands itself."""

    content: Any
    lines: Mapping[Path, int]


class _Loader(yaml.CSafeLoader):
    """Knows the scalars of YAML 1.2, and no others."""

    yaml_implicit_resolvers: dict[str, Any] = {}


def load(text: str) -> Document:
    """Read a text of one document. Raises InvalidYaml for the first thing wrong with it."""
    documents = load_all(text)
    if len(documents) > 1:
        raise InvalidYaml(documents[1].lines[()], "expected a single document")
    return documents[0] if documents else Document(None, {})


def load_all(text: str) -> list[Document]:
    """Read every document of a text. Raises InvalidYaml for the first thing wrong with it."""
    if len(text) > LARGEST_FILE:
        raise InvalidYaml(1, f"expected at most {LARGEST_FILE} characters")
    try:
        _check_events(text)
        nodes = list(yaml.compose_all(text, Loader=_Loader))
        return [Document(_value(node), dict(_lines(node, ()))) for node in nodes]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InvalidYaml(mark.line + 1 if mark else 1, f"expected YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise InvalidYaml(1, f"expected YAML: {error}") from error


def _check_events(text: str) -> None:
    """Refuse aliases, which make a small file a large one, and depth, before anything is made of the text."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise InvalidYaml(_line(event), "expected the value itself, not an alias of it")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise InvalidYaml(_line(event), f"expected at most {DEEPEST} levels of lists and mappings")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(node: yaml.Node) -> Any:
    match node:
        case yaml.MappingNode(tag="tag:yaml.org,2002:map"):
            return _mapping(node)
        case yaml.SequenceNode(tag="tag:yaml.org,2002:seq"):
            return [_value(inner) for inner in node.value]
        case yaml.ScalarNode():
            return _scalar(node)
    raise InvalidYaml(_line(node), f"expected a plain value, not one of type {node.tag}")


def _mapping(node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [_value(key) if isinstance(key, yaml.ScalarNode) else None for key, _ in node.value]
    for (key, _), read in zip(node.value, keys, strict=True):
        if not isinstance(read, str):
            raise InvalidYaml(_line(key), "expected a text as key")
    twice = {key for key, count in Counter(keys).items() if count > 1}
    for (key, _), read in zip(node.value, keys, strict=True):
        if read in twice:
            raise InvalidYaml(_line(key), f"expected the key “{read}” only once")
    return dict(zip(keys, (_value(value) for _, value in node.value), strict=True))


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    match node.tag.removeprefix(_PREFIX):
        case "str":
            return text
        case "null" if _NULL.fullmatch(text):
            return None
        case "bool" if _BOOLEAN.fullmatch(text):
            return text.lower() == "true"
        case "int" if _INTEGER.fullmatch(text):
            return _integer(node, text)
        case "float" if _FLOAT.fullmatch(text):
            return _number(node, _decimal_text(text))
    raise InvalidYaml(_line(node), f"expected a plain value, not {text[:60]!r} of type {node.tag}")


def _integer(node: yaml.Node, text: str) -> Any:
    if _LEADING_ZERO.match(text):
        raise InvalidYaml(_line(node), f"expected a number without leading zeros, or a text in quotes, not {text[:60]}")
    if len(text) > json_text.MOST_DIGITS:
        raise InvalidYaml(_line(node), f"expected a number of at most {json_text.MOST_DIGITS} digits")
    if text.startswith(("0o", "0x")):
        text = str(int(text[2:], 8 if text[1] == "o" else 16))
    return _number(node, text.removeprefix("+"))


def _decimal_text(text: str) -> str:
    """A float as JSON writes it: digits on both sides of the point."""
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text.removeprefix("+"))
    mantissa, mark, exponent = re.match(r"([^eE]*)([eE]?)(.*)", digits).groups()  # type: ignore[union-attr]
    whole, point, fraction = mantissa.partition(".")
    return f"{sign}{whole.lstrip('0') or '0'}{point and '.'}{fraction or (point and '0')}{mark}{exponent}"


def _number(node: yaml.Node, text: str) -> Any:
    try:
        return json_text.read_exactly(text)
    except json_text.InvalidJson as error:
        raise InvalidYaml(_line(node), f"expected a number that can be kept: it {error}") from error


def _lines(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    yield path, _line(node)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*path, key.value))
            yield (*path, key.value), _line(key)
    if isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _lines(value, (*path, place))


def _line(node: yaml.Node | yaml.Event) -> int:
    return int(node.start_mark.line) + 1 if node.start_mark else 1


def add_kinds(made: Any) -> None:
    """Let a loader or dumper recognise the plain scalars of YAML 1.2."""
    for tag, (pattern, first) in KINDS.items():
        made.add_implicit_resolver(tag, re.compile(f"^(?:{pattern.pattern})$"), ["", *first])


add_kinds(_Loader)
