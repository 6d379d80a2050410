"""One process over REST: read it, note on it, answer it, try it again, end it; and how many there are."""

from tests.contracts.areas.start import CONFIRM, NO_ID, SHOWCASE, showcase_page
from tests.contracts.happenings import drive, release
from tests.contracts.stops import Actor, Stop, Stops, denied

ONE = "/api/processes/{node order}"
UNKNOWN = f"/api/processes/{NO_ID}"
STOPPED = [showcase_page(show_suspended_step=True, fail_on_purpose=True), CONFIRM]
ANSWER = {"remark": "go on", "details": "two\nlines", "seen": True}
RESUMED = "/api/processes/{showcase}/resume"
KEY, LONG_KEY = {"Idempotency-Key": "a"}, {"Idempotency-Key": "k" * 256}
READ = Stop("a node order", Actor.VIEWER, "GET", ONE)
NOTE = Stop("a note", Actor.OPERATOR, "PATCH", ONE, {"note": "call Ada first"})
RESUME = Stop("answered", Actor.OPERATOR, "PUT", RESUMED, [ANSWER], KEY)
ABORT = Stop("aborted", Actor.OPERATOR, "PUT", "/api/processes/{another}/abort", None, {"Idempotency-Key": "b"})
COUNTS = Stop("counts", Actor.VIEWER, "GET", "/api/processes/status-counts")
NOBODY_MAY = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.MODELLER)


def put(name: str, path: str, body: object = None, **more: object) -> Stop:
    """A verb of the operator."""
    return Stop(name, Actor.OPERATOR, "PUT", path, body, **more)  # type: ignore[arg-type]


STOPS: Stops = (
    READ,
    *denied(READ),
    Stop("the same as operator", Actor.OPERATOR, "GET", ONE),
    Stop("the same as admin", Actor.ADMIN, "GET", ONE),
    Stop("a port order", Actor.VIEWER, "GET", "/api/processes/{port order}"),
    Stop("the task that filled the inventory", Actor.VIEWER, "GET", "/api/processes/{bootstrap}"),
    Stop("its head", Actor.VIEWER, "HEAD", ONE),
    Stop("what may be done with it", Actor.VIEWER, "OPTIONS", ONE),
    Stop("an unknown process", Actor.VIEWER, "GET", UNKNOWN),
    Stop("a process with a slash", Actor.VIEWER, "GET", f"{ONE}/"),
    Stop("a process that is no id", Actor.VIEWER, "GET", "/api/processes/7"),
    Stop("deleting", Actor.ADMIN, "DELETE", ONE),
    Stop("no such address", Actor.VIEWER, "GET", f"{ONE}/nonsense"),
    Stop("no such address, as nobody", Actor.NOBODY, "GET", "/api/nonsense/"),
    # Notes.
    NOTE,
    *denied(NOTE, actors=NOBODY_MAY),
    Stop("a note taken away", Actor.OPERATOR, "PATCH", ONE, {"note": None}),
    Stop("a note on an unknown process", Actor.OPERATOR, "PATCH", UNKNOWN, {"note": "x"}),
    Stop("a note that is a number", Actor.OPERATOR, "PATCH", ONE, {"note": 7}),
    Stop("a note that is too long", Actor.OPERATOR, "PATCH", ONE, {"note": "n" * 5001}),
    Stop("more than a note", Actor.OPERATOR, "PATCH", ONE, {"note": "x", "status": "failed"}),
    Stop("a list of notes", Actor.OPERATOR, "PATCH", ONE, ["x"]),
    Stop("a malformed note", Actor.OPERATOR, "PATCH", ONE, '{"note": '),
    # A process that asks, fails, and ends.
    Stop("a showcase", Actor.OPERATOR, "POST", SHOWCASE, STOPPED, keeps={"showcase": "id"}),
    Stop("it has not begun", Actor.VIEWER, "GET", "/api/processes/{showcase}"),
    put("resuming what has not begun", RESUMED, []),
    drive(),
    Stop("it asks", Actor.VIEWER, "GET", "/api/processes/{showcase}"),
    put("no answer", RESUMED, []),
    put("a wrong answer", RESUMED, [{"remark": "", "seen": 3, "more": 1}]),
    put("an answer that is no list", RESUMED, {"remark": "go on"}),
    put("a malformed answer", RESUMED, "[{]"),
    *denied(RESUME, actors=NOBODY_MAY),
    RESUME,
    put("answered again with the same key", RESUMED, [ANSWER], headers=KEY),
    put("answered otherwise with the same key", RESUMED, [{**ANSWER, "remark": "no"}],
        headers=KEY),
    put("answered again without a key", RESUMED, [ANSWER]),
    put("answered with a key that is too long", RESUMED, [], headers=LONG_KEY),
    drive(),
    Stop("it failed", Actor.OPERATOR, "GET", "/api/processes/{showcase}"),
    *denied(put("retried", RESUMED, []), actors=NOBODY_MAY),
    put("retried", RESUMED, [], headers={"Idempotency-Key": "c"}),
    put("retried again with the same key", RESUMED, [], headers={"Idempotency-Key": "c"}),
    put("retried again without a key", RESUMED, []),
    drive(),
    Stop("it is completed", Actor.OPERATOR, "GET", "/api/processes/{showcase}"),
    put("resuming what has ended", RESUMED, []),
    put("aborting what has ended", "/api/processes/{showcase}/abort"),
    put("resuming an unknown process", f"{UNKNOWN}/resume", []),
    # A process that waits.
    release("before"),
    Stop("paper", Actor.OPERATOR, "POST", "/api/processes/buy_paper", [{}], keeps={"waiting": "id"}),
    drive(),
    Stop("it waits to try again", Actor.OPERATOR, "GET", "/api/processes/{waiting}"),
    put("tried at once", "/api/processes/{waiting}/resume", []),
    drive(),
    Stop("it is done", Actor.OPERATOR, "GET", "/api/processes/{waiting}"),
    # Ended by hand.
    Stop("another showcase", Actor.OPERATOR, "POST", SHOWCASE, STOPPED, keeps={"another": "id"}),
    drive(),
    *denied(ABORT, actors=NOBODY_MAY),
    ABORT,
    put("aborted again with the same key", "/api/processes/{another}/abort", headers={"Idempotency-Key": "b"}),
    put("aborted again without a key", "/api/processes/{another}/abort"),
    Stop("it is aborted", Actor.OPERATOR, "GET", "/api/processes/{another}"),
    put("aborting an unknown process", f"{UNKNOWN}/abort"),
    Stop("reading where one aborts", Actor.OPERATOR, "GET", "/api/processes/{another}/abort"),
    # Counted.
    COUNTS,
    *denied(COUNTS),
    Stop("counting by a post", Actor.OPERATOR, "POST", "/api/processes/status-counts", []),
    # Paused.
    Stop("a third showcase", Actor.OPERATOR, "POST", SHOWCASE, STOPPED, keeps={"third": "id"}),
    drive(),
    Stop("the engine is paused", Actor.ADMIN, "PUT", "/api/settings/status", {"global_lock": True}),
    put("answered while paused", "/api/processes/{third}/resume", [ANSWER]),
    put("aborted while paused", "/api/processes/{third}/abort"),
)  # fmt: skip
