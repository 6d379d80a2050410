"""The test database is the one the lane asks for, and people have the rights that their names say."""

import pytest
from django.contrib.auth.models import User
from django.db import connection

from processes.access.permissions import Action, decide


@pytest.mark.postgres
@pytest.mark.django_db
def test_default_lane_is_postgresql() -> None:
    assert connection.vendor == "postgresql"


@pytest.mark.django_db
def test_sqlite_lane_is_a_file_in_wal_mode() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("not the SQLite lane")

    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]

    assert mode == "wal"


def test_people_have_the_rights_of_their_role(viewer: User, operator: User, modeller: User, stranger: User) -> None:
    assert decide(viewer, Action.VIEW).allowed
    assert not decide(viewer, Action.START).allowed
    assert decide(operator, Action.START).allowed
    assert decide(modeller, Action.EDIT_CATALOGUE).allowed
    assert not decide(stranger, Action.VIEW).allowed
