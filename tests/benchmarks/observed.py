"""What the kernel tells of running processes: their descendants, their memory, the processor time they have used."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """Megabytes: the most that was resident at once, what is resident, and its share where pages are shared."""

    peak: float
    resident: float
    proportional: float


def children(pid: int) -> list[int]:
    """Those that run now; empty when there is no such process."""
    return [int(one) for one in _read(pid, f"task/{pid}/children").split()]


def family(pid: int) -> list[int]:
    """A process, its children, and theirs."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def memory(pid: int) -> Memory:
    """Raises KeyError when there is no such process."""
    status, shares = sizes(_read(pid, "status")), sizes(_read(pid, "smaps_rollup"))
    return Memory(status["VmHWM"], status["VmRSS"], shares["Pss"])


def sizes(text: str) -> dict[str, float]:
    """The lines `Name:  123 kB` of a file under /proc, in megabytes."""
    fields = [line.split() for line in text.splitlines()]
    return {one[0].rstrip(":"): int(one[1]) / 1024 for one in fields if len(one) == 3 and one[2] == "kB"}


def cpu_seconds(pids: Iterable[int]) -> float:
    """What they and their children that have ended have used up to now; one that is gone counts nothing."""
    return sum(ticks(_read(pid, "stat")) for pid in pids) / _TICKS_A_SECOND


def ticks(stat: str) -> int:
    """User and system time, own and of ended children: fields 14 to 17 of proc_pid_stat(5)."""
    return sum(int(one) for one in stat.rpartition(")")[2].split()[11:15])


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def forget_peak(pid: int) -> None:
    """Let the peak of a process of ours be what it has now (proc_pid_clear_refs(5))."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
