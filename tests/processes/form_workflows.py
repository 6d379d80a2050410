"""Workflows with forms, for the tests of pages and REST: ask, refuse, fail, and wait for a person."""

from collections.abc import Generator
from typing import Any

from pydantic import Field
from pydantic_forms.core import FormPage
from pydantic_forms.validators import Choice, migration_summary

from processes.engine import State, StepList, Target, begin, input_step, only_one_at_a_time, step, task, workflow
from processes.engine.binding import Start, Started, Subject, Unbound
from processes.engine.values.errors import Blocker, StartRefused

SUBSCRIPTION = "0f2b8a52-6a0b-4a7e-9c71-9d3c5f1f8a10"
problems: list[Exception] = []
"""What the step `break` raises, one a try."""
unreachable: list[str] = []
"""External systems that the form of `ask_outside` does not reach."""


class Colour(Choice):
    RED = ("r", "Red")
    BLUE = ("b", "Blue")


class NamePage(FormPage):
    model_config = {"title": "Name it"}

    name: str = Field(min_length=2)
    sizes: list[int] = Field(default_factory=list)


def order_form(product: str | None = None) -> Generator[Any, Any, State]:
    first = yield NamePage

    class ColourPage(FormPage):
        model_config = {"title": f"Colour of {first.name}"}

        colour: Colour

    second = yield ColourPage
    return {"name": first.name, "colour": second.colour, "product": product}


def create_form() -> Generator[Any, Any, State]:
    """Page 0 as creates have it, then the pages of the order."""

    class Product(FormPage):
        model_config = {"title": "Product"}

        product: Choice.__call__("Products", {"node": ("node", "Node")})  # type: ignore[valid-type]

    chosen = yield Product
    answers = yield from order_form()
    return {**answers, "product": chosen.product}


def confirmed_form() -> Generator[Any, Any, State]:
    answers = yield NamePage

    class Confirm(FormPage):
        model_config = {"title": "Confirm"}
        meta__ = {"hasNext": False}

        table: migration_summary(  # type: ignore[valid-type]
            {"headers": ["Before", "After"], "labels": ["Name"], "columns": [["none"], [answers.name]]}
        )

    yield Confirm
    return {"name": answers.name}


def outside_form() -> Generator[Any, Any, State]:
    if unreachable:
        raise ConnectionError(unreachable[0])
    yield NamePage
    return {}


@step("Make it")
def make_it(state: State) -> State:
    return {"made": True}


@step("Break")
def break_it() -> State:
    if problems:
        raise problems.pop(0)
    return {"mended": True}


@input_step("Ask twice", assignee="NOC")
def ask_twice(name: str = "it") -> Generator[Any, Any, State]:
    class First(FormPage):
        model_config = {"title": f"First about {name}"}

        sure: bool

    class Second(FormPage):
        model_config = {"title": "Second"}

        why: str
        called: str = name

    first = yield First
    second = yield Second
    return {"sure": first.sure, "why": second.why, "called": second.called}


class Refusing(Unbound):
    def on_start(self, start: Start) -> Started:
        raise StartRefused("The thing is in use.", (Blocker("thing", "s-1", "Other thing"),))


class About(Unbound):
    def on_start(self, start: Start) -> Started:
        return Started(subjects=(Subject("subscription", SUBSCRIPTION, "Node one"),))


@workflow("Create a thing", target=Target.CREATE, form=create_form, binding=About())
def create_thing() -> StepList:
    return begin >> make_it


@workflow("Confirm a thing", target=Target.CREATE, form=confirmed_form)
def confirm_thing() -> StepList:
    return begin >> make_it


@workflow("Use a thing", target=Target.MODIFY, form=order_form, binding=Refusing())
def use_thing() -> StepList:
    return begin >> make_it


@task("Ask outside", form=outside_form)
def ask_outside() -> StepList:
    return begin >> make_it


@task("Sweep the floor")
def sweep() -> StepList:
    return begin >> make_it


@task("Break and mend")
def break_and_mend() -> StepList:
    return begin >> make_it >> break_it


@task("Ask somebody")
def ask_somebody() -> StepList:
    return begin >> make_it >> ask_twice


@task("Sweep alone", run_predicate=only_one_at_a_time)
def sweep_alone() -> StepList:
    return begin >> make_it
