"""The life of a subscription."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from subscriptions.lifecycle import MOVES, USERS, MoveRefused, SubscriptionLifecycle, check_move, dates_after

THEN, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC)
INITIAL, PROVISIONING, ACTIVE, MIGRATING, DISABLED, TERMINATED = SubscriptionLifecycle


def ways_from(old: SubscriptionLifecycle) -> set[SubscriptionLifecycle]:
    """The statuses that a move from this one is not refused to."""
    ways = set()
    for new in SubscriptionLifecycle:
        with suppress(MoveRefused):
            check_move(old, new)
            ways.add(new)
    return ways


@pytest.mark.parametrize("status", SubscriptionLifecycle)
def test_move_to_the_same_status_is_allowed(status: SubscriptionLifecycle) -> None:
    assert ways_from(status) == {status, *MOVES[status]}


def test_move_from_initial_goes_onwards() -> None:
    assert ways_from(INITIAL) == {INITIAL, PROVISIONING, ACTIVE, TERMINATED}


def test_move_from_terminated_is_refused_in_plain_words() -> None:
    with pytest.raises(MoveRefused) as refused:
        check_move(TERMINATED, ACTIVE)

    assert str(refused.value) == (
        "A subscription cannot go from terminated to active; from terminated it can go to: nothing."
    )


def test_move_refused_names_the_ways_there_are() -> None:
    with pytest.raises(MoveRefused, match="from disabled it can go to: provisioning, active, terminated"):
        check_move(DISABLED, MIGRATING)


def test_tables_know_every_status() -> None:
    assert set(MOVES) == set(USERS) == set(SubscriptionLifecycle)


def test_terminated_users_never_stand_in_the_way() -> None:
    assert all(TERMINATED in users for users in USERS.values())


@pytest.mark.parametrize(
    ("status", "start", "end", "expected"),
    [
        (ACTIVE, None, None, (NOW, None)),
        (ACTIVE, THEN, None, (THEN, None)),
        (TERMINATED, THEN, None, (THEN, NOW)),
        (TERMINATED, THEN, THEN, (THEN, THEN)),
        (TERMINATED, None, None, (None, NOW)),
        (PROVISIONING, None, None, (None, None)),
    ],
)
def test_dates_are_set_once(
    status: SubscriptionLifecycle,
    start: datetime | None,
    end: datetime | None,
    expected: tuple[datetime | None, datetime | None],
) -> None:
    assert dates_after(status, start, end, NOW) == expected
