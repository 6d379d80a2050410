"""What the kernel says about a process."""

from pathlib import Path


def memory_of(pid: int) -> float:
    """Resident memory in MB."""
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1000
