"""`manage.py check_audit`: is the audit trail whole? If not, a line each and exit code 1."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from processes.access import anchors, audit, evidence
from processes.access.anchors import Anchor, AnchorForged


class Command(BaseCommand):
    help = "Check the audit trail: its chain of hashes, and the anchors that were told outside of the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchors", nargs="*", type=Path, default=[], help="Further anchor files, of other hosts.")
        parser.add_argument("--export", nargs="*", type=Path, default=[], help="Signed exports to compare with.")
        parser.add_argument(
            "--start-anew", metavar="REASON", help="Put the anchors aside, after a backup was restored, and say why."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["start_anew"]:
            self._start_anew(options["start_anew"])
        try:
            told = [*anchors.kept(), *_read(options["anchors"], options["export"])]
            found = list(evidence.faults(told))
        except (AnchorForged, OSError) as error:
            raise CommandError(str(error)) from error
        for fault in found:
            self.stdout.write(fault)
        if found:
            sys.exit(1)
        newest = max((anchor.number for anchor in told), default=0)
        self.stdout.write(f"The audit trail is whole; the newest of {len(told)} anchors is of row {newest}.")
        if not told and settings.AUDIT_ANCHORS:
            self.stdout.write("No anchors were found: deletion of all rows would not show.")

    def _start_anew(self, reason: str) -> None:
        aside = anchors.start_anew()
        detail = {"kept_as": aside.name if aside else ""}
        audit.record("audit_anchors_started_anew", by="", kind="audit", detail=detail, reason=reason)
        self.stdout.write(f"The anchors are kept as {aside}." if aside else "There were no anchors.")


def _read(files: list[Path], exports: list[Path]) -> list[Anchor]:
    read = [anchor for path in files for anchor in anchors.read(path)]
    return read + [anchor for path in exports for anchor in evidence.anchors_of_export(path)]
