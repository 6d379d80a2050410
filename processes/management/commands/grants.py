"""`manage.py grants import FILE`, `grants export`: rights in version control."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from processes.access.grant_files import GrantFileInvalid
from processes.access.importing import export_grants, import_grants
from processes.models import AccessGrant


class Command(BaseCommand):
    help = "Import grants from YAML or from the portal's CSV, or export them as YAML."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        importing = verbs.add_parser("import", help="Make the grants of this file what it says; others stay.")
        importing.add_argument("file", type=Path)
        importing.add_argument("--dry-run", action="store_true", help="Only say what would change.")
        importing.add_argument("--make-groups", action="store_true", help="Make groups that are not known yet.")
        importing.add_argument("--by", default="command line", help="Who does it, for the audit trail.")
        exporting = verbs.add_parser("export", help="Write all grants, or those of one source.")
        exporting.add_argument("--source", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "export":
            among = {"source": options["source"]} if options["source"] else {}
            grants = AccessGrant.objects.filter(**among).select_related("group", "person").order_by("name")
            self.stdout.write(export_grants(grants), ending="")
            return
        self._import(options["file"], options)

    def _import(self, file: Path, options: dict[str, Any]) -> None:
        asked = {name: options[name] for name in ("by", "dry_run", "make_groups")}
        try:
            report = import_grants(file.read_text(encoding="utf-8"), source=file.name, **asked)
        except UnicodeDecodeError as error:
            raise CommandError(f"{file.name}: the file is not in UTF-8.") from error
        except (GrantFileInvalid, OSError) as error:
            raise CommandError(str(error)) from error
        for verb in ("added", "changed", "removed", "left_out", "unmatched"):
            for name in getattr(report, verb):
                self.stdout.write(f"{verb.replace('_', ' ')}: {name}")
        self.stdout.write("Nothing was changed: a dry run." if options["dry_run"] else "Done.")
