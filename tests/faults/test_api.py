"""A slice of `api.py`: some cases for each operation, as the one who may do everything, and as one who may not."""

import pytest
from django.test import override_settings

from tests.faults import api


@pytest.mark.timeout(120)
@pytest.mark.parametrize("role", ["admin", "viewer"])
@pytest.mark.django_db(transaction=True)
def test_every_answer_is_described(role: str) -> None:
    with override_settings(REQUESTS_PER_MINUTE=0):
        tally = api.drive(api.fill()[role], cases=200, seconds=10, seed=1)

    assert tally.wrong == {}
    assert tally.cases > 50  # on a busy machine
