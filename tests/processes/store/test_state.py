"""The state as tables keep it: a snapshot and the patches since. The same on every database."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processes import actions, store
from processes.engine.driver import SNAPSHOT_BYTES
from processes.engine.values.state import StateBytes, encode
from processes.execution import drive
from processes.models import Process, StateSnapshot, Step
from tests.processes.conftest import RunReady
from tests.processes.engine.values.test_state import JSON, KEYS
from tests.processes.store.conftest import Start, advanced, claimed, failed

pytestmark = pytest.mark.django_db(transaction=True)


STATES = st.dictionaries(KEYS, JSON, max_size=4)


def test_big_state_is_neither_read_nor_written_again(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_many_times", [], by=operator)
    state = store.load_state(process.pk).with_patch(encode({"big": "x" * 1_000_000}))
    store.save_snapshot(process.pk, 0, state)

    with CaptureQueriesContext(connection) as queries:
        run_ready()

    assert max(len(one["sql"]) for one in queries) < 4000
    assert len([one for one in queries if "processes_statesnapshot" in one["sql"]]) == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(state=STATES, patch=STATES)
def test_state_comes_back_as_it_was_stored(start: Start, state: dict[str, Any], patch: dict[str, Any]) -> None:
    process = start()
    store.save_snapshot(process.pk, 0, StateBytes.of(state))
    claim = next(claim for claim in iter(claimed, None) if claim.process_id == process.pk)
    store.commit(claim, *advanced(claim, patch=StateBytes.of(patch).to_json()))

    stored = store.load_state(process.pk).as_dict()
    assert stored == {**state, **patch}
    assert types_in(stored) == types_in({**state, **patch})


def types_in(value: Any) -> Any:
    """The value with its type in place of every single one: a float comes back as a float."""
    match value:
        case list():
            return [types_in(one) for one in value]
        case dict():
            return {key: types_in(one) for key, one in value.items()}
        case _:
            return type(value)


@pytest.mark.parametrize("number", [1e22, 1e300, 1.7976931348623157e308, 5e-324, 0.1, -1e16, 2**64 - 1, -(2**63)])
def test_numbers_come_back_as_they_were(start: Start, number: float) -> None:
    process = start()

    store.save_snapshot(process.pk, 0, StateBytes.of({"number": number}))

    stored = store.load_state(process.pk)["number"]
    assert (type(stored), stored) == (type(number), number)


def test_patches_of_attempts_that_came_to_nothing_do_not_count(start: Start) -> None:
    process = start()
    claim = claimed()
    store.commit(claim, *failed(claim))
    Step.objects.update(patch={"count": 99})

    assert "count" not in store.load_state(process.pk)


def test_state_of_no_process(registered: None) -> None:
    with pytest.raises(StateSnapshot.DoesNotExist):
        store.load(Process().pk)


def test_snapshot_is_rewritten_when_the_patches_outweigh_it(operator: User, run_ready: RunReady) -> None:
    process = actions.start("gather", [{"size": 30_000}], by=operator)

    run_ready()

    snapshot = StateSnapshot.objects.get()
    loaded = store.load(process.pk)
    assert 0 < snapshot.sequence < 12
    assert loaded.patched == pytest.approx(sum(map(len, patches_after(process, snapshot.sequence))), rel=0.01)
    assert loaded.patched <= max(SNAPSHOT_BYTES, loaded.state.weight)
    assert loaded.state.as_dict()["gathered-12"] == "x" * 30_000
    assert len(loaded.state.as_dict()) == 12 + len(StateSnapshot.objects.get().state) - snapshot.sequence


def patches_after(process: Process, sequence: int) -> list[bytes]:
    rows = process.steps.filter(sequence__gt=sequence).order_by("sequence")
    return [encode({"patch": row.patch})["patch"] for row in rows]


def test_snapshot_is_rewritten_even_if_every_turn_is_short(operator: User, registered: None) -> None:
    actions.start("gather", [{"size": 30_000}], by=operator)

    while (claim := store.claim("worker")) is not None:
        drive.run_claimed(claim, lambda: True)

    assert Process.objects.get().status == "completed"
    assert StateSnapshot.objects.get().sequence > 0


def test_small_states_never_cause_a_snapshot(operator: User, run_ready: RunReady) -> None:
    actions.start("gather", [{"size": 100}], by=operator)

    run_ready()

    assert StateSnapshot.objects.get().sequence == 0
