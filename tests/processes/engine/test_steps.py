"""Groups, focus, verification and run predicates: what they make of steps."""

import pytest

from processes.engine import (
    OnCrash,
    Retry,
    RunContext,
    State,
    StepContext,
    StepList,
    begin,
    conditional,
    focus,
    only_one_at_a_time,
    run_in_memory,
    step,
    step_group,
    task,
)
from processes.engine.tree import Tree


@step("Reserve")
def reserve(state: State) -> State:
    return {"reserved": state.get("wanted", "nothing")}


@step("Enable")
def enable(reserved: str) -> State:
    return {"enabled": reserved}


def test_group_joins_paths() -> None:
    inner = step_group("Ports", begin >> enable, key="ports")

    group = step_group("Reserve all", begin >> reserve >> inner)

    assert [place.path for place in Tree(group).places] == ["reserve-all/reserve", "reserve-all/ports/enable"]


def test_group_that_retries_as_a_whole_knows_where_it_begins() -> None:
    group = step_group("All", begin >> step_group("Part", begin >> reserve, retry="whole"))

    assert [place.around.restart_at for place in Tree(group).places] == ["all/part"]


def test_focus_sees_and_changes_one_part_of_the_state() -> None:
    @task("Focused")
    def focused() -> StepList:
        asked = conditional(lambda state: state.get("wanted") == "a port")
        return begin >> focus("inner")(asked(begin >> reserve) >> enable)

    run = run_in_memory(focused, state={"inner": {"wanted": "a port"}, "outer": 1})

    assert run.state == {"inner": {"wanted": "a port", "reserved": "a port", "enabled": "a port"}, "outer": 1}


def test_focus_in_focus() -> None:
    @task("Deep")
    def deep() -> StepList:
        return begin >> focus("a")(focus("b")(reserve))

    assert run_in_memory(deep).state == {"a": {"b": {"reserved": "nothing"}}}


def test_focus_on_what_is_no_object_fails_clearly() -> None:
    @task("Blind")
    def blind() -> StepList:
        return begin >> focus("inner")(reserve)

    run = run_in_memory(blind, state={"inner": [1]})

    assert run.error is not None
    assert run.error.message == '"inner" in the state is not an object, so a step cannot be focused on it.'


@pytest.mark.parametrize(("effect_is_there", "calls"), [(True, 1), (False, 2)])
def test_verify_answers_for_an_earlier_try(effect_is_there: bool, calls: int) -> None:
    made: list[int] = []

    def look(context: StepContext) -> State | None:
        return {"made": "found"} if effect_is_there else None

    @step("Make", retry=Retry(tries=2, delay=0), verify=look, on_crash="ask")
    def make(context: StepContext) -> State:
        made.append(context.attempt)
        if context.attempt == 1:
            raise ConnectionError("no answer, so nobody knows")
        return {"made": "again"}

    @task("Making")
    def making() -> StepList:
        return begin >> make

    run = run_in_memory(making)

    assert make.on_crash is OnCrash.ASK
    assert (run.state, len(made)) == ({"made": "found" if effect_is_there else "again"}, calls)


def test_only_one_at_a_time_tells_why() -> None:
    assert only_one_at_a_time(RunContext("clean", lambda: 0)) is None
    assert only_one_at_a_time(RunContext("clean", lambda: 1)) == "clean is already running."
