"""The refresh of an open page of a process, as the browser does it: what nothing new costs, and what one new step does.

The address to ask, and what to ask it with, are taken from the page and from each answer, as htmx takes them: the tag
of what the page has seen, and the folds of steps that are open in it.
"""

import json
import re
import time
from dataclasses import dataclass
from html import unescape
from statistics import median
from urllib.parse import urlencode

from tests.benchmarks import budgets, machine, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.client import Answer, Client
from tests.benchmarks.databases import EMPTY
from tests.benchmarks.report import Row, plain
from tests.benchmarks.stack import Stack

SHORT, LONG = 20, 1_000
"""Steps of the two processes that are looked at."""
QUIET_LOOKS = 20
NEW_STEPS = 8
"""In a round."""
_ETAG = re.compile(r"""hx-headers='([^']*)'""")
_FOLD = re.compile(r'<input [^>]*name="fold" value="(\d+)"')
_POLLED = re.compile(r'hx-get="([^"]*/live/[^"]*)"')
_STANDS = "SELECT status = 'suspended' AND sequence = %s FROM processes_process WHERE id = %s"


class NothingToAsk(Exception):
    """The page names no address to be refreshed from."""


@dataclass(frozen=True)
class Refreshes:
    """Medians of a round: of a refresh with nothing new, and of one with one new step.

    `unchanged` is the share of those with nothing new that were answered by 304 or 204.
    """

    nothing_ms: float
    unchanged: float
    step_ms: float
    step_bytes: float


class Page:
    """An open page of a process."""

    def __init__(self, browser: Client, process_id: str) -> None:
        self._browser = browser
        opened = browser.get(f"/processes/{process_id}/")
        self._etag = ""
        self._address = ""
        self._folds: set[str] = set()
        self._note(opened)
        if not self._address:
            raise NothingToAsk(process_id)

    def refresh(self) -> tuple[int, int, float]:
        """Status and size of the answer, and its milliseconds."""
        headers = {"HX-Request": "true", **({"If-None-Match": self._etag} if self._etag else {})}
        began = time.perf_counter()
        folds = urlencode([("fold", number) for number in sorted(self._folds)])
        joined = "&" if "?" in self._address else "?"
        path = f"{self._address}{joined}{folds}" if folds else self._address
        answer = self._browser.ask("GET", path, headers=headers, expected=(200, 204, 286, 304))
        took = 1000 * (time.perf_counter() - began)
        self._note(answer)
        return answer.status, len(answer.body), took

    def _note(self, answer: Answer) -> None:
        body = answer.body.decode()
        if address := _POLLED.search(body):
            self._address = unescape(address[1])
        self._folds |= set(_FOLD.findall(body))
        if etag := answer.headers.get("ETag"):
            self._etag = etag
        if told := _ETAG.search(body):
            self._etag = json.loads(unescape(told[1])).get("If-None-Match", self._etag)


def measure(bench: Bench) -> list[Row]:
    rounds = bench.rounds(most=5)
    seen: dict[int, list[Refreshes]] = {SHORT: [], LONG: []}
    with stack.running(bench.address(EMPTY)) as site:
        ids = {steps: _standing(site, steps) for steps in seen}
        for number in rounds:
            for steps, process_id in ids.items():
                seen[steps].append(_round(site, process_id, steps + number * NEW_STEPS))
    short, long, quiet = seen[SHORT], seen[LONG], rounds.quiet
    return [
        Row(
            "live: nothing new in 1 000 steps", "ms", _of(long, "nothing_ms"), budget=budgets.LIVE_NOTHING, quiet=quiet
        ),
        Row("live: of these answered as unchanged", "share", _of(long, "unchanged"), budget=budgets.LIVE_UNCHANGED),
        plain("live: nothing new in 20 steps", "ms", _of(short, "nothing_ms"), quiet),
        *(
            Row(
                f"live: one new step after 1 000, {unit}",
                unit,
                _of(long, name),
                _of(short, name),
                "after 20",
                budgets.LIVE_STEP,
                quiet,
            )
            for name, unit in (("step_ms", "ms"), ("step_bytes", "bytes"))
        ),
    ]


def _standing(site: Stack, steps: int) -> str:
    """A process that has done so many steps and waits for an answer."""
    with site.client() as client:
        process_id = client.start(f"stand_after_{steps}_steps")
    _await(site, process_id, steps)
    return process_id


def _round(site: Stack, process_id: str, done: int) -> Refreshes:
    with site.browser() as browser, site.client() as client:
        page = Page(browser, process_id)
        page.refresh()
        looks = [page.refresh() for _ in range(QUIET_LOOKS)]
        news = []
        for after in range(done + 1, done + NEW_STEPS + 1):
            client.ask("PUT", f"/api/processes/{process_id}/resume", b"[{}]", _JSON, expected=(204,))
            _await(site, process_id, after)
            news.append(page.refresh())
    return Refreshes(
        nothing_ms=median(took for _, _, took in looks),
        unchanged=sum(status in {204, 304} for status, _, _ in looks) / len(looks),
        step_ms=median(took for _, _, took in news),
        step_bytes=median(size for _, size, _ in news),
    )


_JSON = {"Content-Type": "application/json"}


def _await(site: Stack, process_id: str, steps: int) -> None:
    """Until it stands at the question after so many steps."""
    machine.wait_for(lambda: site.rows(_STANDS, steps, process_id) == [(True,)], 60, f"step {steps}", every=0.01)


def _of(rounds: list[Refreshes], name: str) -> tuple[float, ...]:
    return tuple(getattr(one, name) for one in rounds)
