"""Which ports the demo takes, what it uses of what is set, and what it says when it cannot write."""

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from orchestrator_site.local import demo
from orchestrator_site.local.demo import NotStarted


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_a_port_that_was_asked_for_must_be_free(taken: int) -> None:
    with pytest.raises(NotStarted, match=f"Port {taken} is in use. Choose another with --port."):
        demo._port(taken, 8000, "--port")


def test_a_port_that_was_not_asked_for_is_found(taken: int) -> None:
    found = demo._port(None, taken, "--port")

    assert found != taken
    assert demo._is_free(found)


def test_the_neighbour_of_a_port_need_not_be_free(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INVENTORY_URL", raising=False)

    assert demo._inventory_port(None, taken - 1) not in {None, taken}


def test_an_inventory_that_is_named_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVENTORY_URL", "http://inventory.example")
    monkeypatch.setenv("INVENTORY_TOKEN", "theirs")

    environment = demo._environment(tmp_path, demo._inventory_port(None, 8000))

    assert environment["INVENTORY_TOKEN"] == "theirs"
    assert "INVENTORY_URL" not in environment


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with (
        pytest.raises(NotStarted, match=r"cannot be written: .*Choose another folder with --data"),
        demo._alone(tmp_path / "file" / "data"),
    ):
        pass


def test_the_data_folder_is_its_user_s(tmp_path: Path) -> None:
    with demo._alone(tmp_path / "data"):
        mode = stat.S_IMODE((tmp_path / "data").stat().st_mode)

    assert mode == 0o700


def test_a_command_without_a_database_says_so_in_a_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/none/at/all", "HTTPS": "0"}
    command = [sys.executable, "manage.py", "migrate", "--settings", "orchestrator_site.settings.test"]

    ended = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, cwd=settings.ROOT)

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == "manage.py: the database cannot be used: unable to open database file"
    assert "Traceback" not in ended.stderr
