"""A model of what processes should be beside what they are, through random acts of workers, people and time.

./run faults machine --database sqlite --examples 1000 --steps 60 --seed 7

The model is plain Python and knows no table. After each act every process must be as the model says.
"""

import argparse
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from uuid import UUID

import hypothesis
import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from processes import actions, store
from processes.engine import transitions
from processes.execution import drive, recovery
from processes.models import Process, ResourceLock
from processes.queries.invariants import violations
from processes.store import clock
from tests.faults import shapes

PLAN = tuple(shapes.obeying.plan)
ASK = 2
TRIES = (1, 2, 1, 1)
CRASHES = 3
PAUSE = transitions.PAUSE_AFTER_CRASH * 2**CRASHES
"""Seconds after which every step whose worker was lost may be claimed again."""
THINGS = 2
STOPPED = frozenset({"failed", "waiting", "suspended"})
ENDED = frozenset({"completed", "aborted"})
SELDOM = st.sampled_from([False, False, False, True])


@dataclass
class Model:
    """A process as it should be. `line` is its place among the ready: when it is due, then the order of coming."""

    thing: str
    line: tuple[float, int]
    state: str = "ready"
    position: int = 0
    done: list[str] = field(default_factory=list)
    sequence: int = 0
    tries: int = 0
    crashes: int = 0
    edits: int = 0
    claims: int = 0

    @property
    def holds_lock(self) -> bool:
        return self.state not in ENDED | {"failed"}

    def advance(self, line: tuple[float, int]) -> None:
        self.position, self.tries, self.crashes = self.position + 1, 0, 0
        self.sequence += 1
        self.state, self.line = "ready", line

    def told(self) -> tuple[str, int, list[str]]:
        return self.state, self.sequence, self.done


@dataclass
class Held:
    """A claim in the hands of a worker, and which claim of the process it was."""

    claim: store.Claim
    number: int


class Engine(RuleBasedStateMachine):
    """Acts on both sides."""

    person: User

    @initialize()
    def begin(self) -> None:
        forget_everything()
        self.models: dict[UUID, Model] = {}
        self.requests: dict[str, tuple[str, UUID]] = {}
        self.held: list[Held] = []
        self.dead: set[str] = set()
        self.paused = False
        self.now = 0.0
        self.comers = count()
        self.names = count()
        for thing in range(THINGS):
            self.start(thing, thing)

    # People

    @rule(thing=st.integers(0, THINGS - 1), idempotency_key=st.integers(0, 9))
    def start(self, thing: int, idempotency_key: int) -> None:
        page, key = {"thing": f"thing {thing}"}, f"once {idempotency_key}"
        act = partial(actions.start, shapes.obeying.name, [page], by=self.person, idempotency_key=key)
        if key in self.requests:
            asked, process_id = self.requests[key]
            if asked != page["thing"]:
                refused(act, actions.Refused)
                return
            assert act().pk == process_id
            return
        if self.paused:
            refused(act, actions.EnginePaused)
        elif self._is_locked(page["thing"]):
            refused(act, actions.LockHeld)
        else:
            process = act()
            self.requests[key] = page["thing"], process.pk
            self.models[process.pk] = Model(page["thing"], self._back_of_the_line())

    @precondition(lambda self: self.models)
    @rule(which=st.integers(0, 9), sure=SELDOM)
    def abort(self, which: int, sure: bool) -> None:
        if not sure:
            return
        process_id, model = self._pick(which)
        act = partial(actions.abort, process_id, by=self.person)
        if model.state in ENDED:
            refused(act, actions.Refused)
            return
        act()
        model.state = "aborted"

    @precondition(lambda self: self.models)
    @rule(which=st.integers(0, 9))
    def resume(self, which: int) -> None:
        """Answer a question, or retry."""
        process_id, model = self._pick(which)
        pages = [{"word": "yes"}] if model.state == "suspended" else []
        act = partial(actions.answer, process_id, pages, by=self.person)
        if self.paused:
            refused(act, actions.EnginePaused)
        elif model.state not in STOPPED:
            refused(act, actions.Refused)
        elif model.state == "failed" and self._is_locked(model.thing):
            refused(act, actions.LockHeld)
        elif model.state == "suspended":
            act()
            model.advance(self._back_of_the_line())
        else:
            act()
            model.state, model.tries, model.crashes = "ready", 0, 0
            model.line = self._back_of_the_line()

    @precondition(lambda self: self.models)
    @rule(which=st.integers(0, 9))
    def skip(self, which: int) -> None:
        process_id, model = self._pick(which)
        act = partial(actions.skip, process_id, by=self.person, reason="so be it")
        if model.state not in STOPPED:
            refused(act, actions.Refused)
        elif model.state == "failed" and self._is_locked(model.thing):
            refused(act, actions.LockHeld)
        else:
            act()
            model.advance(self._back_of_the_line())

    @precondition(lambda self: self.models)
    @rule(which=st.integers(0, 9))
    def edit_state(self, which: int) -> None:
        process_id, model = self._pick(which)
        act = partial(actions.edit_state, process_id, {"edits": model.edits + 1}, by=self.person, reason="so be it")
        if model.state not in STOPPED - {"waiting"}:
            refused(act, actions.Refused)
            return
        act()
        model.edits += 1
        model.sequence += 1

    @rule(sure=SELDOM)
    def pause(self, sure: bool) -> None:
        if not sure:
            return
        actions.pause(by=self.person)
        self.paused = True

    @rule()
    def unpause(self) -> None:
        actions.unpause(by=self.person)
        self.paused = False

    # Workers

    @rule()
    def claim(self) -> None:
        """A worker without work takes the process that has waited longest."""
        claim = store.claim(f"worker {next(self.names)}")
        due = [one for one in self._in("ready", "waiting") if one[1].line[0] <= self.now and not self.paused]
        if not due:
            assert claim is None
            return
        process_id, model = min(due, key=lambda one: one[1].line)
        assert claim is not None
        assert claim.process_id == process_id
        model.state = "running"
        model.claims += 1
        self.held.append(Held(claim, model.claims))

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 9), fails=st.booleans())
    def finish(self, which: int, fails: bool) -> None:
        """A worker, perhaps a late one, runs the step it holds and gives the process back."""
        self._finish(self.held.pop(which % len(self.held)), fails=fails)

    @rule(times=st.integers(1, 4))
    def work(self, times: int) -> None:
        """What happens most of the time."""
        for _ in range(times):
            before = len(self.held)
            self.claim()
            if len(self.held) > before:
                self._finish(self.held.pop(), fails=False)

    def _finish(self, held: Held, *, fails: bool) -> None:
        shapes.orders.fails = fails
        drive.run_claimed(held.claim, lambda: True, lease_kept=shapes.not_beating)
        model = self.models[held.claim.process_id]
        if model.state != "running" or model.claims != held.number:
            return
        if model.position == ASK:
            model.state = "suspended"
        elif fails:
            self._fail(model)
        else:
            model.done.append(PLAN[model.position].path)
            model.advance(self._back_of_the_line())
            if model.position == len(PLAN):
                model.state = "completed"

    def _fail(self, model: Model) -> None:
        model.tries += 1
        if model.tries < TRIES[model.position]:
            model.state, model.line = "waiting", (self.now + shapes.PATIENCE_SECONDS, next(self.comers))
        else:
            model.state = "failed"

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 9))
    def die(self, which: int) -> None:
        """A worker dies; nobody knows yet."""
        self.dead.add(self.held.pop(which % len(self.held)).claim.worker)

    # Time

    @rule()
    def recover(self) -> None:
        recovery.recover_from(self.dead)
        for process_id, model in self._in("running"):
            if all(held.claim.process_id != process_id or held.number != model.claims for held in self.held):
                self._crash(model)
        self.dead.clear()
        self._advance(PAUSE)

    @rule()
    def let_leases_run_out(self) -> None:
        """Whatever runs is taken from its worker, which may come back later; of several nobody's step is blamed."""
        self._advance(store.LEASE_SECONDS + 1)
        silent = len(recovery.workers_without_lease())
        recovery.recover_expired()
        for _, model in self._in("running"):
            self._crash(model, counts=silent == 1)
        self.dead.clear()
        self._advance(PAUSE)

    @precondition(lambda self: self.held)
    @rule(fails=st.booleans())
    def come_late(self, fails: bool) -> None:
        """A worker that was frozen comes back while another one runs the same step."""
        late = self.held.pop()
        self.let_leases_run_out()
        self.claim()
        self._finish(late, fails=fails)

    @rule()
    def wait_long(self) -> None:
        self._advance(shapes.PATIENCE_SECONDS + 1)

    def _crash(self, model: Model, *, counts: bool = True) -> None:
        model.crashes += counts
        model.state = "failed" if model.crashes == CRASHES else "ready"

    # What must be so after each act

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        told = {process_id: model.told() for process_id, model in self.models.items()}
        assert {process.pk: seen(process) for process in Process.objects.all()} == told
        locks = dict(ResourceLock.objects.values_list("resource", "process_id"))
        assert locks == {one.thing: process_id for process_id, one in self.models.items() if one.holds_lock}

    def teardown(self) -> None:
        if hasattr(self, "models"):
            self.let_leases_run_out()
            self.everything_is_as_it_should_be()
            assert [str(one) for one in violations()] == []
            clock.advance(timedelta(seconds=-self.now))

    # Helping

    def _pick(self, which: int) -> tuple[UUID, Model]:
        return list(self.models.items())[which % len(self.models)]

    def _in(self, *states: str) -> list[tuple[UUID, Model]]:
        return [one for one in self.models.items() if one[1].state in states]

    def _is_locked(self, thing: str) -> bool:
        return any(one.thing == thing and one.holds_lock for one in self.models.values())

    def _back_of_the_line(self) -> tuple[float, int]:
        return self.now, next(self.comers)

    def _advance(self, seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))
        self.now += seconds


def seen(process: Process) -> tuple[str, int, list[str]]:
    """What the rows say, in the words of the model."""
    told = process.status if process.status in STOPPED | ENDED else process.run_state
    done = store.load_state(process.pk).get("done", [])
    assert isinstance(done, list)
    return str(told), process.sequence, done


def refused(act: Callable[[], object], error: type[Exception]) -> None:
    """It must raise just this, and no error that is more precise."""
    with pytest.raises(actions.Refused) as raised:
        act()
    assert raised.type is error


def forget_everything() -> None:
    """Rows of an earlier example, children first."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM processes_{table}")


TABLES = (
    "resourcelock", "processsubject", "statesnapshot", "step", "process", "auditevent", "audithead", "idempotency",
    "notification", "enginesettings",
)  # fmt: skip


def run(examples: int, steps: int, seed: int) -> None:
    """Raises what an example raises, with the acts that lead to it, as few as there can be."""
    person, _ = User.objects.get_or_create(username="machine")
    person.groups.set([Group.objects.get_or_create(name="admin")[0]])
    Engine.person = person
    settings = hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(hypothesis.seed(seed)(Engine), settings=settings)


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="machine")
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=60)
    wanted = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    run(wanted.examples, wanted.steps, seed)
    print(f"{wanted.examples} examples of at most {wanted.steps} acts, all as the model says")
    return 0
