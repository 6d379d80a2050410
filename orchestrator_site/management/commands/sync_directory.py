"""Take over people, roles and groups from the directory of the identity provider; once, or again and again."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from orchestrator_site.auth.directory.sync import AlreadyRunning, Result, sync
from orchestrator_site.auth.provider.configuration import Provider, configured


class Command(BaseCommand):
    help = "Take over people, roles and groups from the directory of the identity provider (Keycloak)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on, with so long a pause between two runs")

    def handle(self, *args: Any, **options: Any) -> None:
        provider = configured()
        if provider is None:
            raise CommandError("This site has no identity provider: OIDC_ISSUER is not set.")
        every: int | None = options["every"]
        result = self._once(provider)
        while every:
            time.sleep(every)
            close_old_connections()
            result = self._once(provider)
        if result is None or result.error:
            raise CommandError(result.error if result else "Another sync is running.")

    def _once(self, provider: Provider) -> Result | None:
        try:
            result = sync(provider)
        except AlreadyRunning:
            self.stdout.write("Another sync is running.")
            return None
        told = f"{result.seen} people read, {result.changed} changed, {result.closed} closed, {result.failed} not read."
        self.stdout.write(f"{told} {result.error}".rstrip())
        self.stdout.flush()
        return result
