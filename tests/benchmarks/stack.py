"""The whole site as in production: two web processes, `manage.py workers`, and an operator who has signed in."""

import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestrator_site.local.children import Child, Children
from tests.benchmarks import machine, observed
from tests.benchmarks.accounts import NAME, PASSWORD
from tests.benchmarks.client import Client
from tests.benchmarks.load import Load
from tests.benchmarks.site import Site

START_SECONDS = 60
WARM_UP = 24


@dataclass(frozen=True)
class Stack(Site):
    """What runs: the token and the session of an operator, and who is who.

    `web` is the number of the web server, `supervisor` that of the workers', 0 where there are none.
    """

    token: str
    session: str
    web: int
    supervisor: int

    UNFINISHED = "SELECT count(*) FROM processes_process WHERE run_state IN ('ready', 'running')"
    OUTCOME = """
    SELECT count(*), max(ended_at),
      (SELECT count(*) FROM processes_step WHERE process_id = ANY(%s::uuid[]) AND sequence IS NOT NULL)
    FROM processes_process WHERE id = ANY(%s::uuid[]) AND status = 'completed'
    """
    IS_COMPLETED = "SELECT 1 FROM processes_process WHERE id = %s AND status = 'completed'"

    def client(self) -> Client:
        return Client(self.port, self.token)

    def browser(self) -> Client:
        """A person."""
        return Client(self.port, session=self.session)

    def open(self, *paths: str, seconds: float = 0, answers: int = 1) -> Load:
        """Open these pages in turn, as one person does."""
        return self.load_of(self.browser(), paths, seconds=seconds, answers=answers)

    def web_processes(self) -> list[int]:
        return observed.children(self.web)

    def workers(self) -> list[int]:
        """Those that serve; the cluster's other processes are not among them."""
        known = {pid for (pid,) in self.rows("SELECT pid FROM processes_worker WHERE ended_at IS NULL")}
        return [pid for pid in observed.family(self.supervisor) if pid in known]


@contextmanager
def running(address: str, *, workers: int = 2) -> Iterator[Stack]:
    """Start everything, wait until it serves and is warm; nothing of it is left afterwards."""
    with machine.folder() as data:
        environment = machine.environment(address, data)
        port = free_port()
        web = Child("The web server", web_server(port), data / "web.log", environment)
        host = Child("The workers", worker_host(workers), data / "workers.log", environment)
        children = Children(print)
        try:
            children.add(web)
            if workers:
                children.add(host)
            stack = _when_well(address, port, web, host, workers)
            if workers:
                _warm_up(stack)
            yield stack
        except BaseException:
            _show_logs([web, host])
            raise
        finally:
            children.stop()


def web_server(port: int) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "-c", "python:orchestrator_site.operations.serving"]
    return [*command, "--bind", f"127.0.0.1:{port}", "--graceful-timeout", "4"]


def worker_host(workers: int) -> list[str]:
    return [sys.executable, str(machine.ROOT / "manage.py"), "workers", "--processes", str(workers)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _when_well(address: str, port: int, web: Child, host: Child, workers: int) -> Stack:
    with Client(port) as client:
        machine.wait_for(client.is_up, START_SECONDS, "the start of the site")
        token, session = client.token(NAME, PASSWORD), client.session(NAME, PASSWORD)
    assert web.process
    supervisor = host.process.pid if host.process else 0
    stack = Stack(address, port, token, session, web.process.pid, supervisor)
    machine.wait_for(lambda: len(stack.workers()) == workers, START_SECONDS, f"the start of {workers} workers")
    return stack


def _warm_up(stack: Stack) -> None:
    """Both web processes and all workers have done everything once."""
    for _ in range(WARM_UP):
        with stack.client() as client:
            client.start("do_nothing_twenty_times")
    machine.wait_for(lambda: not stack.unfinished(), START_SECONDS, "the warm-up")


def _show_logs(children: Sequence[Child]) -> None:
    for one in children:
        print(f"== The end of the log: {one.name}\n{_end_of(one.log)}")


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""
