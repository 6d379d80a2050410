"""The clock beside an SQLite database: it goes on, whatever the wall says, and alike for every process."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from processes.store.host_clock import HostClock

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


class Host:
    """A host whose clocks are moved by hand."""

    def __init__(self) -> None:
        self.wall, self.running, self.boot = NOON, timedelta(seconds=70), b"first boot......"

    def clock(self, file: Path | None) -> HostClock:
        return HostClock(
            file,
            wall=lambda: round(self.wall.timestamp() * 1_000_000),
            running=lambda: self.running // timedelta(microseconds=1),
            boot=lambda: self.boot,
        )

    def wait(self, time: timedelta) -> None:
        self.wall += time
        self.running += time


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture(params=["a file", "none"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "database-clock" if request.param == "a file" else None


@pytest.mark.parametrize("jump", [-HOUR, HOUR], ids=["back", "forward"])
def test_clock_goes_on_when_the_wall_is_set(host: Host, file: Path | None, jump: timedelta) -> None:
    clock = host.clock(file)
    assert (clock.now(), clock.lag()) == (NOON, timedelta())

    host.wait(HOUR)
    host.wall += jump

    assert (clock.now(), clock.lag()) == (NOON + HOUR, jump)


def test_every_process_of_a_host_has_the_same_time(host: Host, tmp_path: Path) -> None:
    first = host.clock(tmp_path / "database-clock")
    first.now()
    host.wall += HOUR
    second = host.clock(tmp_path / "database-clock")
    assert second.now() == first.now() == NOON

    first.move(first.lag())

    assert (second.now(), second.lag()) == (NOON + HOUR, timedelta())


def test_file_has_its_room_before_it_is_written_into(host: Host, tmp_path: Path) -> None:
    """A hole that a full disk cannot fill ends the process that writes into it (SIGBUS)."""
    host.clock(tmp_path / "database-clock")

    assert (tmp_path / "database-clock").stat().st_blocks > 0


def test_clock_begins_with_the_wall_after_a_boot(host: Host, tmp_path: Path) -> None:
    host.clock(tmp_path / "database-clock").now()
    host.wall, host.running, host.boot = NOON + 9 * HOUR, timedelta(seconds=3), b"second boot....."

    assert host.clock(tmp_path / "database-clock").now() == NOON + 9 * HOUR


def test_folder_that_cannot_be_written_leaves_each_process_its_own(host: Host, tmp_path: Path) -> None:
    assert host.clock(tmp_path / "missing" / "database-clock").now() == NOON
