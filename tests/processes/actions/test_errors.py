"""Whoever acts on what a process was before it moved on does nothing to what it has become."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.models import Process
from tests.processes.actions.conftest import acts
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db(transaction=True)

Verb = Callable[[Process, User, str], Process]
SEEN: dict[str, Verb] = {
    "retry": lambda process, by, seen: actions.retry(process.pk, by=by, seen=seen),
    "resume": lambda process, by, seen: actions.answer(process.pk, [], by=by, seen=seen),
    "abort": lambda process, by, seen: actions.abort(process.pk, by=by, seen=seen),
    "skip": lambda process, by, seen: actions.skip(process.pk, by=by, reason="so", seen=seen),
    "edit": lambda process, by, seen: actions.edit_state(process.pk, {"a": 1}, by=by, reason="so", seen=seen),
    "continue": lambda process, by, seen: actions.continue_at(process.pk, "", by=by, reason="so", seen=seen),
}


@pytest.mark.parametrize("verb", SEEN.values(), ids=SEEN)
def test_verb_does_nothing_to_a_process_that_has_moved_on(failed: Process, admin_user: User, verb: Verb) -> None:
    seen = failed.stand
    actions.edit_state(failed.pk, {"a": 0}, by=admin_user, reason="meanwhile")

    with pytest.raises(actions.Moved, match="has changed since you looked at it: it is failed at"):
        verb(failed, admin_user, seen)

    assert [action for _, action, _ in acts()] == ["start", "edit_state"]


@pytest.mark.parametrize("name", ["retry", "resume", "abort", "skip", "edit"])
def test_verb_acts_on_a_process_that_stands_as_it_was_seen(failed: Process, admin_user: User, name: str) -> None:
    seen = failed.stand

    after = SEEN[name](failed, admin_user, seen)

    assert after.stand != seen
    assert len(acts()) == 2


def test_answer_to_an_earlier_question_is_refused(operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()
    process.refresh_from_db()
    seen = process.stand
    Process.objects.update(position_visit=2, fence=process.fence + 1)  # it came round, and asks once more

    with pytest.raises(actions.Moved):
        actions.answer(process.pk, [{"colour": "blue"}], by=operator, seen=seen)

    Process.objects.update(position_visit=1)
