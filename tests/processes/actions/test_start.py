"""The verbs: who may, what they leave behind, and that nothing happens twice or by halves."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.access.permissions import Denied
from processes.engine import Blocker, StartRefused
from processes.forms import FormIncomplete, FormInvalid
from processes.models import (
    AuditEvent,
    EngineSettings,
    Idempotency,
    Process,
    ProcessSubject,
    ResourceLock,
    StateSnapshot,
    WorkflowVersion,
)
from processes.plugins import registry
from processes.store import load_state
from tests.conftest import person
from tests.processes import workflows
from tests.processes.conftest import RunReady
from tests.processes.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

SHED = [{"thing": "shed"}]


def acts() -> list[tuple[str, str, str]]:
    return list(AuditEvent.objects.order_by("id").values_list("actor", "action", "subject_id"))


def rows() -> list[int]:
    """How much there is of whatever a start makes."""
    made = (Process, StateSnapshot, ProcessSubject, ResourceLock, AuditEvent, Idempotency, EngineSettings)
    return [one.objects.count() for one in made]


VERBS: dict[str, Callable[[Process, User], Process]] = {
    "start": lambda process, by: actions.start("count_to_two", [], by=by),
    "resume": lambda process, by: actions.answer(process.pk, [{"colour": "blue"}], by=by),
    "retry": lambda process, by: actions.retry(process.pk, by=by),
    "abort": lambda process, by: actions.abort(process.pk, by=by),
    "note": lambda process, by: actions.note(process.pk, "seen", by=by),
}


@pytest.mark.parametrize("role", ["viewer", "modeller", "stranger"])
@pytest.mark.parametrize("verb", VERBS)
def test_who_may_not_changes_nothing(operator: User, run_ready: RunReady, role: str, verb: str) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()
    before, state = rows(), Process.objects.values().get()
    other = person(role, *({role} - {"stranger"}))

    with pytest.raises(Denied, match="This requires the role operator or admin"):
        VERBS[verb](process, other)

    assert (rows(), Process.objects.values().get()) == (before, state)


@pytest.mark.parametrize("role", ["operator", "admin"])
def test_who_may_is_named_in_the_audit(roles: None, run_ready: RunReady, role: str) -> None:
    user = person("ada", role)
    process = actions.start("ask_a_person", [], by=user)
    run_ready()

    actions.note(process.pk, "seen", by=user)
    actions.answer(process.pk, [{"colour": "blue"}], by=user)
    actions.abort(process.pk, by=user)

    assert acts() == [("ada", verb, str(process.pk)) for verb in ("start", "note", "resume", "abort")]


def test_start_makes_process_lock_subject_and_state(operator: User, registered: None) -> None:
    process = actions.start("paint_thing", SHED, by=operator)

    process.refresh_from_db()
    assert (process.status, process.run_state, process.created_by) == ("created", "ready", "operator")
    assert (process.position_path, process.lock_keys) == ("fail-while-told-to", ["thing:shed"])
    assert list(ResourceLock.objects.values_list("resource", "process_id")) == [("thing:shed", process.pk)]
    assert list(process.subjects.values_list("kind", "subject_id", "label")) == [("thing", "shed", "Thing shed")]
    assert load_state(process.pk).as_dict() == {
        "reporter": "operator",
        "workflow_name": "paint_thing",
        "workflow_target": "modify",
        "process_id": str(process.pk),
        "thing": "shed",
        "colour": "grey",
    }


@pytest.mark.parametrize(
    ("pages", "error"),
    [
        ([], FormIncomplete),
        ([{}], FormInvalid),
        ([{"thing": "shed", "more": 1}], FormInvalid),
        ([{"thing": "shed"}, {}], FormInvalid),
        ([{"thing": "forbidden"}], StartRefused),
    ],
)
@pytest.mark.parametrize("idempotency_key", ["", "one-time"])
def test_start_that_is_refused_leaves_nothing(
    operator: User, registered: None, pages: list[dict[str, object]], error: type[Exception], idempotency_key: str
) -> None:
    with pytest.raises(error):
        actions.start("paint_thing", pages, by=operator, idempotency_key=idempotency_key)

    assert rows() == [0] * 7
    assert workflows.OneThing.told == []


def test_refusal_says_why_and_what_is_in_the_way(operator: User, registered: None) -> None:
    with pytest.raises(StartRefused) as refused:
        actions.start("paint_thing", [{"thing": "forbidden"}], by=operator)

    assert refused.value.reason == "This thing is forbidden."
    assert refused.value.blockers == (Blocker("thing", "wall", "The wall"),)


def test_first_start_that_is_refused_does_not_spoil_the_next(operator: User, registered: None) -> None:
    WorkflowVersion.objects.all().delete()
    with pytest.raises(StartRefused):
        actions.start("paint_thing", [{"thing": "forbidden"}], by=operator)

    process = actions.start("paint_thing", SHED, by=operator)

    assert process.workflow_version.workflow.name == "paint_thing"


def test_unknown_workflow_and_process(operator: User, registered: None) -> None:
    with pytest.raises(registry.UnknownWorkflow):
        actions.start("paint_moon", [], by=operator)
    for verb in ("resume", "retry", "abort", "note"):
        with pytest.raises(Process.DoesNotExist):
            VERBS[verb](Process(pk=uuid4()), operator)


def test_lock_names_its_holder(operator: User, registered: None) -> None:
    holder = actions.start("paint_thing", SHED, by=operator)

    with pytest.raises(actions.LockHeld) as held:
        actions.start("paint_thing", SHED, by=operator, idempotency_key="one-time")

    assert (held.value.resource, held.value.holder) == ("thing:shed", holder)
    assert held.value.reason == f"thing:shed is locked by paint_thing ({holder.pk}), which is created."
    assert (Process.objects.count(), Idempotency.objects.count()) == (1, 0)


def test_two_starts_at_the_same_time_never_both_win(operator: User, registered: None) -> None:
    answers = together([lambda: actions.start("paint_thing", SHED, by=operator)] * 4)

    won = [one for one in answers if isinstance(one, Process)]
    assert len(won) == 1
    assert [type(one) for one in answers if one not in won] == [actions.LockHeld] * 3
    assert list(ResourceLock.objects.values_list("resource", "process_id")) == [("thing:shed", won[0].pk)]


def test_starts_on_different_things_do_not_meet(operator: User, registered: None) -> None:
    def start(thing: str) -> Callable[[], Process]:
        return lambda: actions.start("paint_thing", [{"thing": thing}], by=operator)

    answers = together([start(thing) for thing in "abcd"])

    assert [type(one) for one in answers] == [Process] * 4


def test_failure_lets_go_and_retry_takes_again(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("no"))
    failed = actions.start("paint_thing", SHED, by=operator)
    run_ready()
    assert workflows.OneThing.told == ["failed shed holding thing:shed by SYSTEM"]
    holder = actions.start("paint_thing", SHED, by=operator)

    with pytest.raises(actions.LockHeld) as held:
        actions.retry(failed.pk, by=operator)
    assert held.value.holder == holder

    actions.abort(holder.pk, by=operator)
    actions.retry(failed.pk, by=operator)
    assert ResourceLock.objects.get().process_id == failed.pk


def test_abort_lets_go_and_tells_the_binding(operator: User, run_ready: RunReady) -> None:
    process = actions.start("paint_thing", SHED, by=operator)
    run_ready()

    actions.abort(process.pk, by=operator, reason="wrong shed")

    assert workflows.OneThing.told == ["aborted shed holding thing:shed by operator"]
    assert not ResourceLock.objects.exists()
    assert list(process.steps.values_list("path", "status", "created_by")) == [
        ("fail-while-told-to", "success", "SYSTEM"),
        ("ask-for-a-colour", "abort", "SYSTEM"),
        ("", "abort", "operator"),
    ]


@pytest.mark.parametrize("text", ["\0", "\ud800", "x" * 20_000], ids=["nul", "surrogate", "long"])
def test_any_text_may_be_a_reason(operator: User, registered: None, text: str) -> None:
    process = actions.start("count_to_two", [], by=operator)

    actions.abort(process.pk, by=operator, reason=text)

    assert Process.objects.get(pk=process.pk).status == "aborted"


def test_process_whose_workflow_is_gone_can_be_aborted(operator: User, run_ready: RunReady) -> None:
    process = actions.start("do_nothing", [], by=operator)
    Process.objects.update(workflow_name="gone")
    run_ready()
    assert Process.objects.get().status == "failed"

    actions.abort(process.pk, by=operator)

    assert Process.objects.get().status == "aborted"


def test_ended_process_takes_no_verb_but_a_note(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    run_ready()

    for verb in ("resume", "retry", "abort"):
        with pytest.raises(actions.Refused):
            VERBS[verb](process, operator)
    assert VERBS["note"](process, operator).note == "seen"


@pytest.mark.parametrize(("text", "kept"), [("  seen ", "seen"), (" ", None), ("a\0b", "a\N{REPLACEMENT CHARACTER}b")])
def test_note(operator: User, registered: None, text: str, kept: str | None) -> None:
    process = actions.start("count_to_two", [], by=operator)

    actions.note(process.pk, text, by=operator)

    assert Process.objects.get().note == kept


def test_note_that_is_too_long_is_refused(operator: User, registered: None) -> None:
    process = actions.start("count_to_two", [], by=operator)

    with pytest.raises(ValueError, match="at most 5000 characters; this one has 5001"):
        actions.note(process.pk, "x" * 5001, by=operator)


def test_repeated_start_gets_the_first_process_even_if_it_would_be_refused_now(
    operator: User, registered: None
) -> None:
    first = actions.start("paint_thing", SHED, by=operator, idempotency_key="one-time")
    workflows.calls.clear()

    assert actions.start("paint_thing", SHED, by=operator, idempotency_key="one-time") == first
    assert (Process.objects.count(), workflows.calls, len(acts())) == (1, [], 1)


def test_one_time_id_is_of_one_person_and_one_operation(operator: User, admin_user: User, registered: None) -> None:
    processes = [
        actions.start("count_to_two", [], by=operator, idempotency_key="one-time"),
        actions.start("do_nothing", [], by=operator, idempotency_key="one-time"),
        actions.start("count_to_two", [], by=admin_user, idempotency_key="one-time"),
    ]

    assert len({one.pk for one in processes}) == 3


@pytest.mark.parametrize("idempotency_key", ["x" * 300, "a\0b", "é", "\ud800", " "])
def test_any_text_may_be_a_one_time_id(operator: User, registered: None, idempotency_key: str) -> None:
    first = actions.start("count_to_two", [], by=operator, idempotency_key=idempotency_key)

    assert actions.start("count_to_two", [], by=operator, idempotency_key=idempotency_key) == first
    assert actions.start("count_to_two", [], by=operator, idempotency_key=f"{idempotency_key}!") != first


def test_one_time_id_for_another_request_is_refused(operator: User, registered: None) -> None:
    actions.start("paint_thing", SHED, by=operator, idempotency_key="one-time")

    with pytest.raises(actions.Refused, match="already used for a different request"):
        actions.start("paint_thing", [{"thing": "barn"}], by=operator, idempotency_key="one-time")


def test_predicate_holds_for_starts_at_the_same_time(operator: User, registered: None) -> None:
    registry.version_id(registry.get("alone"))

    answers = together([lambda: actions.start("alone", [], by=operator)] * 4)

    assert sorted(type(one).__name__ for one in answers) == [
        "PredicateRefused",
        "PredicateRefused",
        "PredicateRefused",
        "Process",
    ]
    assert Process.objects.count() == 1


def test_same_one_time_id_at_the_same_time_makes_one_process(operator: User, registered: None) -> None:
    answers = together([lambda: actions.start("paint_thing", SHED, by=operator, idempotency_key="one-time")] * 4)

    assert {one.pk if isinstance(one, Process) else one for one in answers} == {Process.objects.get().pk}
    assert acts() == [("operator", "start", str(Process.objects.get().pk))]


def test_repeated_verbs_act_once(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("no"))
    process = actions.start("paint_thing", SHED, by=operator)
    run_ready()
    for _ in range(2):
        actions.retry(process.pk, by=operator, idempotency_key="again")
    run_ready()
    for _ in range(2):
        actions.answer(process.pk, [{"colour": "blue"}], by=operator, idempotency_key="blue")
    run_ready()

    process = actions.answer(process.pk, [{"colour": "blue"}], by=operator, idempotency_key="blue")

    assert process.status == "completed"
    assert [verb for _, verb, _ in acts()] == ["start", "retry", "resume"]


def test_repeated_abort_acts_once(operator: User, registered: None) -> None:
    process = actions.start("count_to_two", [], by=operator)

    for _ in range(2):
        actions.abort(process.pk, by=operator, reason="no", idempotency_key="one-time")

    assert [verb for _, verb, _ in acts()] == ["start", "abort"]


def test_two_answers_at_the_same_time(operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()

    def answer(colour: str) -> Callable[[], Process]:
        return lambda: actions.answer(process.pk, [{"colour": colour}], by=operator)

    answers = together([answer("blue"), answer("red")])

    assert sorted(type(one).__name__ for one in answers) == ["Process", "Refused"]
    assert [verb for _, verb, _ in acts()] == ["start", "resume"]


def test_abort_and_retry_at_the_same_time(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("no"))
    process = actions.start("heal", [], by=operator)
    run_ready()

    together([lambda: actions.abort(process.pk, by=operator), lambda: actions.retry(process.pk, by=operator)])

    process.refresh_from_db()
    assert (process.status, process.run_state) == ("aborted", "ended")


def test_resume_of_a_failed_process_retries_it(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("no"))
    process = actions.start("heal", [], by=operator)
    run_ready()

    actions.answer(process.pk, [], by=operator)
    run_ready()

    assert Process.objects.get().status == "completed"


@pytest.mark.parametrize(("pages", "error"), [([], FormIncomplete), ([{"colour": 7}], FormInvalid)])
def test_answer_that_does_not_hold_changes_nothing(
    operator: User, run_ready: RunReady, pages: list[dict[str, object]], error: type[Exception]
) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()

    with pytest.raises(error):
        actions.answer(process.pk, pages, by=operator)

    assert Process.objects.get().status == "suspended"
