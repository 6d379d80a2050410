"""Some pairs on the database of this lane; `./run faults contention` is all of them."""

from pathlib import Path

import pytest

from tests.faults import contention

pytestmark = pytest.mark.timeout(120)


def test_two_starts_on_one_thing_have_one_winner(shaped: None, tmp_path: Path) -> None:
    contention.contend_for_things(tmp_path, 25)


def test_requests_posted_twice_at_once_have_one_effect(shaped: None, tmp_path: Path) -> None:
    contention.post_everything_twice(tmp_path, 25)
