"""The memory of a worker that serves: a real `manage.py workers`, looked at from outside."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import User

from processes import actions, liveness
from processes.models import Process, Worker
from tests.benchmarks import machine
from tests.benchmarks.workflows import do_nothing_twenty_times

PROCESSES = 50


def measure(address: str, operator: User) -> float:
    """The most memory a worker has held at once while it drove some processes, in megabytes (VmHWM)."""
    command = [sys.executable, "manage.py", "workers", "--processes", "1"]
    supervisor = subprocess.Popen(command, cwd=machine.ROOT, env=machine.environment(address))
    try:
        wait_for(lambda: Worker.objects.filter(ended_at=None).exists())
        for _ in range(PROCESSES):
            actions.start(do_nothing_twenty_times.name, [], by=operator)
        wait_for(lambda: not Process.objects.unfinished().exists())
        worker = next(one for one in liveness.workers_of_this_host() if liveness.is_alive(one))
        return peak(worker.pid)
    finally:
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(20)


def peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kilobytes) / 1024


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("The workers did not do what was expected of them.")
        time.sleep(0.05)
