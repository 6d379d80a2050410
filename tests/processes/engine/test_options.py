"""The options of decorators: what they may be, and what they become."""

from typing import Any

import pytest

from processes.engine import DefinitionError, StartRefused, Target, begin, run_in_memory, step, task, workflow
from processes.engine.memory import MemoryStore
from processes.engine.options import ORDINARY, TASK, RunContext, lock_keys, only_one_at_a_time, shown


@step("Go")
def go() -> None: ...


@pytest.mark.parametrize(
    ("locks", "expected"),
    [
        (None, ()),
        ("one", ("key:one",)),
        (["b", "a", "b"], ("key:a", "key:b")),
        (lambda vlans, port: (f"{port}/{vlan}" for vlan in vlans), ("key:x/1", "key:x/2")),
        (lambda state: state["port"], ("key:x",)),
        (list, ()),
    ],
)
def test_keys_are_in_one_order_each_once(locks: Any, expected: tuple[str, ...]) -> None:
    assert lock_keys(locks, {"vlans": [2, 1], "port": "x"}) == expected


def test_key_is_shown_as_it_was_written() -> None:
    assert (shown("key:VLAN 7"), shown("subscription:1")) == ("VLAN 7", "subscription:1")


@pytest.mark.parametrize(
    ("locks", "told"),
    [
        (lambda: [1], "A key to lock is a text, not 1."),
        (lambda: 5, "A key to lock is a text, not 5."),
        (lambda: ["  "], "A key to lock is a text, not '  '."),
        (lambda: "a\0", "A key to lock is a text, not 'a\\x00'."),
        (lambda: "x" * 201, f"A key to lock has at most 200 characters, and this one 201: {'x' * 50}…"),
        (lambda port: port, 'The answers do not tell what to lock: InjectionError: The step requires "port"'),
        (lambda state: state["port"], "The answers do not tell what to lock: KeyError: 'port'"),
    ],
)
def test_what_is_no_key_refuses_the_start_in_words(locks: Any, told: str) -> None:
    with pytest.raises(StartRefused) as refused:
        lock_keys(locks, {})

    assert refused.value.reason.startswith(told)


def test_memory_holds_keys_too() -> None:
    made = workflow(name="lock_it", locks=lambda vlan: f"VLAN {vlan}")(lambda: begin >> go)

    assert MemoryStore(made, {"vlan": 7}).resources == ("key:VLAN 7",)
    assert run_in_memory(made, state={"vlan": 7}).status == "completed"


@pytest.mark.parametrize(
    ("options", "priority"),
    [({}, TASK), ({"target": Target.CREATE}, ORDINARY), ({"is_task": False}, ORDINARY), ({"priority": -3}, -3)],
)
def test_tasks_have_a_lower_priority_unless_they_say_otherwise(options: Any, priority: int) -> None:
    assert workflow(name="one", **options)(lambda: begin).priority == priority
    assert task(name="two")(lambda: begin).priority == TASK < ORDINARY


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"priority": 101}, "Workflow odd: its priority is a whole number from -100 to 100, not 101."),
        ({"priority": "high"}, "Workflow odd: its priority is a whole number from -100 to 100, not 'high'."),
        ({"authorize": 5}, "Workflow odd: who may is a role or a function, not 5."),
        ({"retry_authorize": " "}, "Workflow odd: who may is a role or a function, not ' '."),
        (
            {"locks": lambda client: client, "usable_when": ()},
            "A workflow has no option usable_when; it has authorize,",
        ),
    ],
)
def test_option_that_means_nothing_is_refused_when_it_is_loaded(options: Any, told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        workflow(name="odd", **options)(lambda: begin)

    assert str(refused.value).startswith(told)


def test_one_at_a_time_ignores_what_has_failed_unless_told_otherwise() -> None:
    def context(unfinished: int, failed: int) -> RunContext:
        return RunContext("clean", lambda: unfinished, lambda: failed)

    strict = only_one_at_a_time(counts_failed=True)
    told = "clean is already running."
    assert [only_one_at_a_time(context(*counts)) for counts in [(0, 0), (2, 2), (2, 1)]] == [None, None, told]
    assert [strict(context(*counts)) for counts in [(0, 0), (2, 2), (2, 1)]] == [None, told, told]
