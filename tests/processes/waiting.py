"""How long a call takes: for tests of what waits until it is woken."""

import time
from collections.abc import Callable

LONG = 30.0


def seconds(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began
