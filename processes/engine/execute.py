"""Run one try of a step: find its arguments, call it, make an outcome of what comes back."""

from collections.abc import Mapping

from processes.engine.binding import StepSession
from processes.engine.errors import InjectionError, ResultError, StepError, blames_system, failed_status
from processes.engine.injection import StepContext, arguments, narrow, widen
from processes.engine.outcome import Failed, Outcome, Sign, Skipped, Success, Suspend, Waiting
from processes.engine.state import StateBytes, encode
from processes.engine.status import StepKind
from processes.engine.steps import State, Step


def execute(
    step: Step, state: StateBytes, *, context: StepContext, session: StepSession, is_task: bool, tries_before: int
) -> Outcome:
    """One try. `tries_before` counts the tries of the present retry budget that failed before this one.

    Never raises for what user code does: an exception becomes Waiting or Failed.
    """
    try:
        if is_skipped(step, state):
            return Skipped()
        if step.kind is StepKind.INPUT:
            return Suspend(step.assignee)
        seen = narrow(state, step.focus)
        known = _effect_of_earlier_try(step, seen, context, session)
        if known is None:
            known = step.function(**arguments(step.function, seen, context=context, session=session))
        return Success(widen(state, step.focus, result(known, session)))
    except Exception as error:
        return failure(error, step, is_task=is_task, tries_before=tries_before)


def is_skipped(step: Step, state: StateBytes) -> bool:
    """Whether a condition of the step does not hold."""
    return any(not holds(state.as_dict()) for holds in step.conditions)


def calls_system(step: Step, state: StateBytes) -> bool:
    """Whether a try of the step would call an outside system; one whose condition raises comes to no call."""
    if not step.system or step.kind is StepKind.INPUT:
        return False
    try:
        return not is_skipped(step, state)
    except Exception:
        return False


def _effect_of_earlier_try(step: Step, seen: StateBytes, context: StepContext, session: StepSession) -> State | None:
    """What an earlier try would have returned, if the step can tell that its effect is there."""
    if step.verify is None or context.attempt == 1:
        return None
    return step.verify(**arguments(step.verify, seen, context=context, session=session))


def failure(error: Exception, step: Step, *, is_task: bool, tries_before: int) -> Waiting | Failed:
    """Try again by the step's policy, or fail. What the engine itself refuses is never tried again."""
    record, sign = StepError.of(error), _sign(error)
    if not isinstance(error, InjectionError | ResultError):
        seconds = step.retry.seconds_before_next(tries_before + 1, error)
        if seconds is not None:
            return Waiting(record, seconds, sign)
    return Failed(record, failed_status(error, is_task=is_task), sign)


def _sign(error: Exception) -> Sign:
    """What is raised before the call tells nothing of the outside system, what is raised after it that it answered."""
    match error:
        case InjectionError():
            return Sign.NONE
        case ResultError():
            return Sign.ALIVE
        case _:
            return Sign.TROUBLE if blames_system(error) else Sign.ALIVE


def result(returned: object, session: StepSession) -> dict[str, bytes]:
    """The patch of what a step returned. Raises ResultError."""
    if returned is None:
        returned = {}
    if not isinstance(returned, Mapping):
        raise ResultError(f"A step must return a dictionary or None, not {type(returned).__name__}.")
    return encode(session.collect(returned))
