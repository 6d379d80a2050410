"""The demo as a user starts it, in a folder of its own on free ports, and what a client of it does."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).resolve().parents[2]
MODULE = "orchestrator_site.local.demo"
START_SECONDS = 90
STOP_SECONDS = 12
WAIT_SECONDS = 30
ENDED = {"completed", "aborted"}
STUCK = {"failed", "suspended", "inconsistent_data", "api_unavailable"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Demo:
    """One running demo; `start` again after `stop` or `kill` goes on with the same data."""

    folder: Path
    options: Sequence[str] = ()
    port: int = field(default_factory=free_port)
    inventory_port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it says where it runs."""
        environment = {name: value for name, value in os.environ.items() if name not in _OURS}
        command = [sys.executable, "-m", MODULE, "--data", str(self.folder), "--port", str(self.port)]
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "--inventory-port", str(self.inventory_port), *self.options],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(lambda: "Sign in as operator" in self.output or not self.is_running, START_SECONDS)
        assert self.is_running, self.output

    def stop(self, with_signal: int = signal.SIGTERM) -> float:
        """Ask it to stop; gives the seconds it took."""
        assert self.process
        began = time.monotonic()
        self.process.send_signal(with_signal)
        self.process.wait(STOP_SECONDS)
        return time.monotonic() - began

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut does."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        assert self.process
        self.process.wait(STOP_SECONDS)

    def end(self) -> None:
        """Leave nothing behind, however the test went."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        if self.process:
            self.process.wait(STOP_SECONDS)

    def processes(self, words: str = "") -> list[int]:
        """Those of this demo whose command line has `words`; environment or command line tell whose they are."""
        found = [(pid, _read(where / "cmdline"), _read(where / "environ")) for pid, where in _all_processes()]
        own, mark = str(self.folder).encode(), f"DATA_DIR={self.folder}".encode()
        return [
            pid
            for pid, command, environment in found
            if words.encode() in command and (own in command or mark in environment.split(b"\0"))
        ]

    @property
    def output(self) -> str:
        return self._output.read_text(errors="replace")

    @property
    def _output(self) -> Path:
        return self.folder.parent / f"{self.folder.name}.output"

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def rest(self, name: str = "operator") -> httpx2.Client:
        """A client signed in with a token, as an integration is."""
        if name not in self._tokens:
            answer = httpx2.post(f"{self.address}/api/auth/login/", auth=(name, name), trust_env=False, verify=False)
            assert answer.status_code == 200, answer.text
            self._tokens[name] = answer.json()["token"]
        headers = {"Authorization": f"Token {self._tokens[name]}"}
        return httpx2.Client(
            base_url=f"{self.address}/api/", headers=headers, trust_env=False, verify=False, timeout=30
        )

    def inventory(self) -> httpx2.Client:
        token = (self.folder / "inventory-token").read_text()
        base = f"http://127.0.0.1:{self.inventory_port}/"
        return httpx2.Client(
            base_url=base, headers={"Authorization": f"Token {token}"}, trust_env=False, verify=False, timeout=10
        )


_OURS = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DATA_DIR", "HTTPS", "STATIC_ROOT"}


def until(condition: Callable[[], Any], seconds: float = WAIT_SECONDS) -> Any:
    """Ask the running system again and again; it has no clock of ours. Gives what the condition gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"Not within {seconds} seconds."
        time.sleep(0.05)
    return found


def answer(client: httpx2.Client, workflow: str, first: Mapping[str, Any], wishes: Mapping[str, Any]) -> str:
    """Start a workflow as a client does that knows only the forms it is given; gives the process id.

    A page is answered by name from `wishes`, else by its default, else by the first choice.
    """
    pages: list[dict[str, Any]] = [dict(first)] if first else []
    for _ in range(10):
        response = client.post(f"processes/{workflow}", json=pages)
        if response.status_code == 201:
            return str(response.json()["id"])
        assert response.status_code == 510, response.text
        pages.append(_filled(response.json()["form"], wishes))
    raise AssertionError("The form does not end.")


def _filled(form: Mapping[str, Any], wishes: Mapping[str, Any]) -> dict[str, Any]:
    page = {}
    for name, described in form["properties"].items():
        if name in wishes:
            page[name] = wishes[name]
        elif "default" not in described and name in form.get("required", []):
            page[name] = _first_choice(described, form)
    return page


def _first_choice(described: Mapping[str, Any], form: Mapping[str, Any]) -> Any:
    reference = described.get("$ref") or next((each.get("$ref") for each in described.get("allOf", [])), None)
    if reference:
        described = form["$defs"][reference.rpartition("/")[2]]
    return described["enum"][0]


def wait_for(client: httpx2.Client, process_id: str, seconds: float = WAIT_SECONDS) -> dict[str, Any]:
    """The process once it has ended, failed or waits for a person."""

    def settled() -> dict[str, Any] | None:
        found: dict[str, Any] = client.get(f"processes/{process_id}").json()
        return found if found["last_status"] in ENDED | STUCK else None

    return dict(until(settled, seconds))


def _all_processes() -> list[tuple[int, Path]]:
    return [(int(where.name), where) for where in Path("/proc").iterdir() if where.name.isdigit()]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def report(process: Mapping[str, Any]) -> str:
    """What a failed assertion shows of a process."""
    return json.dumps(process, indent=1)[:4000]
