"""A workflow whose steps are letters, for tests in which a release changes it while its processes are under way."""

from collections.abc import Callable, Generator
from typing import Any

from django.contrib.auth.models import User
from pydantic_forms.core import FormPage

from processes import actions
from processes.engine import Call, State, StepList, begin, input_step, step
from processes.models import Process


class Question(FormPage):
    answer: str


@input_step("Ask")
def ask() -> Generator[Any, Any, State]:
    page = yield Question
    return {"answer": page.answer}


def letter(name: str) -> Call:
    return step(name)(lambda seen="": {"seen": seen + name})


A, B, C, X = map(letter, "ABCX")


Release = Callable[[StepList | None], None]


def suspended_after_a(release: Release, operator: User, run: Callable[[], None]) -> Process:
    """A process that began under A, Ask, B, C and waits for its answer."""
    release(begin >> A >> ask >> B >> C)
    process = actions.start("letters", [], by=operator)
    run()
    return process


def go_on(process: Process, operator: User, run: Callable[[], None]) -> Process:
    actions.answer(process.pk, [{"answer": "yes"}], by=operator)
    run()
    process.refresh_from_db()
    return process
