"""The whole site as in production: two web processes, `manage.py workers`, and an operator with a token."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import Group, User

from orchestrator_site.children import Child, Children
from processes.models import Process, Worker
from tests.benchmarks import machine, observed
from tests.benchmarks.client import Client
from tests.benchmarks.workflows import do_nothing_twenty_times

NAME = "bench"
PASSWORD = "a password of the benchmarks"
START_SECONDS = 60
WARM_UP = 24


@dataclass(frozen=True)
class Stack:
    """What runs: where it listens, the token of an operator, the numbers of web server and supervisor."""

    port: int
    token: str
    web: int
    supervisor: int

    def client(self) -> Client:
        return Client(self.port, self.token)

    def web_processes(self) -> list[int]:
        return observed.children(self.web)

    def workers(self) -> list[int]:
        """Those that serve; the cluster's other processes are not among them."""
        known = set(Worker.objects.filter(ended_at=None).values_list("pid", flat=True))
        return [pid for pid in observed.family(self.supervisor) if pid in known]


@contextmanager
def running(address: str, *, workers: int) -> Iterator[Stack]:
    """Start everything, wait until it serves and is warm; nothing of it is left afterwards."""
    an_operator()
    with machine.folder() as data:
        environment = machine.environment(address, data)
        (data / "static").mkdir()  # no pages are asked for
        port = _free_port()
        web = Child("The web server", _web_server(port), data / "web.log", environment)
        host = Child("The workers", _worker_host(workers), data / "workers.log", environment)
        children = Children(print)
        try:
            children.add(web)
            children.add(host)
            stack = _when_well(port, web, host, workers)
            _warm_up(stack)
            yield stack
        except BaseException:
            _show_logs(web, host)
            raise
        finally:
            children.stop()


def an_operator() -> User:
    user, is_new = User.objects.get_or_create(username=NAME)
    if is_new:
        user.set_password(PASSWORD)
        user.save()
    user.groups.add(Group.objects.get_or_create(name="operator")[0])
    return user


def _web_server(port: int) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "-c", "python:orchestrator_site.serving"]
    return [*command, "--bind", f"127.0.0.1:{port}", "--graceful-timeout", "4"]


def _worker_host(workers: int) -> list[str]:
    return [sys.executable, str(machine.ROOT / "manage.py"), "workers", "--processes", str(workers)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _when_well(port: int, web: Child, host: Child, workers: int) -> Stack:
    with Client(port) as client:
        machine.wait_for(client.is_well, START_SECONDS, "the start of the site")
        token = client.sign_in(NAME, PASSWORD)
    assert web.process
    assert host.process
    stack = Stack(port, token, web.process.pid, host.process.pid)
    machine.wait_for(lambda: len(stack.workers()) == workers, START_SECONDS, f"the start of {workers} workers")
    return stack


def _warm_up(stack: Stack) -> None:
    """Both web processes and all workers have done everything once."""
    for _ in range(WARM_UP):
        with stack.client() as client:
            client.start(do_nothing_twenty_times.name)
    machine.wait_for(lambda: not Process.objects.unfinished().exists(), START_SECONDS, "the warm-up")


def _show_logs(*children: Child) -> None:
    for one in children:
        print(f"== The end of the log: {one.name}\n{_end_of(one.log)}")


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""
