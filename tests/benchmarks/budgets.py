"""What each figure must be, and the arithmetic behind it; the same is told in docs/benchmarks.md.

A budget "N times orchestrator-core" is turned into a share of a floor, since the peer does not run here. On 28 November
2026 both products and the floors were measured on one machine, in turn (two cores, PostgreSQL 15.18; the product at its
commit e72e64e; orchestrator-core 5.5.0 as documented: one uvicorn process, five threads; medians of three to six
rounds). What N times the peer was there is divided by the floor that was measured there. Where that was our own health
endpoint, the share is brought over to the empty endpoint of this package by what both do side by side.
"""

from collections.abc import Mapping

from tests.benchmarks.report import Budget, at_least, at_most

PGBENCH_2 = 4_604
"""Statements a second of pgbench with two clients, there."""
HEALTH_8 = 945
"""Answers a second of our health endpoint to eight clients, there."""
HEALTH_1_MS = 1000 / 501
"""Milliseconds of an answer of it to one client, there."""
HEALTH_TO_EMPTY = 0.82
"""The health endpoint, in answers a second, beside the empty one: it asks the database twice, but nobody to sign in.

`./run bench reads` measures it again each time ("health beside an empty endpoint")."""

PEER_STEPS = 133
"""Step rows a second of orchestrator-core, threads; Celery: 132."""
PEER_STARTS, PEER_STARTS_CELERY = 45, 139
"""Starts a second that it accepts from eight clients while steps run."""
PEER_LATENCY_MS = 163
"""From the POST to the completion of a process of 20 steps, on an idle system."""
PEER_CHANGES = 10.0
"""Processes a second that change a note, at 50 000 subscriptions."""
PEER_LIST, PEER_TREE, PEER_PROCESSES = 40, 64, 136
"""Answers a second to eight clients: 25 of 50 000 subscriptions by status, one whole subscription, 25 of 10 000
processes by status, all counted."""


def _times(peer: float, must: float, aim: float | None = None) -> Budget:
    """So many times what the peer answers a second, as a share of what the empty endpoint does."""
    share = peer / HEALTH_8 * HEALTH_TO_EMPTY
    return at_least(must * share, None if aim is None else aim * share)


ENGINE = at_least(0.55, 0.8)
"""Steps of two workers beside pgbench with two clients."""
HTTP = at_least(0.45, 0.7)
"""The same with everything on."""
HTTP_PEER = at_least(12 * PEER_STEPS / PGBENCH_2, 25 * PEER_STEPS / PGBENCH_2)
"""12 times, 25 times the peer: 0.35 and 0.72 of pgbench."""
STARTS = _times(PEER_STARTS, 3, 8)
"""3 times, 8 times its threads: 135 and 360 a second there, 0.12 and 0.31 of the empty endpoint."""
STARTS_CELERY = _times(PEER_STARTS_CELERY, 1.5, 3)
"""1.5 times, 3 times its Celery: 209 and 417 a second there, 0.18 and 0.36."""
_EMPTY_MS = HEALTH_1_MS * HEALTH_TO_EMPTY
LATENCY = at_most(0.2 * PEER_LATENCY_MS / _EMPTY_MS, 0.1 * PEER_LATENCY_MS / _EMPTY_MS)
"""A fifth, a tenth of the peer's 163 ms: 32.6 and 16.3 ms there, 20 and 10 times an empty answer."""
CHANGE = _times(PEER_CHANGES, 8, 15)
"""8 times, 15 times: 80 and 150 a second there, 0.069 and 0.13."""
LIST = _times(PEER_LIST, 6, 12)
"""6 times, 12 times: 240 and 480 a second there, 0.21 and 0.42."""
TREE = _times(PEER_TREE, 5, 8)
"""5 times, 8 times: 320 and 512 a second there, 0.28 and 0.44."""
PROCESSES = _times(PEER_PROCESSES, 2.5, 5)
"""2.5 times, 5 times: 340 and 680 a second there, 0.30 and 0.59."""

PAGES: Mapping[str, Budget] = {
    "page: subscriptions": at_most(20, 8),
    "page: a subscription": at_most(15, 8),
    "page: processes": at_most(20, 8),
    "page: a process of 20 steps": at_most(10, 8),
    "page: start page": at_most(20, 8),
    "page: start form": at_most(15, 8),
}
"""Milliseconds of the server for one person."""
LIVE_NOTHING = at_most(2)
"""Milliseconds of a refresh with nothing new."""
LIVE_UNCHANGED = at_least(1)
"""All of them say so, and send nothing."""
LIVE_STEP = at_most(1.3)
"""One new step after 1 000 beside one after 20."""

STEP_1000 = at_most(1.1)
STORED_A_STEP = at_most(1.1)
SCALE = at_most(1.3, 1.1)
"""Of 50 000, and of 1 000 000 subscriptions, beside 1 000."""
ROWS_READ = at_most(10_100)
"""No scan goes through more than are counted exactly, and the rows of a page."""

CSV_SECONDS = at_most(3, 1)
CSV_GROWTH = at_most(10)
"""Megabytes."""
MEMORY = at_most(120, 80)
"""Megabytes of a process at its peak."""
IDLE = at_most(2, 0.5)
"""Percent of a core."""
START_SITE = at_most(1.5, 1)
START_DEMO = at_most(3, 2)
"""Seconds."""
START_WITHOUT = at_most(1.2)
"""With PYTHONDONTWRITEBYTECODE beside without."""
