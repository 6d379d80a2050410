"""How many rows the plans of some statements read, as PostgreSQL tells."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection

from tests.benchmarks import plans

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
GROUPS = 5_000


@pytest.fixture(autouse=True)
def _groups() -> None:
    Group.objects.bulk_create(Group(name=f"group {number}") for number in range(GROUPS))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE auth_group")


def test_a_scan_of_a_whole_table_is_told_with_all_its_rows() -> None:
    with plans.noted() as statements:
        list(Group.objects.filter(permissions=None, name__endswith="7"))

    scan = plans.greediest(statements)
    assert scan is not None
    assert (scan.table, scan.node, scan.rows) == ("auth_group", "Seq Scan", GROUPS)


def test_a_look_up_by_an_index_reads_what_it_finds() -> None:
    with plans.noted() as statements:
        Group.objects.get(name="group 7")

    assert [(scan.table, scan.rows) for scan in plans.scans(statements)] == [("auth_group", 1)]


def test_what_writes_is_left_out() -> None:
    with plans.noted() as statements:
        User.objects.create(username="somebody")

    assert (len(statements), plans.greediest(statements)) == (1, None)
