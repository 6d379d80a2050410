"""What a step or form asks for is known when it is loaded, or it is refused in words."""

import functools
from collections.abc import Callable, Generator
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from uuid import UUID

import pytest
from pydantic import AnyUrl, BaseModel

from processes.engine import DefinitionError, State, StepContext, begin, input_step, step, task, workflow
from processes.engine.binding import Unbound
from processes.engine.parameters import Askable, check_parameters
from processes.engine.workflow import START_NAMES

if TYPE_CHECKING:
    from decimal import Decimal


class Session:
    """Something of which JSON knows nothing."""


class Name(str):
    """A text with a name of its own."""


class Size(StrEnum):
    SMALL = "small"


class Speed(BaseModel):
    mbit: int


class Facts(TypedDict):
    name: str


class Session_Binding(Unbound):  # noqa: N801 - reads like what it is
    """A binding that hands out sessions."""

    kinds = "`Session`"

    def supplies(self, annotation: object) -> bool:
        return annotation is Session


STEP = Askable(has_context=True, supplies=lambda annotation: False)
FORM = Askable(has_context=False, supplies=lambda annotation: False, names=START_NAMES)


def asking(annotation: Any) -> Callable[..., None]:
    def function(value: Any) -> None: ...

    function.__annotations__ = {"value": annotation}
    return function


@pytest.mark.parametrize(
    "annotation",
    [
        *(str, int, bool, None, Any, object, UUID, datetime, Size, Name, Speed, Facts, AnyUrl, Literal["a"]),
        *(StepContext, list[UUID], dict[str, list[Speed]], UUID | None, tuple[int, ...], set[str], list[Any], State),
    ],
    ids=repr,
)
def test_what_json_can_become_may_be_asked_for(annotation: Any) -> None:
    check_parameters(asking(annotation), "step", STEP)


@pytest.mark.parametrize(
    "annotation", [Session, list[Session], Session | None, dict[str, Session], Callable[[], int]], ids=repr
)
def test_what_nobody_can_make_is_refused_by_name_with_what_there_is(annotation: Any) -> None:
    with pytest.raises(DefinitionError) as refused:
        check_parameters(asking(annotation), 'step "Paint"', STEP)

    assert 'step "Paint" asks for the parameter `value`, but nobody can make a ' in str(refused.value)
    assert str(refused.value).endswith(
        "It may ask for: `StepContext`, a key of the state of a type that JSON can become, `state` (the whole of it)."
    )


def late(amount: "Decimal") -> None: ...


def by_place(first: int, /, second: int) -> None: ...


def test_annotation_that_is_not_there_at_run_time_is_refused_by_name() -> None:
    with pytest.raises(DefinitionError, match="`amount`, whose annotation Decimal is not known when the module is"):
        check_parameters(late, "step", STEP)


def test_parameter_without_a_name_is_refused() -> None:
    with pytest.raises(DefinitionError, match="`first`, which cannot be given by name"):
        check_parameters(by_place, "step", STEP)


def test_function_that_tells_nothing_of_its_parameters_is_refused() -> None:
    with pytest.raises(DefinitionError, match="step: its parameters cannot be read"):
        check_parameters(functools.partial(asking(int)), "step", STEP)


def test_form_of_a_start_asks_only_for_what_is_there() -> None:
    def form(reporter: str, state: State, colour: str = "red", *rest: object, **more: object) -> None: ...

    check_parameters(form, "form", FORM)

    with pytest.raises(DefinitionError) as refused:
        check_parameters(asking(str), "form", FORM)
    assert str(refused.value) == (
        "form asks for the parameter `value`, which is not there. It may ask for: `reporter`, `workflow_name`, "
        "`workflow_target`, `state` (the whole of it)."
    )


def test_form_has_no_context() -> None:
    with pytest.raises(DefinitionError, match="`value`, but there is no `StepContext` in a form"):
        check_parameters(asking(StepContext), "form", FORM)


@step("Open it")
def open_it(session: Session) -> None: ...


@step("Close it", verify=lambda session: None)
def close_it() -> None: ...


def is_closed(session: Session) -> State | None:
    return None


@step("Check it", verify=is_closed)
def check_it() -> None: ...


@input_step("Ask")
def ask(session: Session) -> Generator[Any, Any, State]:
    answers: State = yield
    return answers


@input_step("Ask in a run")
def ask_in_run(step: StepContext) -> Generator[Any, Any, State]:
    answers: State = yield
    return answers


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        (open_it, 'Workflow paint: step "Open it" asks for the parameter `session`'),
        (check_it, 'Workflow paint: step "Check it": its verify asks for the parameter `session`'),
        (ask, 'Workflow paint: step "Ask" asks for the parameter `session`'),
        (ask_in_run, 'Workflow paint: step "Ask in a run" asks for the parameter `step`'),
    ],
)
def test_workflow_is_refused_with_step_and_parameter(steps: Any, where: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        workflow(name="paint")(lambda: begin >> steps)

    assert str(refused.value).startswith(where)


def test_form_of_a_task_is_refused() -> None:
    with pytest.raises(DefinitionError, match="Workflow paint: its form asks for the parameter `session`"):
        task(name="paint", form=ask.function)(lambda: begin)


def test_what_the_binding_hands_out_may_be_asked_for() -> None:
    made = workflow(name="paint", binding=Session_Binding())(lambda: begin >> open_it >> check_it >> close_it >> ask)

    assert [place.path for place in made.tree.places] == ["open-it", "check-it", "close-it", "ask"]
