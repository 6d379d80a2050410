"""Make a database ready: our tables, an operator, and so many subscriptions and processes.

Run as `python -m tests.benchmarks.prepare SUBSCRIPTIONS PROCESSES` on the database that DATABASE_URL names.
"""

import sys

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402 - Django comes first
from django.core.management import call_command  # noqa: E402

from tests.benchmarks import seed  # noqa: E402
from tests.benchmarks.accounts import NAME, PASSWORD  # noqa: E402


def main(subscriptions: int, processes: int) -> None:
    call_command("migrate", verbosity=0)
    user = User.objects.create_user(NAME, password=PASSWORD)
    user.groups.add(Group.objects.get_or_create(name="operator")[0])
    if subscriptions:
        seed.fill(subscriptions, processes=processes)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
