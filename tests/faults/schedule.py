"""One seeded schedule: three workers, some processes, people, and faults that overlap; then peace, and all must end.

Everybody hands over at statements and named places outside of transactions, and may die, or lose the database, at each
statement. Hints are lost, late and repeated. The same seed tells the same story.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction

from processes import actions, store
from processes.engine.values.status import ProcessStatus
from processes.execution import drive, recovery
from processes.forms import FormError
from processes.models import Process
from processes.store import failpoints, in_doubt, leases, wakeups
from tests.faults import brief, observers, shapes
from tests.faults.actors import Actor, Died, stage
from tests.faults.memory import SECOND, clock, database, memory, seeded_id

WORKERS = 3
FAULTY_TICKS = 60
PEACEFUL_ROUNDS = 60
SKEWS = (0.0, 30.0, -30.0)
"""Seconds by which the clocks of the hosts are wrong."""

HAND_OVER = {"worker": 0.3, "recovery": 0.7, "deadline": 0.5, "person": 0.3}
DEATH = {"worker": 0.012, "recovery": 0.02, "deadline": 0.02, "person": 0.03}
LOSS = 0.006
"""How likely at each place that is reached; only workers lose the database, and must not lose what they have done."""


class Found(Exception):
    """The engine broke a promise."""


class Lost(OperationalError):
    """The database was out of reach for a moment."""


class Schedule:
    """What happens under one seed. `processes` holds the workflow of each that somebody knows of, in order."""

    def __init__(self, seed: int, say: Callable[[str], None] = lambda what: None) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self._say = say
        self.tick = 0
        self.faulty = True
        self.processes: dict[UUID, str] = {}
        self.light: set[UUID] = set()
        self._workers: list[Actor] = []
        self._others: list[Actor] = []
        self._claims: dict[str, store.Claim] = {}
        self._idle: set[str] = set()
        self._asked: list[Callable[[], Any]] = []
        self._names = 0

    def run(self) -> None:
        """Raises Found."""
        self._listen()
        try:
            self._begin()
            while self.tick < FAULTY_TICKS and not self._is_over():
                self._act()
                self._look()
            self._make_peace()
            self._until_the_end()
        finally:
            self._stop()

    def _is_over(self) -> bool:
        """Whether everybody has come to an end already; asked now and then."""
        return self.tick % 10 == 9 and not self._others and not _open()

    def say(self, what: str) -> None:
        self._say(f"{self.tick:4} {what}")

    # Before and after

    def _listen(self) -> None:
        stage.dead.clear()
        observers.told.clear()
        failpoints.listen(self._come_to)
        shapes.world.interrupt = self._come_to
        in_doubt.ASK_AGAIN_SECONDS = 0
        wakeups.wake = lambda: transaction.on_commit(self._hint)
        database._commit = self._commit

    def _stop(self) -> None:
        for one in [*self._workers, *self._others]:
            one.kill()
        failpoints.listen(None)
        shapes.world.interrupt = lambda place: None
        del database._commit

    def _begin(self) -> None:
        self._hire()
        whole = self.chance.random() < 0.1
        for _ in range(self.chance.choice([2, 2, 3])):
            name = self.chance.choices(list(brief.WEIGHTS), weights=list(brief.WEIGHTS.values()))[0]
            if whole:
                self._let("person", self._starting(name))
            else:
                process_id = seeded_id(self.chance)
                memory.start_lightly(name, process_id, f"{self.seed}-{len(self.processes)}")
                self.processes[process_id] = name
                self.light.add(process_id)

    def _hire(self) -> None:
        while len(self._workers) < WORKERS:
            name = self._name("worker")
            skew = self.chance.choice(SKEWS)
            self._workers.append(Actor(name, "worker", partial(self._serve, name), self._watch, skew))
            self._workers[-1].runs_at = self.tick + self.chance.choice([0, 0, 2, 5])  # a new one takes a moment

    def _name(self, role: str) -> str:
        self._names += 1
        return f"{self.seed}-{role}-{self._names}"

    # What a worker does

    def _serve(self, name: str) -> None:
        """As `tasks.serve` does, with a chance in place of the clock."""
        while True:
            try:
                claim = store.claim(name)
                if claim is None:
                    self._wait(name)
                else:
                    drive.run_claimed(claim, self._is_stopping, self._keeping)
            except Lost as lost:
                self.say(f"{name} lost the database: {lost}")
                self._give_back(name)

    def _wait(self, name: str) -> None:
        me = self._me()
        self._idle.add(name)
        me.runs_at = self.tick + self.chance.randint(8, 30)  # unless a hint comes before
        me.hand_over()
        self._idle.discard(name)

    def _give_back(self, name: str) -> None:
        me = self._me()
        me.role = "recovery"
        try:
            recovery.recover_from([name])
        except Lost:
            self.say(f"{name} lost it again")
        finally:
            me.role = "worker"

    def _is_stopping(self) -> bool:
        return self.faulty and self.chance.random() < 0.1

    @contextmanager
    def _keeping(self, claim: store.Claim) -> Iterator[None]:
        self._claims[claim.worker] = claim
        try:
            yield
        finally:
            self._claims.pop(claim.worker, None)

    # What everybody comes to

    def _me(self) -> Actor:
        assert stage.acting is not None
        return stage.acting

    def _come_to(self, place: str) -> None:
        """Hand over or die here, now and then."""
        if not self.faulty or stage.acting is None:
            return
        roll = self.chance.random()
        if roll < DEATH[stage.acting.role]:
            self.say(f"{stage.acting.name} dies at {_in_brief(place)}")
            raise Died(place)
        if roll > 1 - HAND_OVER[stage.acting.role] and not database.in_atomic_block:
            self.say(f"{stage.acting.name} is at {_in_brief(place)}")
            stage.acting.hand_over()

    def _watch(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Around each statement."""
        if not self.faulty or stage.acting is None:
            return self._execute(execute, sql, *rest)
        self._come_to(sql)
        self._perhaps_lose("before", sql)
        answer = self._execute(execute, sql, *rest)
        if database.in_atomic_block:
            self._come_to(f"after {sql}")
        elif not sql.startswith("BEGIN"):
            self._perhaps_lose("after", sql)
        return answer

    def _execute(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        try:
            return execute(sql, *rest)
        except IntegrityError as error:
            if "processes_idempotency" not in sql:
                observers.told.append(f"{self._me().name}: a constraint had to refuse what no condition did: {error}")
            raise

    def _perhaps_lose(self, when: str, sql: str) -> None:
        if self._me().role == "worker" and self.chance.random() < LOSS:
            raise Lost(f"{when} {_in_brief(sql)}")

    def _commit(self) -> None:
        type(database)._commit(database)
        if self.faulty and stage.acting is not None:
            self._perhaps_lose("the answer to", "COMMIT")

    # What happens at a tick

    def _act(self) -> None:
        self.tick += 1
        roll = self.chance.random()
        if roll < 0.78:
            self._run_one()
        else:
            self.chance.choices(
                [self._kill_one, self._stall_one, self._jump, self._beat_one, self._send_recovery, self._send_person,
                 self._enforce_deadlines, self._hint_falsely],
                weights=[3, 4, 6, 8, 4, 2, 1, 1],
            )[0]()  # fmt: skip

    def _run_one(self) -> None:
        able = [one for one in [*self._workers, *self._others] if one.runs_at <= self.tick]
        if able:
            self._run(self.chance.choice(able))

    def _run(self, one: Actor) -> None:
        try:
            one.run()
        except Died:
            self._bury(one)
            return
        if one.has_ended:
            self._others.remove(one)

    def _kill_one(self) -> None:
        one = self.chance.choice([*self._workers, *self._others])
        self.say(f"kill {one.name}")
        one.kill()
        self._bury(one)

    def _bury(self, one: Actor) -> None:
        stage.dead.add(one.name)
        self._claims.pop(one.name, None)
        self._idle.discard(one.name)
        if one in self._workers:
            self._workers.remove(one)
            self._hire()
            return
        self._others.remove(one)
        if one.role == "person" and self.chance.random() < 0.8:
            self._let("person", one.work)  # who had no answer asks again

    def _stall_one(self) -> None:
        """Frozen, as by SIGSTOP: its lease may run out meanwhile, and it will come back."""
        one = self.chance.choice([*self._workers, *self._others])
        self._idle.discard(one.name)
        one.runs_at = self.tick + self.chance.randint(3, 25)
        self.say(f"{one.name} stands still until {one.runs_at}")

    def _jump(self) -> None:
        """Some time goes by; most often until just before or after something is due."""
        due = _due()
        near = None if due is None else (due - clock.micros) / SECOND
        if near is not None and self.chance.random() < 0.7:
            seconds = max(0.0, near + self.chance.choice([-0.9, -0.3, 0.001, 0.5]))
        else:
            seconds = self.chance.choice([1, 6, 20])
        self.say(f"{seconds:.6f} seconds go by")
        clock.advance(seconds)

    def _beat_one(self) -> None:
        """The threads of workers that drive something and are not frozen show that they live."""
        for worker in self._workers:
            claim = self._claims.get(worker.name)
            if claim is not None and worker.runs_at <= self.tick:
                stage.acting = Actor(worker.name, "worker", lambda: None, None)
                self.say(f"{worker.name} beats: {leases.extend(claim)}")
                stage.acting = None

    def _hint(self) -> None:
        """Tell who is idle; some never hear of it, some late, and some twice."""
        for worker in self._workers:
            if worker.name in self._idle and not (self.faulty and self.chance.random() < 0.5):
                worker.runs_at = self.tick + (self.chance.choice([0, 0, 1, 3]) if self.faulty else 0)

    _hint_falsely = _hint

    def _send_recovery(self) -> None:
        self._let("recovery", self._recover)

    def _recover(self) -> None:
        roll = self.chance.random()
        if stage.dead and roll < 0.5:
            recovery.recover_from(sorted(stage.dead))
        elif stage.dead and roll < 0.6:
            recovery.recover_interrupted(sorted(stage.dead))
        else:
            recovery.recover_expired()

    def _enforce_deadlines(self) -> None:
        """As the supervisor does: the workers first."""
        overdue = recovery.overdue([one.name for one in self._workers])
        for one in [one for one in self._workers if one.name in overdue]:
            one.kill()
            self._bury(one)
        if overdue:
            self._let("deadline", lambda: recovery.fail_overdue(overdue))

    # What people do

    def _send_person(self) -> None:
        verb = self.chance.choice([self._repeat, self._abort, self._mend, self._mend])
        verb()

    def _let(self, role: str, work: Callable[[], object]) -> None:
        if len(self._others) < 4 or not self.faulty:
            self._others.append(Actor(self._name(role), role, _regardless(work), self._watch))

    def _ask(self, verb: Callable[[], object]) -> None:
        self._asked.append(verb)
        self._let("person", verb)

    def _starting(self, name: str) -> Callable[[], None]:
        pages = [{"thing": f"{self.seed}-{self.chance.randint(0, 1)}"}] if name == "short_locking" else []
        idempotency_key = self._once()

        def start() -> None:
            self.processes[actions.start(name, pages, by=memory.person, idempotency_key=idempotency_key).pk] = name

        self._asked.append(start)
        return start

    def _once(self) -> str:
        return f"{self.seed}-{self.chance.getrandbits(40)}"

    def _repeat(self) -> None:
        """A client that had no answer, or does not trust it, asks again."""
        if self._asked:
            self._let("person", self.chance.choice(self._asked))

    def _abort(self) -> None:
        if self.processes and self.chance.random() < 0.3:
            process_id, idempotency_key = self.chance.choice(list(self.processes)), self._once()
            self._ask(lambda: actions.abort(process_id, by=memory.person, idempotency_key=idempotency_key))

    def _mend(self) -> None:
        """Answer, or try again; now and then where nobody waits for it."""
        waiting = [process_id for process_id, run_state, _ in _open() if run_state == "stopped"]
        if self.chance.random() < 0.1:
            waiting = list(self.processes)
        if waiting:
            self._ask(self._mending(self.chance.choice(waiting)))

    def _mending(self, process_id: UUID) -> Callable[[], object]:
        idempotency_key = self._once()

        def mend() -> object:
            asked = Process.objects.filter(pk=process_id, status=ProcessStatus.SUSPENDED).exists()
            pages = [{"word": "yes"}] if asked else []
            return actions.answer(process_id, pages, by=memory.person, idempotency_key=idempotency_key)

        return mend

    # The end

    def _make_peace(self) -> None:
        """No faults any more; the frozen go on, and who was in the middle of something ends it."""
        self.say("peace")
        self.faulty = False
        while self._others:
            self._run(self._others[0])
        for worker in self._workers:
            worker.runs_at = 0

    def _until_the_end(self) -> None:
        """Everything must come to its end."""
        for worker in [one for one in self._workers[1:] if one.name not in self._idle]:
            self._run(worker)
        for _ in range(PEACEFUL_ROUNDS):
            self._run(self._workers[0])
            self._look()
            left = _open()
            if not left:
                return
            self._help(left)
        raise Found(f"it does not end: {left}")

    def _help(self, left: list[tuple[UUID, str, str]]) -> None:
        """Time goes by, the supervisor looks, and people do what they are asked for."""
        states = {run_state for _, run_state, _ in left}
        if "running" in states:
            clock.advance(store.LEASE_SECONDS + 1)
            self._do("recovery", lambda: (recovery.recover_from(sorted(stage.dead)), recovery.recover_expired()))
        elif "ready" in states:
            clock.advance(brief.RETRY_SECONDS + 1)
        for process_id, run_state, _ in left:
            if run_state == "stopped":
                self._do("person", self._mending(process_id))

    def _do(self, role: str, work: Callable[[], object]) -> None:
        self._let(role, work)
        self._run(self._others[-1])

    def _look(self) -> None:
        if observers.told:
            raise Found(observers.told[0])


def _in_brief(place: str) -> str:
    """The first words of a statement; names of savepoints differ from run to run."""
    words = place.split()
    return " ".join(words[: words.index("SAVEPOINT") + 1] if "SAVEPOINT" in words else words[:6])


def _regardless(work: Callable[[], object]) -> Callable[[], None]:
    """The same, whatever the engine refuses."""

    def act() -> None:
        with suppress(actions.Refused, FormError):
            work()

    return act


def _open() -> list[tuple[UUID, str, str]]:
    """Those that have not ended, their run state and status, in the order of starting."""
    rows = database.connection.execute(
        "SELECT id, run_state, status FROM processes_process WHERE run_state <> 'ended' ORDER BY started_at"
    )
    return [(UUID(process_id), run_state, status) for process_id, run_state, status in rows]


def _due() -> int | None:
    """When the next thing is due by itself, in microseconds of the clock: a try, a lease or a deadline."""
    (text,) = database.connection.execute("""
        SELECT MIN(MIN(IFNULL(CASE run_state WHEN 'ready' THEN ready_at END, '9'),
          IFNULL(lease_expires_at, '9'), IFNULL(deadline_at, '9')))
        FROM processes_process WHERE run_state IN ('ready', 'running') AND MAX(ready_at, IFNULL(lease_expires_at, ''))
          > engine_now(0)
    """).fetchone()
    return None if text is None or text == "9" else clock.micros_of(text)
