"""Interventions over REST: skip a step, edit the state, go on elsewhere, retry all failed tasks."""

from tests.contracts.areas.processes import NOBODY_MAY, STOPPED
from tests.contracts.areas.start import NO_ID, SHOWCASE
from tests.contracts.happenings import drive, release
from tests.contracts.stops import Actor, Stop, Stops, denied

NOT_ADMIN = (*NOBODY_MAY, Actor.OPERATOR)
ONE = "/api/processes/{showcase}"
UNKNOWN = f"/api/processes/{NO_ID}"
RELABEL = "/api/processes/{relabelling}"


def put(name: str, path: str, body: object = None, *, key: str = "") -> Stop:
    """An intervention of the admin."""
    return Stop(name, Actor.ADMIN, "PUT", path, body, {"Idempotency-Key": key} if key else {})


SKIP = put("skipped", f"{ONE}/skip", {"reason": "asked by phone", "result": {"remark": "by phone"}}, key="s")
EDIT = put("edited", f"{ONE}/state", {"reason": "a typing error", "changes": {"fail_on_purpose": False}}, key="e")
CONTINUE = put("continued", f"{RELABEL}/continue", {"reason": "checked by hand", "path": "print-labels"}, key="c")
ALL = "/api/processes/resume-all"
RESUME_ALL = Stop("all failed tasks retried", Actor.OPERATOR, "PUT", ALL, None, {"Idempotency-Key": "r"})

STOPS: Stops = (
    Stop("a showcase", Actor.OPERATOR, "POST", SHOWCASE, STOPPED, keeps={"showcase": "id"}),
    put("skipping what has not begun", f"{ONE}/skip", {"reason": "x"}),
    put("editing what has not begun", f"{ONE}/state", {"reason": "x", "changes": {"a": 1}}),
    put("continuing what has not begun", f"{ONE}/continue", {"reason": "x", "path": ""}),
    drive(),
    # Skip.
    *denied(SKIP, actors=NOT_ADMIN),
    put("skipped without a body", f"{ONE}/skip"),
    put("skipped without a reason", f"{ONE}/skip", {}),
    put("skipped with an empty reason", f"{ONE}/skip", {"reason": "  "}),
    put("skipped with a long reason", f"{ONE}/skip", {"reason": "r" * 2001}),
    put("skipped with wrong members", f"{ONE}/skip", {"reason": 7, "result": [], "more": 1}),
    put("skipped with malformed JSON", f"{ONE}/skip", "{"),
    put("skipped with a list", f"{ONE}/skip", ["x"]),
    put("an unknown process skipped", f"{UNKNOWN}/skip", {"reason": "x"}),
    SKIP,
    put("skipped again with the same key", f"{ONE}/skip",
        {"reason": "asked by phone", "result": {"remark": "by phone"}}, key="s"),
    put("skipped otherwise with the same key", f"{ONE}/skip", {"reason": "other"}, key="s"),
    drive(),
    # Edit the state.
    *denied(EDIT, actors=NOT_ADMIN),
    put("edited without changes", f"{ONE}/state", {"reason": "x"}),
    put("edited with nothing to change", f"{ONE}/state", {"reason": "x", "changes": {}}),
    put("edited with an empty reason", f"{ONE}/state", {"reason": "", "changes": {"a": 1}}),
    put("edited with wrong members", f"{ONE}/state", {"reason": None, "changes": [], "more": 1}),
    put("edited a key that is the engine's", f"{ONE}/state", {"reason": "x", "changes": {"process_id": "other"}}),
    put("an unknown process edited", f"{UNKNOWN}/state", {"reason": "x", "changes": {"a": 1}}),
    EDIT,
    put("edited again with the same key", f"{ONE}/state",
        {"reason": "a typing error", "changes": {"fail_on_purpose": False}}, key="e"),
    put("edited otherwise with the same key", f"{ONE}/state", {"reason": "x", "changes": {"a": 1}}, key="e"),
    Stop("what was skipped and edited", Actor.VIEWER, "GET", ONE),
    put("continuing what has not changed", f"{ONE}/continue", {"reason": "x", "path": "done"}),
    # Retry all failed tasks.
    *denied(RESUME_ALL, actors=NOBODY_MAY),
    RESUME_ALL,
    Stop("all retried again with the same key", Actor.OPERATOR, "PUT", ALL, None, {"Idempotency-Key": "r"}),
    Stop("all retried again without a key", Actor.OPERATOR, "PUT", ALL),
    Stop("all retried with a key that is too long", Actor.OPERATOR, "PUT", ALL, None, {"Idempotency-Key": "k" * 256}),
    Stop("reading where one retries all", Actor.OPERATOR, "GET", ALL),
    drive(),
    Stop("what was retried", Actor.VIEWER, "GET", ONE),
    put("skipping what has ended", f"{ONE}/skip", {"reason": "x"}),
    put("editing what has ended", f"{ONE}/state", {"reason": "x", "changes": {"a": 1}}),
    # Go on elsewhere.
    release("before"),
    Stop("relabel", Actor.OPERATOR, "POST", "/api/processes/relabel", [{}], keeps={"relabelling": "id"}),
    drive(),
    release("after"),
    Stop("what has stopped under another definition", Actor.ADMIN, "GET", RELABEL),
    put("retried under another definition", f"{RELABEL}/resume", []),
    drive(),
    Stop("what was retried under another definition", Actor.ADMIN, "GET", RELABEL),
    *denied(CONTINUE, actors=NOT_ADMIN),
    put("continued without a path", f"{RELABEL}/continue", {"reason": "x"}),
    put("continued at an unknown step", f"{RELABEL}/continue", {"reason": "x", "path": "make-tea"}),
    put("continued with an empty reason", f"{RELABEL}/continue", {"reason": "", "path": "print-labels"}),
    put("continued with wrong members", f"{RELABEL}/continue", {"reason": 1, "path": 2, "more": 3}),
    put("an unknown process continued", f"{UNKNOWN}/continue", {"reason": "x", "path": ""}),
    CONTINUE,
    put("continued again with the same key", f"{RELABEL}/continue",
        {"reason": "checked by hand", "path": "print-labels"}, key="c"),
    drive(),
    Stop("what was continued", Actor.VIEWER, "GET", RELABEL),
    release(""),
    put("a workflow that is gone, skipped", f"{RELABEL}/skip", {"reason": "x"}),
    put("a workflow that is gone, continued", f"{RELABEL}/continue", {"reason": "x", "path": ""}),
    put("a workflow that is gone, retried", f"{RELABEL}/resume", []),
    drive(),
    Stop("a workflow that is gone, read", Actor.VIEWER, "GET", RELABEL),
    # A result that is the engine's.
    Stop("another showcase", Actor.OPERATOR, "POST", SHOWCASE, STOPPED, keeps={"another": "id"}),
    drive(),
    put("skipped with a key that is the engine's", "/api/processes/{another}/skip",
        {"reason": "x", "result": {"process_id": "other"}}),
    drive(),
    Stop("what was skipped so", Actor.VIEWER, "GET", "/api/processes/{another}"),
)  # fmt: skip
