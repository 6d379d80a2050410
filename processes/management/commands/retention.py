"""`manage.py retention`: remove what is older than the settings say, or count it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from processes.actions.retention import remove_due
from processes.plugins import retention
from processes.queries.retention import days_of


class Command(BaseCommand):
    help = "Remove what is older than RETENTION_DAYS says; what is still referred to stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", help="Kinds to remove, such as tasks; all without.")
        parser.add_argument("--dry-run", action="store_true", help="Remove nothing, and count what would go.")
        parser.add_argument("--by", default="SYSTEM", help="Who the audit trail names.")

    def handle(self, *args: Any, **options: Any) -> None:
        known = retention.kinds()
        unknown = [name for name in options["kinds"] if name not in known]
        if unknown:
            raise CommandError(f"Unknown: {', '.join(unknown)}. Kinds are {', '.join(known)}.")
        for name in options["kinds"] or known:
            if not days_of(name):
                self.stdout.write(f"{name}: kept for ever")
        verb = "to remove" if options["dry_run"] else "removed"
        for done in remove_due(options["kinds"], by=options["by"], rehearse=options["dry_run"]):
            kept = f", {done.kept} kept since they are referred to" if done.kept else ""
            self.stdout.write(f"{done.kind.name}: {done.removed} {verb}{kept} (older than {done.days} days)")
