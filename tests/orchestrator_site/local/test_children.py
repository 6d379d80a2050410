"""Programs that run together are started again when they fall, and none outlives the one that started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestrator_site.local.children import Child, ChildFailed, Children

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = """
import sys
from pathlib import Path
from orchestrator_site.local.children import Child, Children
children = Children(print)
child = Child("sleep", [sys.executable, "-c", "import time; time.sleep(60)"], Path(sys.argv[1]))
children.add(child)
print(child.process.pid, flush=True)
children.wait()
"""


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def children(told: list[str]) -> Iterator[Children]:
    made = Children(told.append)
    yield made
    made.stop()


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Ask a real process table again and again; it has no clock to pass."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_fallen_child_is_started_again(children: Children, told: list[str], tmp_path: Path) -> None:
    child = Child("sleep", SLEEP, tmp_path / "log")
    children.add(child)
    assert child.process
    first = child.process.pid
    os.kill(first, signal.SIGKILL)

    assert until(lambda: children.pause(0.01) or (child.process is not None and child.process.pid != first))

    assert told == ["sleep exited (exit code -9); restarting in 1 seconds."]


def test_child_that_never_stays_up_is_given_up_with_its_log(children: Children, tmp_path: Path) -> None:
    child = Child("broken", [sys.executable, "-c", "raise SystemExit('no such file')"], tmp_path / "log")
    child.short_lives = 3
    children.add(child)

    with pytest.raises(ChildFailed, match="no such file"):
        children.pause(10)


def test_stop_leaves_nothing_of_a_child_that_ignores_sigterm(
    children: Children, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator_site.local.children.STOP_SECONDS", 0.5)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = Child("deaf", [sys.executable, "-c", deaf], tmp_path / "log")
    children.add(child)
    assert until(lambda: "deaf" in (tmp_path / "log").read_text())

    children.stop()

    assert child.process
    assert child.process.returncode == -signal.SIGKILL


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert is_alive(child)

    parent.kill()
    parent.wait()
    parent.stdout.close()

    assert until(lambda: not is_alive(child))
