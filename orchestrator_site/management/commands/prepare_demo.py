"""Bring the database of the demo up to date; safe to repeat."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from orchestrator_site.local import first_run


class Command(BaseCommand):
    help = "Migrate, and add the users, customers, products and first task of the demo."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        first_run.add_people()
        first_run.add_customers()
        first_run.import_catalogue()
        first_run.start_bootstrap()
