"""A slice of `api.py`: some cases for each operation, as the one who may do everything, and as one who may not."""

import pytest
from django.test import override_settings

from tests.faults import api


@pytest.mark.timeout(120)
@pytest.mark.parametrize("role", ["admin", pytest.param("viewer", marks=pytest.mark.postgres)])  # mostly refused
@pytest.mark.django_db(transaction=True)
def test_every_answer_is_described(role: str) -> None:
    with override_settings(REQUESTS_PER_MINUTE=0):
        tally = api.drive(api.fill()[role], cases=0, seed=1)

    assert tally.wrong == {}
    assert tally.cases > 50
