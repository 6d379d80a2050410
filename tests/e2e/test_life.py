"""The demo starts from nothing, stops at once, leaves nothing running, keeps its data, and says what is in its way."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator

import httpx2
import pytest

from tests.e2e.demo import ROOT, Demo, until
from tests.e2e.test_rest import bootstrapped

pytestmark = pytest.mark.demo


@pytest.fixture
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = Demo(tmp_path_factory.mktemp("demo") / "data", getattr(request, "param", ()))
    try:
        made.start()
        yield made
    finally:
        made.end()


@pytest.mark.parametrize("own", [(), ("--postgres",)], ids=["sqlite", "postgres"], indirect=True)
def test_stop_leaves_nothing_and_the_next_start_keeps_the_data(own: Demo) -> None:
    with own.rest() as client:
        bootstrapped(client)
        before = client.get("processes/").json()

    seconds = own.stop(signal.SIGINT)

    assert seconds < 10
    assert own.processes() == []
    own.start()
    with own.rest() as client:
        assert client.get("processes/").json() == before


def test_killed_demo_leaves_nothing(own: Demo) -> None:
    assert own.process
    os.kill(own.process.pid, signal.SIGKILL)
    own.process.wait()

    until(lambda: own.processes() == [], 15)


def test_killed_web_server_is_started_again(own: Demo) -> None:
    with own.rest() as client:
        for pid in own.processes("gunicorn"):
            os.kill(pid, signal.SIGKILL)

        until(lambda: answers(client))


def answers(client: httpx2.Client) -> bool:
    try:
        return client.get("health/").status_code == 200
    except httpx2.TransportError:
        return False


def second(own: Demo, *options: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings.demo"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "demo", *options]
    return subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_what_is_in_the_way_is_said(own: Demo, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = str(tmp_path_factory.mktemp("other"))

    same_folder = second(own, "--data", str(own.folder))
    same_port = second(own, "--data", other, "--port", str(own.port))

    assert same_folder.stderr.startswith("CommandError: Another demo is running on")
    assert same_port.stderr.startswith(f"CommandError: Port {own.port} is in use.")


def test_secrets_are_for_this_user_alone(own: Demo) -> None:
    modes = {name: stat.S_IMODE((own.folder / name).stat().st_mode) for name in ("secret-key", "inventory-token")}

    assert modes == {"secret-key": 0o600, "inventory-token": 0o600}
    assert (own.folder / "secret-key").read_text() not in own.output
