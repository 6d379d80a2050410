"""The end of the audit chain, told outside of the database: in a file and in the log, signed with the key of the site.

Whoever can write to the database could delete every row, or compute the chain anew; neither changes what stands here.
An anchor vouches for its row and for all before it. The file keeps the newest few thousand.
"""

import fcntl
import json
import logging
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

logger = logging.getLogger("processes.audit")

MOST_BYTES = 1_000_000
LOG_SECONDS = 60.0
SALT = "processes.access.anchors"


@dataclass(frozen=True)
class Anchor:
    """That the row of this number had this hash."""

    number: int
    hash: str


class AnchorForged(ValueError):
    """A line of an anchor file is not signed by this site."""


class _Told:
    """When this process last told the log."""

    at = -LOG_SECONDS


def drop(anchor: Anchor) -> None:
    """Write an anchor down. It is too late to refuse the act, so what cannot be written is an error in the log."""
    if time.monotonic() - _Told.at >= LOG_SECONDS:
        _Told.at = time.monotonic()
        logger.info("Audit head", extra={"number": anchor.number, "hash": anchor.hash})
    if not settings.AUDIT_ANCHORS:
        return
    try:
        _append(Path(settings.AUDIT_ANCHORS), signed(anchor))
    except OSError:
        logger.exception("The anchor of the audit trail was not written")


def signed(anchor: Anchor, **more: Any) -> str:
    """A line with the anchor, whatever else is to be vouched for, and the signature over both."""
    said = {"number": anchor.number, "hash": anchor.hash, **more}
    return json.dumps({**said, "signature": Signer(salt=SALT).signature(_text(said))}, sort_keys=True)


def kept() -> list[Anchor]:
    """The anchors that the settings point to, the oldest first; none when there is no file."""
    if not settings.AUDIT_ANCHORS:
        return []
    path = Path(settings.AUDIT_ANCHORS)
    return [anchor for file in (_older(path), path) if file.exists() for anchor in read(file)]


def read(path: Path) -> list[Anchor]:
    """The anchors in a file. Raises AnchorForged, OSError."""
    with path.open(encoding="utf-8") as lines:
        return list(opened(lines))


def opened(lines: Iterable[str]) -> Iterator[Anchor]:
    """Anchors whose signature is right. Raises AnchorForged for any other line; an unfinished last one is left out."""
    for line in lines:
        if line.endswith("\n"):
            said = checked(line)
            yield Anchor(said["number"], said["hash"])


def checked(line: str) -> dict[str, Any]:
    """What a signed line says. Raises AnchorForged."""
    try:
        said: dict[str, Any] = json.loads(line)
        signature = said.pop("signature")
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise AnchorForged("A line of the anchors is damaged.") from error
    if not _signer_says(_text(said), signature):
        raise AnchorForged("A line of the anchors was not signed by this site, or with a key it no longer knows.")
    return said


def start_anew() -> Path | None:
    """Put the anchors aside, after a backup was restored; the name they have now."""
    path = Path(settings.AUDIT_ANCHORS)
    if not settings.AUDIT_ANCHORS or not path.exists():
        return None
    aside = path.with_name(f"{path.name}.{time.time_ns()}")
    path.replace(aside)
    _older(path).unlink(missing_ok=True)
    return aside


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, f"{line}\n".encode())
        if os.fstat(file).st_size > MOST_BYTES:
            _put_aside(path, file)
    finally:
        os.close(file)


def _put_aside(path: Path, file: int) -> None:
    """Give a full file its other name, unless another process did: the file at `path` is then a new one."""
    fcntl.flock(file, fcntl.LOCK_EX)
    if _is_at(path, file):
        path.replace(_older(path))


def _is_at(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _older(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")


def _text(said: dict[str, Any]) -> str:
    return json.dumps(said, sort_keys=True)


def _signer_says(text: str, signature: object) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return isinstance(signature, str) and any(
        constant_time_compare(Signer(key=key, salt=SALT).signature(text), signature) for key in keys
    )
