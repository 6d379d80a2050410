"""Whether the tables are those of this release."""

import pytest
from django.db import connection

from processes.store.schema import missing_columns


@pytest.mark.django_db
def test_a_missing_column_is_named() -> None:
    before = missing_columns()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE processes_auditevent RENAME COLUMN actor TO person")

    assert (before, missing_columns()) == ([], ["processes_auditevent.actor"])
