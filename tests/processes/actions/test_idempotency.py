"""One act for each idempotency key, however often it is asked for."""

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.models import (
    Process,
)
from tests.processes import workflows
from tests.processes.actions.conftest import SHED, acts
from tests.processes.conftest import RunReady
from tests.processes.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_start_with_a_one_time_id_acts_once(operator: User, registered: None) -> None:
    first = actions.start("count_to_two", [], by=operator, idempotency_key="form-1")
    second = actions.start("count_to_two", [], by=operator, idempotency_key="form-1")

    assert (first.pk, Process.objects.count()) == (second.pk, 1)


def test_one_time_id_of_another_request_is_refused(operator: User, registered: None) -> None:
    actions.start("count_to_two", [], by=operator, idempotency_key="form-1")

    with pytest.raises(actions.Refused, match="already used"):
        actions.start("count_to_two", [{}], by=operator, idempotency_key="form-1")
