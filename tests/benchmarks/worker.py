"""A worker as the engine loop sees it: for each line on standard input, drive what is ready and tell how long it took.

Run by the benchmark as `python -m tests.benchmarks.worker`.
"""

import os
import sys
import time

import django

django.setup()

from tests.benchmarks.internals import run_claimed, store  # noqa: E402 - Django comes first


def drive_all(owner: str) -> int:
    """Drive until nothing is ready; how many claims that took."""
    claims = 0
    while (claim := store.claim(owner)) is not None:
        run_claimed(claim)
        claims += 1
    return claims


def main() -> None:
    owner = f"bench-{os.getpid()}"
    store.next_moment()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        began = time.perf_counter()
        claims = drive_all(owner)
        sys.stdout.write(f"{claims} {time.perf_counter() - began}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
