"""`manage.py check_engine`: do the rows of the engine hold together? If not, a line each and exit code 1."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from processes.queries.invariants import violations


class Command(BaseCommand):
    help = "Check that the rows of the engine are consistent."

    def handle(self, *args: Any, **options: Any) -> None:
        found = violations()
        for one in found:
            self.stdout.write(str(one))
        if found:
            sys.exit(1)
        self.stdout.write("The engine's rows are consistent.")
