"""Texts that every database takes, and that show all that is in them.

No database takes NUL and half of a surrogate pair. What a terminal would obey instead of showing it (escape sequences,
marks that turn the direction of writing) is written out where a text comes from an external system.
"""

import re

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_BREAKS = str.maketrans({"\n": "\\n", "\t": "\\t"})


def is_storable(text: str) -> bool:
    """Whether every database takes the text as it is."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def clean_text(text: str) -> str:
    """The text with a replacement character for what a database does not take."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def visible(text: str) -> str:
    """The text with every control character written out (ESC as `\\x1b`), but for the ends of lines and tabs."""
    return _OBEYED.sub(_written_out, text.replace("\r\n", "\n"))


def said_by(value: object, what: str = "value") -> str:
    """What a value says of itself, even if saying it fails; `what` names it then."""
    try:
        return str(value)
    except Exception as broken:
        return f"The {what} could not be rendered: {type(broken).__name__}."


def on_one_line(text: str) -> str:
    """The same with ends of lines and tabs written out too."""
    return visible(text).translate(_BREAKS)


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def plain_lines(text: str) -> str:
    """The text with each end of a line as one character, as browsers show and do not send it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
