"""Deleted, changed and computed anew: whatever is done to the trail shows in what was told outside."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from processes.access import anchors, audit
from processes.access.anchors import Anchor
from processes.models import AuditEvent, AuditHead

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trail(settings: Settings, tmp_path: Path) -> Path:
    """Five acts, told outside in this file."""
    settings.AUDIT_ANCHORS = str(tmp_path / "anchors.jsonl")
    for number in range(5):
        audit.record("start", by="ada", detail={"number": number})
    return tmp_path / "anchors.jsonl"


def check(capsys: Any, *arguments: str) -> tuple[int, list[str]]:
    try:
        call_command("check_audit", *arguments)
    except SystemExit as error:
        return int(str(error)), capsys.readouterr().out.splitlines()
    return 0, capsys.readouterr().out.splitlines()


def forge(number: int) -> None:
    """Change an event and compute the rest of the chain anew, as somebody with the database and our code could."""
    before = ""
    for event in AuditEvent.objects.order_by("id"):
        event.actor = "eve" if event.pk == number else event.actor
        event.previous_hash = before
        event.hash = before = audit.digest(event)
        event.save()
    AuditHead.objects.update(hash=before, previous_hash=event.previous_hash)


def test_whole_trail_passes(trail: Path, capsys: Any) -> None:
    assert check(capsys) == (0, ["The audit trail is whole; the newest of 5 anchors is of row 5."])


def test_deletion_of_all_rows_is_found(trail: Path, capsys: Any) -> None:
    """Fault M3: an empty trail passed."""
    AuditEvent.objects.all().delete()
    AuditHead.objects.all().delete()

    code, told = check(capsys)

    assert (code, told[0]) == (1, "The row 1 is missing; it was told outside of the database.")


def test_chain_computed_anew_is_found(trail: Path, capsys: Any) -> None:
    """Fault M3: a forged chain passed."""
    forge(3)
    assert list(audit.verify()) == []

    code, told = check(capsys)

    assert (code, told[0]) == (1, "The row 3 has another hash; it was told outside of the database.")


def test_acts_after_a_forgery_do_not_cover_it(trail: Path, capsys: Any) -> None:
    forge(3)
    audit.record("start", by="ada")

    assert check(capsys)[0] == 1


def test_forged_anchor_is_refused(trail: Path, capsys: Any) -> None:
    line = json.loads(trail.read_text().splitlines()[0])
    trail.write_text(json.dumps({**line, "hash": "0" * 64}) + "\n")

    with pytest.raises(Exception, match="was not signed by this site"):
        check(capsys)


def test_line_that_was_cut_by_a_crash_is_no_forgery(trail: Path, capsys: Any) -> None:
    with trail.open("a") as file:
        file.write('{"number": 6, "ha')

    assert check(capsys)[0] == 0


def test_anchors_are_started_anew_with_a_reason(trail: Path, capsys: Any) -> None:
    AuditEvent.objects.all().delete()
    AuditHead.objects.all().delete()

    code, _ = check(capsys, "--start-anew", "restored the backup of Monday")

    assert code == 0
    assert AuditEvent.objects.get().reason == "restored the backup of Monday"


def test_file_does_not_grow_without_end(trail: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "MOST_BYTES", 400)
    for number in range(20):
        audit.record("start", by="ada", detail={"number": number})

    assert trail.with_name("anchors.jsonl.1").exists()
    assert anchors.kept()[-1].number == 25


def test_full_file_is_put_aside_once(trail: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two processes that find it full, the second gave its name to the new file: all anchors before were lost."""
    other = os.open(trail, os.O_WRONLY | os.O_APPEND)
    monkeypatch.setattr(anchors, "MOST_BYTES", 400)
    anchors.drop(Anchor(6, "a"))
    anchors.drop(Anchor(7, "b"))

    anchors._put_aside(trail, other)
    os.close(other)

    assert [anchor.number for anchor in anchors.kept()] == [1, 2, 3, 4, 5, 6, 7]


def test_export_is_signed_and_compared(trail: Path, tmp_path: Path, capsys: Any) -> None:
    call_command("export_audit")
    export = tmp_path / "export.jsonl"
    export.write_text(capsys.readouterr().out)
    lines = [json.loads(line) for line in export.read_text().splitlines()]
    trail.unlink()

    assert [line["number"] for line in lines] == [1, 2, 3, 4, 5, 5]
    assert (lines[0]["actor"], lines[0]["detail"]) == ("ada", {"number": 0})
    assert check(capsys, "--export", str(export))[0] == 0
    forge(2)
    assert check(capsys, "--export", str(export))[0] == 1


def test_changed_export_is_refused(trail: Path, tmp_path: Path, capsys: Any) -> None:
    call_command("export_audit")
    export = tmp_path / "export.jsonl"
    export.write_text(capsys.readouterr().out.replace("ada", "eve", 1))

    with pytest.raises(Exception, match="The export was changed after it was signed"):
        check(capsys, "--export", str(export))
