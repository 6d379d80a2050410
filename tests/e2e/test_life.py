"""The demo starts from nothing, stops at once, leaves nothing running, keeps its data, and says what is in its way."""

import os
import signal
import stat
import subprocess
import sys
from typing import Any

import httpx2
import pytest

from tests.e2e.demo import ENDED, ROOT, STUCK, Demo, until
from tests.e2e.test_rest import bootstrapped

pytestmark = pytest.mark.demo


def test_stop_leaves_nothing_and_the_next_start_keeps_the_data(either_demo: Demo) -> None:
    with either_demo.rest() as client:
        bootstrapped(client)
        before = until(lambda: at_rest(client))

    seconds = either_demo.stop(signal.SIGINT)

    assert seconds < 10
    assert either_demo.processes() == []
    either_demo.start()
    with either_demo.rest() as client:
        assert client.get("processes/").json() == before


def at_rest(client: httpx2.Client) -> list[dict[str, Any]]:
    """All processes; none when one of them runs."""
    processes: list[dict[str, Any]] = client.get("processes/").json()
    return processes if {one["last_status"] for one in processes} <= ENDED | STUCK else []


def test_killed_demo_leaves_nothing(demo: Demo) -> None:
    assert demo.process
    os.kill(demo.process.pid, signal.SIGKILL)
    demo.process.wait()

    until(lambda: demo.processes() == [], 15)


def test_killed_web_server_is_started_again(demo: Demo) -> None:
    with demo.rest() as client:
        for pid in demo.processes("gunicorn"):
            os.kill(pid, signal.SIGKILL)

        until(lambda: answers(client))


def answers(client: httpx2.Client) -> bool:
    try:
        return client.get("health/").status_code == 200
    except httpx2.TransportError:
        return False


def second(*options: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "orchestrator_site.local.demo", *options]
    return subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_what_is_in_the_way_is_said(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = str(tmp_path_factory.mktemp("other"))

    same_folder = second("--data", str(demo.folder))
    same_port = second("--data", other, "--port", str(demo.port))

    assert same_folder.stderr.startswith("The demo did not start. Another demo is running on")
    assert same_port.stderr.startswith(f"The demo did not start. Port {demo.port} is in use.")


def test_secrets_are_for_this_user_alone(demo: Demo) -> None:
    modes = {name: stat.S_IMODE((demo.folder / name).stat().st_mode) for name in ("secret-key", "inventory-token")}

    assert modes == {"secret-key": 0o600, "inventory-token": 0o600}
    assert (demo.folder / "secret-key").read_text() not in demo.output
