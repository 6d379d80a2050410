"""Import a catalogue file, or write the catalogue there is to standard output."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from products.actions import CatalogueFileInvalid, export_catalogue, import_catalogue


class Command(BaseCommand):
    """`catalogue import FILE [--dry-run] [--lose-values] [--by NAME]` and `catalogue export`."""

    help = "Import a catalogue file, or export the catalogue."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        importing = verbs.add_parser("import", help="replace the catalogue by a file")
        importing.add_argument("file", type=Path)
        importing.add_argument("--dry-run", action="store_true", help="only report what would change")
        importing.add_argument(
            "--lose-values", action="store_true", help="import even where delivered values have no place any more"
        )
        importing.add_argument("--by", default="command line", help="the user name for the audit trail")
        verbs.add_parser("export", help="write the catalogue as YAML")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "export":
            self.stdout.write(export_catalogue(), ending="")
            return
        file: Path = options["file"]
        try:
            text = file.read_text(encoding="utf-8")
            report = import_catalogue(
                text,
                str(file),
                by=options["by"],
                dry_run=options["dry_run"],
                may_lose_values=options["lose_values"],
            )
        except (OSError, UnicodeDecodeError, CatalogueFileInvalid) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(report))
