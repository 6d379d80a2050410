"""What `./run check` asks of Django: one process, so that the site is loaded once."""

import os
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError
from django.template.loader import get_template


class Command(BaseCommand):
    help = "Check deployment settings, missing migrations, the REST description and the templates."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("check", deploy=True, fail_level="WARNING", stdout=StringIO())
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
        call_command("spectacular", validate=True, fail_on_warn=True, file=os.devnull)
        for template in _templates(settings.ROOT / "templates"):
            try:
                get_template(template)
            except TemplateSyntaxError as error:
                raise CommandError(f"templates/{template}: {error}") from error


def _templates(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*.html"))
