"""The timeline of a process: its steps, and what people changed between them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes import actions, queries
from processes.api.rows import step_rows
from processes.engine import begin, step
from processes.engine.values.status import ProcessStatus, StepKind, StepStatus
from processes.models import Process
from tests.factories import processes as rows
from tests.processes.letters import A, B, Release, ask

pytestmark = pytest.mark.django_db

FAILS = step("Fail")(lambda missing: missing)
ALPHA, BETA = (replace(one, key=key, formerly=(one.key,)) for one, key in ((A, "alpha"), (B, "beta")))
ASK = replace(ask, key="question", formerly=("ask",))
FAIL = replace(FAILS, key="stumble", formerly=("fail",))


def test_timeline_shows_edits_where_they_were_made_with_their_reason() -> None:
    process = rows.process(ProcessStatus.FAILED, position_path="finish", sequence=4)
    rows.step(process, "create", sequence=1)
    rows.step(process, "~edit", sequence=2, kind=StepKind.EDIT, name="State edited", reason="first", created_by="ada")
    rows.step(process, "~edit", sequence=3, kind=StepKind.EDIT, name="State edited", reason="second", visit=2)
    rows.step(process, "confirm", StepStatus.SKIPPED, sequence=4, reason="by phone")
    rows.step(process, "finish", StepStatus.FAILED)

    found = queries.timeline(Process.objects.select_related("workflow_version").get())

    assert [(one.name, one.latest.reason) for one in found] == [
        ("Create", ""),
        ("State edited", "first"),
        ("State edited", "second"),
        ("Confirm", "by phone"),
        ("Finish", ""),
    ]


def test_edit_before_any_step_comes_first() -> None:
    process = rows.process(ProcessStatus.FAILED, sequence=1)
    rows.step(process, "~edit", sequence=1, kind=StepKind.EDIT, name="State edited")

    found = queries.timeline(Process.objects.select_related("workflow_version").get())

    assert [one.name for one in found] == ["State edited", "Create", "Confirm", "Finish"]


def test_timeline_shows_the_try_of_another_visit() -> None:
    process = rows.process(ProcessStatus.RUNNING, position_visit=2, position_attempt=1)
    rows.step(process, "create", sequence=1)

    found = queries.timeline(Process.objects.select_related("workflow_version").get())

    assert [one.status.value for one in (*found[0].earlier, found[0].latest)] == ["success", "running"]
    assert found[0].incidents == ()


def brief(process: Process) -> list[tuple[str, list[str], bool]]:
    """The path of each step, the statuses of its tries, and whether the process stands there."""
    return [
        (one.path, [attempt.status.value for attempt in (*one.earlier, one.latest)], one.is_current)
        for one in queries.timeline(process)
    ]


def test_step_with_another_key_has_what_was_recorded_before(
    release: Release, operator: User, run: Callable[[], None]
) -> None:
    release(begin >> A >> ask >> FAILS >> B)
    process = actions.start("letters", [], by=operator)
    run()
    release(begin >> ALPHA >> ASK >> FAIL >> BETA)
    process = Process.objects.get()
    assert brief(process) == [
        ("a", ["success"], False), ("ask", ["suspend"], True), ("fail", ["pending"], False), ("b", ["pending"], False),
    ]  # fmt: skip

    actions.answer(process.pk, [{"answer": "yes"}], by=operator)
    run()
    actions.retry(process.pk, by=operator)
    run()

    process = Process.objects.get()
    assert brief(process) == [
        ("alpha", ["success"], False),
        ("question", ["success"], False),
        ("stumble", ["failed", "failed"], True),
        ("beta", ["pending"], False),
    ]
    assert list(process.steps.values_list("path", flat=True)) == ["a", "ask", "stumble", "stumble"]
    assert [(row["path"], row["status"]) for row in step_rows(process.pk, queries.timeline(process))] == [
        ("alpha", "success"),
        ("question", "success"),
        ("stumble", "failed"),
        ("stumble", "failed"),
        ("beta", "pending"),
    ]


def test_release_that_takes_the_keys_back_shows_the_same(
    release: Release, operator: User, run: Callable[[], None]
) -> None:
    """What the present definition calls a step may be older than what the rows call it."""
    release(begin >> ALPHA >> FAIL)
    process = actions.start("letters", [], by=operator)
    run()
    release(begin >> replace(A, formerly=("alpha",)) >> replace(FAILS, formerly=("stumble",)) >> B)

    actions.retry(process.pk, by=operator)
    run()

    assert brief(Process.objects.get()) == [
        ("a", ["success"], False), ("fail", ["failed", "failed"], True), ("b", ["pending"], False),
    ]  # fmt: skip


def test_page_shows_a_step_with_another_key_once(
    release: Release, operator: User, client: Client, run: Callable[[], None]
) -> None:
    release(begin >> A >> FAILS)
    process = actions.start("letters", [], by=operator)
    run()
    release(begin >> ALPHA >> FAIL)
    actions.retry(process.pk, by=operator)
    run()

    steps = queries.page_steps(queries.revision(process.pk).process)
    client.force_login(operator)
    page = client.get(f"/processes/{process.pk}/").content.decode()

    assert ([len(fold.steps or ()) for fold in steps.folds], steps.extras) == ([2], [])
    assert (steps.done, steps.number, steps.folds[0].failed) == (1, 2, 1)
    assert page.count('id="step-') == 2
    assert 'id="earlier-step-stumble"' in page


def test_news_of_a_step_with_another_key_are_its_own(release: Release, operator: User, run: Callable[[], None]) -> None:
    release(begin >> A >> FAILS)
    process = actions.start("letters", [], by=operator)
    run()
    seen = queries.page_steps(queries.revision(process.pk).process).last_row
    release(begin >> ALPHA >> replace(B, key="stumble", formerly=("fail",)))
    actions.retry(process.pk, by=operator)
    run()

    news = queries.step_news(queries.revision(process.pk).process, last_row=seen, place=1, held=[1])

    assert [(one.path, len(one.earlier)) for one in news.steps] == [("stumble", 1)]
    assert (news.extras, news.done, [fold.done for fold in news.counts]) == (None, 2, [2])
