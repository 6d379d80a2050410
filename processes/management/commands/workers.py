"""`manage.py workers`: the one command that runs processes, on any number of hosts."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from processes.workers.supervisor import Supervisor


class Command(BaseCommand):
    help = "Run processes until stopped: a supervisor and its workers."
    requires_system_checks: list[str] = []  # a workflow module that does not import is named by `check`; the others run

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--processes",
            type=int,
            default=settings.Q_CLUSTER["workers"],
            help="Number of workers; more than cores, since steps wait for slow systems (default: %(default)s).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        Supervisor(options["processes"]).run()
