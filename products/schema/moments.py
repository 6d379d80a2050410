"""Moments that can be shown in every time zone: those of the years 1 to 9999, but for their first and last day."""

from datetime import UTC, datetime

EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)


def check_in_calendar(moment: datetime) -> datetime:
    """The same moment; `ValueError` in plain words where the calendar of some zone does not have it."""
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("must lie between the years 1 and 9999")
    return moment
