"""What a connection does when there is no room for what comes in."""

import tempfile
from pathlib import Path

import pytest

from orchestrator_site.operations.connections import SPILL_BYTES, Overloaded, Request, adjustments


def test_a_body_that_cannot_be_kept_is_refused_as_an_overload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    request = Request(adjustments(threads=1, connections=10))
    body = b"x" * (2 * SPILL_BYTES)

    request.received(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body))
    taken = request.received(body)

    assert (type(request.error), request.completed, taken) == (Overloaded, True, len(body))
