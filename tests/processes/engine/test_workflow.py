"""Steps, lists of steps, and workflows made of them."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from processes.engine import (
    Call,
    DefinitionError,
    Input,
    State,
    StepList,
    Target,
    begin,
    conditional,
    done,
    input_step,
    step,
    task,
    workflow,
)
from processes.engine.binding import Unbound
from processes.engine.plan import PlanStep
from processes.engine.steps import slug
from processes.engine.tree import Position, Tree
from processes.engine.values.state import StateBytes
from processes.engine.values.status import StepKind


@step("Paint it")
def paint(colour: str) -> State:
    return {"painted": colour}


@step("Dry it", key="dry")
def dry() -> None:
    return None


@input_step("Look at it", assignee="CHANGES")
def look() -> Generator[Any, Any, State]:
    answers: State = yield
    return answers


def test_step_is_called_as_its_function() -> None:
    assert paint("red") == {"painted": "red"}
    assert paint(colour="red") == {"painted": "red"}


def test_key_is_made_of_the_name_unless_given() -> None:
    assert (paint.key, dry.key, look.key) == ("paint-it", "dry", "look-at-it")


@pytest.mark.parametrize(
    ("text", "key"),
    [("Create  device", "create-device"), ("  (Re)start! ", "re-start"), ("Größe", "gr-e"), ("山", ""), ("a_b", "a-b")],
)
def test_slug(text: str, key: str) -> None:
    assert slug(text) == key


def test_lists_join_in_order_and_stay_as_they_were() -> None:
    head = paint >> dry
    whole = begin >> head >> look >> done

    assert list(whole) == [paint, dry, look]
    assert (len(begin), len(done), len(head), len(whole)) == (0, 0, 2, 3)
    assert whole == begin >> (head >> look) == head >> StepList((look,))


def test_what_is_no_step_is_refused() -> None:
    with pytest.raises(DefinitionError, match="Only a step or a list of steps can follow `>>`, not None"):
        begin >> None  # type: ignore[operator]


def test_conditional_marks_each_step_and_nests() -> None:
    def outer(state: State) -> bool:
        return True

    def inner(state: State) -> bool:
        return True

    steps = conditional(outer)(paint >> conditional(inner)(dry))

    assert [[condition.predicate for condition in place.conditions] for place in Tree(steps).places] == [
        [outer],
        [outer, inner],
    ]


def test_workflow_names_itself_after_its_function() -> None:
    @workflow
    def paint_the_shed() -> StepList:
        return begin >> paint

    assert (paint_the_shed.name, paint_the_shed.description) == ("paint_the_shed", "Paint the shed")
    assert (paint_the_shed.target, paint_the_shed.is_task) == (Target.SYSTEM, True)
    assert isinstance(paint_the_shed.binding, Unbound)


def test_workflow_takes_what_it_is_given() -> None:
    binding = Unbound()

    @workflow("Paint", target=Target.MODIFY, form=look.function, binding=binding, name="modify_shed")
    def anything() -> StepList:
        return begin >> paint

    assert (anything.name, anything.description, anything.is_task) == ("modify_shed", "Paint", False)
    assert (anything.form, anything.binding) == (look.function, binding)


def test_workflow_may_say_by_itself_whether_it_is_a_task() -> None:
    @workflow("Look after it", target=Target.VALIDATE, is_task=True)
    def validate_shed() -> StepList:
        return begin >> look

    assert validate_shed.is_task


def test_task_is_a_system_workflow() -> None:
    @task("Tidy up", name="tidy")
    def anything() -> StepList:
        return begin

    assert (anything.name, anything.target, anything.is_task, anything.plan) == ("tidy", Target.SYSTEM, True, ())
    assert anything.tree.begin(StateBytes({})).is_end


def test_plan_and_what_follows() -> None:
    @task("Paint")
    def shed() -> StepList:
        return begin >> paint >> dry >> look

    assert shed.plan == (
        PlanStep("paint-it", "Paint it", StepKind.STEP),
        PlanStep("dry", "Dry it", StepKind.STEP),
        PlanStep("look-at-it", "Look at it", StepKind.INPUT),
    )
    assert shed.plan[2].as_json() == {"path": "look-at-it", "name": "Look at it", "kind": "input"}
    nothing = StateBytes({})
    assert shed.tree.begin(nothing) == Position("paint-it")
    assert shed.tree.after(Position("paint-it"), nothing) == Position("dry")
    assert shed.tree.after(Position("look-at-it"), nothing).is_end
    dries = shed.tree.place_at("dry")
    assert dries is not None
    assert dries.leaf is dry
    assert shed.tree.place_at("varnish") is None


def test_fingerprint_is_of_the_plan_alone() -> None:
    @task("Paint")
    def one() -> StepList:
        return begin >> paint >> dry

    @task("Paint, told otherwise")
    def other() -> StepList:
        return begin >> paint >> conditional(bool)(dry)

    @task("Paint")
    def third() -> StepList:
        return begin >> dry >> paint

    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != third.fingerprint


NAMELESS = Call("山", "", paint.function)
LONG_NAME = Call("n" * 256, "n", paint.function)
LONG_KEY = Call("Name", "k" * 256, paint.function)
LONG_ASSIGNEE = Input("Name", "name", paint.function, assignee="a" * 51)


@pytest.mark.parametrize(
    ("steps", "name", "message"),
    [
        (
            paint >> paint,
            "shed",
            'shed: there are two steps with the key "paint-it"; give one a `key=` of its own.',
        ),
        (begin >> NAMELESS, "shed", 'Workflow shed: step "山" needs a key.'),
        (begin >> LONG_NAME, "shed", "its name has 256 characters; at most 255 are allowed."),
        (begin >> LONG_KEY, "shed", "its key has 256 characters; at most 255 are allowed."),
        (begin >> LONG_ASSIGNEE, "shed", "its assignee has 51 characters; at most 50 are allowed."),
        (begin, "s" * 201, "its name has 201 characters; at most 200 are allowed."),
    ],
)
def test_what_could_not_be_stored_is_refused(steps: StepList, name: str, message: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        task("Wrong", name=name)(lambda: steps)

    assert str(raised.value).endswith(message)


def test_workflow_knows_the_systems_that_its_steps_call() -> None:
    @task("Call others")
    def call_others() -> StepList:
        return begin >> replace(paint, system="paint-shop") >> replace(dry, system="oven_2") >> look

    assert call_others.systems == {"paint-shop", "oven_2"}
    assert call_others.fingerprint == task(name="plain")(lambda: begin >> paint >> dry >> look).fingerprint


@pytest.mark.parametrize("system", ["Paint shop", "-x", "é", "a/b", "x" * 101])
def test_name_of_a_system_fits_an_address(system: str) -> None:
    with pytest.raises(DefinitionError, match='Workflow wrong: step "Paint it"'):
        task(name="wrong")(lambda: begin >> replace(paint, system=system))


def test_step_inside_its_commit_calls_no_system() -> None:
    with pytest.raises(DefinitionError, match="runs inside its commit, so it must not call an external system"):
        task(name="wrong")(lambda: begin >> replace(paint, system="paint-shop", atomic=True))
