"""Stand-ins for what differs from run to run: ids, moments, tokens, durations. The same id, the same stand-in."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

_UUID = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b")
_SHORT = re.compile(r"(?<![\w-])[0-9a-f]{8}(?![\w-])")
_ISO = re.compile(r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:?00)?")
_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_SPELT = re.compile(r"\b\d{1,2} [A-Z][a-z]{2} 20\d\d(?: \d\d:\d\d(?::\d\d)?)?\b")
_CLOCK = re.compile(r"<day>, (?:\d{1,2}(?::\d\d)? [ap]\.m\.|noon|midnight)")
_WHEN = re.compile(r"\b(?:just now|in a moment|(?:in )?\d+ (?:minute|hour|day)s?(?: ago)?)\b")
_DURATION = re.compile(r"(?<![\w.])\d+(?:\.\d+)? (?:ms|s)(?!\w)")
_ETAG = re.compile(r'(?:W/)?"[0-9a-f]{6,}(?:[-.][0-9a-f]+)*"')
_CLAIMS = re.compile(r'"\d+(?=\.\d+\.\d+\.[a-z_]+~)')
"""In the ETag of a process: how often it was claimed, which is more where the machine is slow."""
_TOKEN = re.compile(r"\b[0-9a-zA-Z]{64}\b")
_HOST = re.compile(r"\b(?:127\.0\.0\.1|localhost):\d{4,5}\b")
_MODULE = re.compile(r"^(?:\w+\.)+(?=\w+(?::|$))")
VOLATILE_KEYS = frozenset({"oldest_queued_seconds", "pid"})
"""Members of JSON bodies whose numbers say nothing."""


class StandIns:
    """Those of one area. Ids that a stop keeps have its name; others are numbered as they appear."""

    def __init__(self, names: Mapping[str, str], *, now: datetime) -> None:
        self._names = {_plain(value): name for value, name in names.items() if _is_id(value)}
        self._etags: dict[str, str] = {}
        self._numbered = 0
        self._from, self._until = now - timedelta(minutes=30), now + timedelta(days=2)

    def know(self, value: str, name: str) -> None:
        """Call an id by this name from now on; one that has appeared already keeps its number."""
        if _is_id(value):
            self._names.setdefault(_plain(value), name)

    def value(self, value: Any) -> Any:
        """A JSON value with stand-ins."""
        match value:
            case str():
                return self.text(value)
            case dict():
                shown = {self.text(str(key)): self._member(str(key), inner) for key, inner in value.items()}
                return shown if shown.keys() == value.keys() else dict(sorted(shown.items()))
            case list() | tuple():
                return [self.value(inner) for inner in value]
        return value

    def header(self, name: str, text: str) -> str:
        """A header with stand-ins; a wait of minutes is counted from something that happened before."""
        return "<seconds>" if name == "Retry-After" and int(text) > 60 else self.text(text)

    def text(self, text: str) -> str:
        """A text with stand-ins."""
        text = _TOKEN.sub("<token>", text)
        text = _CLAIMS.sub('"<claims>', _ETAG.sub(self._etag, text))
        text = _UUID.sub(lambda match: self._id(match[0]), text)
        text = _SHORT.sub(self._short, text)
        text = _HOST.sub("<host>", text)
        text = _ISO.sub(self._moment, text)
        text = _DAY.sub(self._day, text)
        text = _CLOCK.sub("<moment>", _SPELT.sub(self._spelt, text))
        return _DURATION.sub("<duration>", _WHEN.sub("<when>", text))

    def _member(self, key: str, value: Any) -> Any:
        if key in VOLATILE_KEYS and value is not None:
            return f"<{key}>"
        if key == "traceback" and isinstance(value, str) and value:
            return self.text(outcome_of_traceback(value))
        return self.value(value)

    def _id(self, value: str) -> str:
        if _plain(value) not in self._names:
            self._numbered += 1
            self._names[_plain(value)] = f"id {self._numbered}"
        return f"<{self._names[_plain(value)]}>"

    def _short(self, match: re.Match[str]) -> str:
        names = {name for value, name in self._names.items() if value.startswith(match[0])}
        return f"<{names.pop()}…>" if len(names) == 1 else match[0]

    def _etag(self, match: re.Match[str]) -> str:
        number = self._etags.setdefault(match[0], str(len(self._etags) + 1))
        return f'"<etag {number}>"'

    def _moment(self, match: re.Match[str]) -> str:
        moment = datetime.fromisoformat(match[0])
        return self._unless_old(moment if moment.tzinfo else moment.replace(tzinfo=UTC), match[0])

    def _day(self, match: re.Match[str]) -> str:
        is_recent = self._from.date() <= date.fromisoformat(match[0]) <= self._until.date()
        return "<day>" if is_recent else match[0]

    def _spelt(self, match: re.Match[str]) -> str:
        for form in ("%d %b %Y %H:%M:%S", "%d %b %Y %H:%M"):
            try:
                return self._unless_old(datetime.strptime(match[0], form).replace(tzinfo=UTC), match[0])
            except ValueError:
                continue
        day = datetime.strptime(match[0], "%d %b %Y").replace(tzinfo=UTC).date()
        return "<day>" if self._from.date() <= day <= self._until.date() else match[0]

    def _unless_old(self, moment: datetime, text: str) -> str:
        return "<moment>" if self._from <= moment <= self._until else text


def outcome_of_traceback(text: str) -> str:
    """Its last line, without the module of the exception: files, lines and modules say nothing to a client."""
    return f"… {_MODULE.sub('', text.strip().splitlines()[-1])}"


def _plain(value: str) -> str:
    return value.replace("-", "")


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
