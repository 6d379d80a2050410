"""`manage.py export_audit`: the audit trail as JSON lines, the last of which is signed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from processes.access import evidence
from processes.models import AuditEvent


class Command(BaseCommand):
    help = "Write the audit trail as JSON lines; `check_audit --export FILE` compares the database with it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--after", type=int, default=0, help="Only rows with a higher number.")

    def handle(self, *args: Any, **options: Any) -> None:
        evidence.drop_anchor()
        for line in evidence.exported(AuditEvent.objects.filter(pk__gt=options["after"])):
            self.stdout.write(line, ending="")
