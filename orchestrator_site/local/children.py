"""Run programs together: start them, start again what falls, stop all of them, and leave none behind."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 7.0
TICK_SECONDS = 0.2
SHORT_LIFE_SECONDS = 10
GIVE_UP_AFTER = 4
_PR_SET_PDEATHSIG = 1


class ChildFailed(Exception):
    """A program exited repeatedly soon after its start; its log says why."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__(f"{name} exited repeatedly. Last lines of {log}:\n{_tail(log)}")
        self.name = name
        self.log = log


@dataclass
class Child:
    """A program to keep running; its output goes to `log`."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0
    short_lives: int = 0
    start_at: float = 0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent(os.getpid()),  # noqa: PLW1509 - the parent has no threads here
            )
        self.started = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def _end_with_parent(parent: int) -> Callable[[], None]:
    """Make the kernel end the child when the parent goes, even by SIGKILL (Linux)."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return ask


class Children:
    """Programs that live as long as this one."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._all: list[Child] = []
        self._stopping = threading.Event()

    def stop_on_signals(self) -> None:
        """Let Ctrl-C, SIGTERM and a closed terminal end `wait`."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stopping.set())

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def add(self, child: Child) -> None:
        child.start()
        self._all.append(child)

    def pause(self, seconds: float) -> bool:
        """Wait while watching over the children; True when it is time to stop. Raises `ChildFailed`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.is_stopping:
            self._revive()
            self._stopping.wait(TICK_SECONDS)
        return self.is_stopping

    def wait(self) -> None:
        """Watch over the children until a signal comes. Raises `ChildFailed`."""
        while not self.pause(3600):
            pass

    def _revive(self) -> None:
        now = time.monotonic()
        for child in self._all:
            if child.is_running:
                continue
            if child.process is not None:
                self._plan_restart(child, now)
            if child.start_at <= now:
                child.start()

    def _plan_restart(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        child.short_lives = child.short_lives + 1 if now - child.started < SHORT_LIFE_SECONDS else 0
        if child.short_lives >= GIVE_UP_AFTER:
            raise ChildFailed(child.name, child.log)
        delay = 2**child.short_lives - 1
        self._tell(f"{child.name} exited (exit code {code}); restarting in {delay} seconds.")
        child.process = None
        child.start_at = now + delay

    def stop(self) -> None:
        """End all of them, in the order last to first: politely, then for good."""
        running = [child.process for child in reversed(self._all) if child.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
            _end_session(process.pid)
            process.wait()


def _end_session(leader: int) -> None:
    """End what a program left behind in its process group."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""
