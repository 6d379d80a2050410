"""Run one try of a step: find its arguments, call it, make an outcome of what comes back."""

from collections.abc import Mapping

from processes.engine.binding import StepSession
from processes.engine.context import StepContext
from processes.engine.injection import arguments
from processes.engine.kinds import Call, Input
from processes.engine.kinds.node import State, narrow, widen
from processes.engine.outcome import Aborted, Failed, NeedsInput, Outcome, RetryLater, Sign, Skipped, Success
from processes.engine.tree import Place
from processes.engine.values.errors import InjectionError, ResultError, StepError
from processes.engine.values.failures import Abort
from processes.engine.values.foreign_errors import blames_system, failed_status
from processes.engine.values.retry import NO_RETRY
from processes.engine.values.secrets import Vault, has_sealed, keeping, opened, sealed_patch
from processes.engine.values.state import ReadThrough, StateBytes, encode


def execute(
    place: Place,
    state: StateBytes,
    *,
    context: StepContext,
    session: StepSession,
    is_task: bool,
    tries_before: int,
    vault: Vault | None = None,
) -> Outcome:
    """One try. `tries_before` counts the tries of the present retry budget that failed before this one.

    Secrets that the vault has sealed are given to the step in clear, and sealed again in what it returns. Never raises
    for what user code does: an exception becomes Aborted, RetryLater or Failed.
    """
    with keeping() as known:
        try:
            if is_skipped(place, state):
                return Skipped()
            if isinstance(place.leaf, Input):
                return NeedsInput(place.leaf.assignee)
            seen = _opened(narrow(state, place.focus), vault, known)
            patch = result(_returned(place, seen, context, session), session)
            return Success(widen(state, place.focus, sealed_patch(patch, vault, known) if vault and known else patch))
        except Abort as error:
            return Aborted(StepError.of(error))
        except Exception as error:
            return failure(error, place, is_task=is_task, tries_before=tries_before)


def _opened(state: StateBytes, vault: Vault | None, known: set[str]) -> StateBytes:
    """The state as a step reads it; what it reads of secrets is noted."""
    return state if vault is None else ReadThrough(state, has_sealed, lambda value: opened(value, vault, known))


def _returned(place: Place, seen: StateBytes, context: StepContext, session: StepSession) -> object:
    """What the step returns, or has returned for all we know."""
    earlier = _effect_of_earlier_try(place, seen, context, session)
    if earlier is not None:
        return earlier
    return place.leaf.function(**arguments(place.leaf.function, seen, context=context, session=session))


def is_skipped(place: Place, state: StateBytes) -> bool:
    """Whether a condition of the step does not hold."""
    return not all(condition.holds(state) for condition in place.conditions)


def calls_system(place: Place, state: StateBytes) -> bool:
    """Whether a try of the step would call an external system. Raises what a condition of the step raises."""
    return isinstance(place.leaf, Call) and bool(place.leaf.system) and not is_skipped(place, state)


def _effect_of_earlier_try(place: Place, seen: StateBytes, context: StepContext, session: StepSession) -> State | None:
    """What an earlier try would have returned, if the step can tell that its effect is there."""
    if not isinstance(place.leaf, Call) or place.leaf.verify is None or context.attempt == 1:
        return None
    return place.leaf.verify(**arguments(place.leaf.verify, seen, context=context, session=session))


def failure(error: Exception, place: Place, *, is_task: bool, tries_before: int) -> RetryLater | Failed:
    """Try again by the step's policy, or fail. What the engine itself refuses is never tried again."""
    record, sign = StepError.of(error), _sign(error)
    if not isinstance(error, InjectionError | ResultError):
        retry = place.leaf.retry if isinstance(place.leaf, Call) else NO_RETRY
        seconds = retry.seconds_before_next(tries_before + 1, error)
        if seconds is not None:
            return RetryLater(record, seconds, sign)
    return Failed(record, failed_status(error, is_task=is_task), sign)


def _sign(error: Exception) -> Sign:
    """What is raised before the call tells nothing of the external system, what is raised after it that it answered."""
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
