"""All verbs alike: who may, who is named in the audit trail, and what no verb accepts."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.access.permissions import Denied
from processes.models import (
    Process,
)
from processes.plugins import registry
from tests.conftest import person
from tests.processes.actions.conftest import VERBS, acts, rows
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_unknown_workflow_and_process(operator: User, registered: None) -> None:
    with pytest.raises(registry.UnknownWorkflow):
        actions.start("paint_moon", [], by=operator)
    for verb in ("resume", "retry", "abort", "note"):
        with pytest.raises(Process.DoesNotExist):
            VERBS[verb](Process(pk=uuid4()), operator)


def test_ended_process_takes_no_verb_but_a_note(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    run_ready()

    for verb in ("resume", "retry", "abort"):
        with pytest.raises(actions.Refused):
            VERBS[verb](process, operator)
    assert VERBS["note"](process, operator).note == "seen"


def test_operator_may_neither_skip_nor_edit_nor_pause(failed: Process, operator: User) -> None:
    with pytest.raises(Denied):
        actions.skip(failed.pk, by=operator, reason="I say so")
    with pytest.raises(Denied):
        actions.edit_state(failed.pk, {"count": 0}, by=operator, reason="I say so")
    with pytest.raises(Denied):
        actions.pause(by=operator)
