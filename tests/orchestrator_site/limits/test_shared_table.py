"""Records in shared memory: what is written is read by all, and the ones that are worth least give way."""

import os
import stat
from pathlib import Path

from orchestrator_site.limits.shared_table import WAYS, SharedTable


def test_a_record_is_read_as_it_was_written() -> None:
    table = SharedTable(rows=4)

    table.put(9, 1.5, 2.0)
    table.put(9, 2.5, 3.0)

    assert (table.get(9), table.get(5)) == ((2.5, 3.0), None)


def test_the_record_that_is_worth_least_gives_way() -> None:
    table = SharedTable(rows=1)
    for key in range(1, WAYS + 1):
        table.put(key, 0.0, worth=float(key))

    table.put(100, 0.0, worth=50.0)

    assert [key for key in range(1, WAYS + 1) if table.get(key) is None] == [1]
    assert table.get(100) == (0.0, 50.0)


def test_the_file_is_for_this_user_alone_and_has_its_room(tmp_path: Path) -> None:
    SharedTable(rows=16, file=tmp_path / "table")

    made = (tmp_path / "table").stat()
    assert (stat.S_IMODE(made.st_mode), made.st_size) == (0o600, 16 * WAYS * 24)
    assert made.st_blocks * 512 >= made.st_size


def test_without_a_place_for_the_file_the_memory_has_no_name(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    tables = [SharedTable(rows=4, file=tmp_path / name) for name in ("missing/table", "link")]

    for table in tables:
        table.put(1, 1.0, 1.0)
    assert [table.get(1) for table in tables] == [(1.0, 1.0)] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["link"]


def test_a_process_that_stopped_within_holds_nobody_up(tmp_path: Path) -> None:
    table = SharedTable(rows=4, file=tmp_path / "table")
    told, tell = os.pipe()
    pid = os.fork()
    if not pid:
        with table.locked():
            os.write(tell, b"x")
            os.read(told, 0)
            os.kill(os.getpid(), 19)
        os._exit(0)
    os.read(told, 1)

    with table.locked():
        table.put(1, 1.0, 1.0)

    os.kill(pid, 9)
    os.waitpid(pid, 0)
    assert table.get(1) == (1.0, 1.0)
