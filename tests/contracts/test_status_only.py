"""A status code alone is no test: whoever asserts one asserts something else as well."""

from tests.contracts.figures.suite import status_only_tests


def test_no_test_asserts_only_a_status_code() -> None:
    assert status_only_tests() == []
