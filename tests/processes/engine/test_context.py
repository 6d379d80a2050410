"""What a step is told of its run."""

import logging

import pytest

from processes.engine import ProcessStatus, State, StepContext, UnknownSecret, begin, run_in_memory, step, workflow
from processes.engine.values.secrets import MASK, hide, keeping
from tests.processes.engine.conftest import PROCESS, context


def test_keys_of_several_effects_differ_and_stay() -> None:
    one = context("reserve/enable", attempt=1)

    assert one.key() == one.idempotency_key == f"{PROCESS}/reserve/enable/1"
    assert one.key("port", 7) == f"{PROCESS}/reserve/enable/1:port:7"
    assert one.key("port", 7) == context("reserve/enable", attempt=3).key("port", 7)


def test_parts_of_keys_are_kept_apart() -> None:
    one = context()

    keys = {one.key(*parts) for parts in [("a", "b"), ("a:b",), ("a/b",), ("a b",), ("ab",), ("a",), ("",), ()]}

    assert len(keys) == 8


@step("Sign in")
def sign_in(step: StepContext) -> State:
    password = step.secret("inventory")
    return {"length": len(password)}


@step("Tell it")
def tell(step: StepContext) -> None:
    raise ConnectionError(f"refused {step.secret('inventory')}")


@workflow(name="sign_in")
def signing_in():  # type: ignore[no-untyped-def]
    return begin >> sign_in >> tell


def test_secret_is_given_and_masked_in_errors() -> None:
    run = run_in_memory(signing_in, secrets={"inventory": "open sesame"})

    assert run.state["length"] == 11
    assert run.error is not None
    assert run.error.message == f"refused {MASK}"
    assert "open sesame" not in run.error.traceback


def test_secret_that_nobody_keeps_fails_the_step_by_name() -> None:
    run = run_in_memory(signing_in)

    assert run.status is ProcessStatus.FAILED
    assert run.error is not None
    assert (run.error.class_name, run.error.message) == ("UnknownSecret", "There is no secret named inventory.")


def test_secret_is_no_trouble_of_the_system_that_is_called() -> None:
    with pytest.raises(UnknownSecret) as unknown:
        context().secret("inventory")

    assert unknown.value.retryable is False


def test_secret_outside_of_a_step_is_only_given() -> None:
    given = StepContext(PROCESS, "letters", "step", 1, 1, "ada", secrets={"a": "sesame"}.get)

    assert (given.secret("a"), hide("sesame")) == ("sesame", "sesame")
    with keeping():
        assert (given.secret("a"), hide("sesame")) == ("sesame", MASK)
    assert "sesame" not in repr(given)


@step("Write a line")
def write_line(step: StepContext) -> State:
    step.log.info("attempt %s", step.attempt)
    return {"cancelled": step.cancelled, "deadline": step.deadline}


def test_log_and_cancelled_work(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="processes.step")

    run = run_in_memory(workflow(name="lines")(lambda: begin >> write_line))

    assert run.state == {"cancelled": False, "deadline": None}
    assert caplog.messages == ["attempt 1"]
