"""A person says where a process goes on whose workflow a release has changed."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from processes import actions, queries, store
from processes.access.permissions import Denied
from processes.engine import begin
from processes.models import AuditEvent, Process
from processes.queries.invariants import violations
from tests.processes.conftest import told
from tests.processes.letters import A, B, C, Release, X, suspended_after_a

pytestmark = pytest.mark.django_db(transaction=True)


def test_person_says_where_a_changed_process_goes_on(
    release: Release, operator: User, admin_user: User, run: Callable[[], None]
) -> None:
    process = suspended_after_a(release, operator, run)
    release(begin >> X >> A >> B >> C)
    process = Process.objects.select_related("workflow_version").get(pk=process.pk)
    change = [
        (row.before and row.before.path, row.after and row.after.path) for row in queries.definition_change(process)
    ]
    assert change == [(None, "x"), ("a", "a"), ("ask", None), ("b", "b"), ("c", "c")]

    for _ in range(2):
        actions.continue_at(
            process.pk, "b", by=admin_user, reason="the answer is not needed any more", idempotency_key="mine"
        )
    run()

    process = Process.objects.select_related("workflow_version").get(pk=process.pk)
    assert (process.status, store.load(process.pk).state["seen"]) == ("completed", "ABC")
    assert queries.definition_change(process) == ()
    assert told(process) == [
        ("a", "success", 1),
        ("ask", "abort", 1),
        ("~continue", "success", 1),
        ("b", "success", 1),
        ("c", "success", 1),
    ]
    assert AuditEvent.objects.filter(action="continue_at", actor=admin_user.username).count() == 1
    assert [str(one) for one in violations()] == []


def test_changed_process_may_repeat_what_it_has_done(
    release: Release, operator: User, admin_user: User, run: Callable[[], None]
) -> None:
    process = suspended_after_a(release, operator, run)
    release(begin >> X >> A >> B)

    actions.continue_at(process.pk, "x", by=admin_user, reason="from the beginning")
    run()

    process.refresh_from_db()
    assert (process.status, store.load(process.pk).state["seen"]) == ("completed", "AXAB")
    assert [str(one) for one in violations()] == []


@pytest.mark.parametrize(
    ("path", "reason", "error", "text"),
    [
        ("nowhere", "so", actions.InvalidArgument, "no step nowhere"),
        ("b", " ", actions.InvalidArgument, "A reason is required"),
    ],
)
def test_going_on_elsewhere_needs_a_step_and_a_reason(
    path: str,
    reason: str,
    error: type[Exception],
    text: str,
    release: Release,
    operator: User,
    admin_user: User,
    run: Callable[[], None],
) -> None:
    process = suspended_after_a(release, operator, run)
    release(begin >> X >> A >> B)

    with pytest.raises(error, match=text):
        actions.continue_at(process.pk, path, by=admin_user, reason=reason)


def test_unchanged_process_is_not_moved(
    release: Release, operator: User, admin_user: User, run: Callable[[], None]
) -> None:
    process = suspended_after_a(release, operator, run)

    with pytest.raises(actions.Refused, match="has not changed"):
        actions.continue_at(process.pk, "c", by=admin_user, reason="to skip")
    with pytest.raises(Denied):
        actions.continue_at(process.pk, "c", by=operator, reason="to skip")


def test_process_whose_workflow_is_gone_is_neither_moved_nor_skipped(
    release: Release, operator: User, admin_user: User, run: Callable[[], None]
) -> None:
    process = suspended_after_a(release, operator, run)
    release(None)

    with pytest.raises(actions.Refused, match="no workflow named letters"):
        actions.continue_at(process.pk, "c", by=admin_user, reason="so")
    with pytest.raises(actions.Refused, match="no workflow named letters"):
        actions.skip(process.pk, by=admin_user, reason="so")
