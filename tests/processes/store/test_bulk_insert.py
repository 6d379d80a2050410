"""Rows of several tables together: what stands first gets the smaller key."""

from uuid import uuid4

import pytest
from django.db import transaction

from processes.models import ProcessSubject
from processes.store import bulk_insert
from tests.factories.processes import process

pytestmark = pytest.mark.django_db


def test_rows_of_a_table_keep_their_order() -> None:
    """The main subject of a process was listed last on PostgreSQL."""
    one = process()
    labels = [f"number {number}" for number in range(5)]

    with transaction.atomic():
        bulk_insert.insert(
            [ProcessSubject(process=one, kind="test", subject_id=str(uuid4()), label=label) for label in labels]
        )

    assert list(ProcessSubject.objects.order_by("id").values_list("label", flat=True)) == labels
