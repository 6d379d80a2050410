"""Two at the same moment: for the same thing, where one must win, and with the same request, which has one effect.

./run faults contention --database postgres --pairs 400 --posts 500
"""

import argparse
import logging
import tempfile
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

from django.contrib.auth.models import User
from rest_framework.response import Response
from rest_framework.test import APIClient

from processes import actions, store
from processes.execution import drive
from processes.models import AuditEvent, Process, ResourceLock
from tests.faults import evidence, shapes
from tests.faults.storm import somebody
from tests.processes.threads import together


def contend(number: int, person: User) -> Process:
    """Start twice on one thing; the one that won. Both at once must neither win nor lose."""
    page = {"thing": f"contended {number}"}
    start = partial(actions.start, shapes.locking.name, [page], by=person)
    answers = together([start, start])
    winners = [one for one in answers if isinstance(one, Process)]
    losers = [one for one in answers if isinstance(one, actions.LockHeld)]
    assert (len(winners), len(losers)) == (1, 1), f"pair {number}: {answers}"
    assert losers[0].holder.pk == winners[0].pk, f"pair {number}: the loser was told another holder"
    holders = list(ResourceLock.objects.filter(resource=page["thing"]).values_list("process_id", flat=True))
    assert holders == [winners[0].pk], f"pair {number}: held by {holders}"
    return winners[0]


def post_twice(number: int, person: User) -> UUID:
    """The same request, under one key, twice at once: both are answered alike. The process they made."""
    answers = together([partial(_post, "/api/processes/asking", f"post {number}", person)] * 2)
    made = [_told(one, 201) for one in answers]
    assert made[0] == made[1], f"post {number}: {made}"
    return UUID(made[0])


def answer_twice(process_id: UUID, number: int, person: User) -> None:
    """The same for its question."""
    answers = together([partial(_answer, process_id, f"answer {number}", person)] * 2)
    for one in answers:
        assert isinstance(one, Response), f"answer {number}: {one!r}"
        assert one.status_code == 204, f"answer {number}: {one.data}"


def _post(address: str, key: str, person: User) -> Response:
    answer: Response = _client(person).post(address, [{}], format="json", headers={"Idempotency-Key": key})
    return answer


def _answer(process_id: UUID, key: str, person: User) -> Response:
    address, headers = f"/api/processes/{process_id}/resume", {"Idempotency-Key": key}
    answer: Response = _client(person).put(address, [{"word": "yes"}], format="json", headers=headers)
    return answer


def _client(person: User) -> APIClient:
    client = APIClient(SERVER_NAME="localhost")
    client.force_authenticate(person)
    return client


def _told(answer: object, status: int) -> str:
    assert isinstance(answer, Response), repr(answer)
    assert answer.status_code == status, answer.data
    return str(answer.data["id"])


def contend_for_things(folder: Path, pairs: int) -> None:
    """Pairs of starts; then the winners run, and look at every step whether the thing is still theirs."""
    world = shapes.world = shapes.FileWorld(folder / "effects")
    person = somebody()
    winners = {contend(number, person).pk for number in range(pairs)}
    assert winners == set(Process.objects.values_list("pk", flat=True)), "a loser left something behind"
    work()
    expect_no_fault(world)


def post_everything_twice(folder: Path, posts: int) -> None:
    """Each start and each answer comes twice at once and has one effect."""
    world = shapes.world = shapes.FileWorld(folder / "effects")
    person = somebody()
    before = Process.objects.count()
    made = [post_twice(number, person) for number in range(posts)]
    assert Process.objects.count() - before == posts
    work()
    for number, process_id in enumerate(made):
        answer_twice(process_id, number, person)
    work()
    acts = Counter(AuditEvent.objects.filter(subject_id__in=map(str, made)).values_list("action", flat=True))
    assert acts == {"start": posts, "resume": posts}, acts
    expect_no_fault(world)


def work() -> None:
    while (claim := store.claim("worker")) is not None:
        drive.run_claimed(claim)


def expect_no_fault(world: shapes.FileWorld) -> None:
    broken = evidence.broken_promises(world.all_calls())
    assert not broken, broken


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="contention")
    parser.add_argument("--pairs", type=int, default=400)
    parser.add_argument("--posts", type=int, default=500)
    wanted = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="orchestrator-faults-") as name:
        contend_for_things(Path(name), wanted.pairs)
        print(f"{wanted.pairs} pairs of starts on one thing: never two holders")
        post_everything_twice(Path(name), wanted.posts)
        print(f"{wanted.posts} starts and {wanted.posts} answers posted twice at once: one effect each")
    return 0
