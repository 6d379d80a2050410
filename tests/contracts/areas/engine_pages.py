"""Pages of the engine: does it run, who works, what waits; its switches and the check of its rows."""

from tests.contracts.areas.pages import HTMX, KEY, page, post, seen_by
from tests.contracts.areas.start import CONFIRM, SHOWCASE, showcase_page
from tests.contracts.happenings import drive, sign_on_worker
from tests.contracts.stops import Actor, Stop, Stops, denied

ENGINE = "/engine/"
NOT_ADMIN = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.OPERATOR)
NOT_OPERATOR = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER)
PAUSE = post("paused", "/engine/pause/", {}, Actor.ADMIN)
UNPAUSE = post("it goes on", "/engine/unpause/", {}, Actor.ADMIN)
STOP = post("calls are stopped", "/engine/systems/inventory/stop/", {}, Actor.ADMIN)
ALLOW = post("calls are allowed", "/engine/systems/inventory/allow/", {}, Actor.ADMIN)
RETENTION = page("what is kept for how long", "/engine/retention/", Actor.ADMIN)
CHECK = post("the rows are checked", "/engine/check/", {})
RETRY_ALL = post("failed tasks retried", "/tasks/retry-failed/", {KEY: "t"})

STOPS: Stops = (
    *seen_by(page("the engine", ENGINE), Actor.VIEWER, Actor.MODELLER, Actor.ADMIN),
    *seen_by(page("its live part", f"{ENGINE}live/", headers=HTMX, keeps={"seen": "ETag"}), Actor.VIEWER),
    page("its live part when nothing has changed", f"{ENGINE}live/", headers={**HTMX, "If-None-Match": "{seen}"}),
    *denied(RETENTION, actors=NOT_ADMIN),
    RETENTION,
    sign_on_worker(),
    Stop("a process that is ready", Actor.OPERATOR, "POST", SHOWCASE, [showcase_page(fail_on_purpose=True), CONFIRM]),
    page("the engine with a worker", ENGINE),
    page("its live part with a worker", f"{ENGINE}live/", headers={**HTMX, "If-None-Match": "{seen}"}),
    *denied(PAUSE, actors=NOT_ADMIN),
    PAUSE,
    page("the engine is paused", ENGINE, Actor.ADMIN),
    page("the engine is paused, for the operator", ENGINE),
    page("reading where one pauses", "/engine/pause/", Actor.ADMIN),
    *denied(UNPAUSE, actors=NOT_ADMIN),
    UNPAUSE,
    page("the engine runs", ENGINE, Actor.ADMIN),
    *denied(STOP, actors=NOT_ADMIN),
    STOP,
    page("calls are stopped, as shown", ENGINE, Actor.ADMIN),
    Stop("a task that calls", Actor.OPERATOR, "POST", "/api/processes/bootstrap", [{}], keeps={"waiting": "id"}),
    drive(),
    page("one waits", ENGINE, Actor.ADMIN),
    page("the one that waits", "/processes/{waiting}/"),
    post("calls of an unknown system stopped", "/engine/systems/coffee/stop/", {}, Actor.ADMIN),
    *denied(ALLOW, actors=NOT_ADMIN),
    ALLOW,
    page("calls are allowed, as shown", ENGINE, Actor.ADMIN),
    post("calls of an unknown system allowed", "/engine/systems/coffee/allow/", {}, Actor.ADMIN),
    drive(),
    *denied(CHECK, actors=NOT_OPERATOR),
    CHECK,
    post("the rows are checked for htmx", "/engine/check/", {}, headers=HTMX),
    page("reading where one checks", "/engine/check/"),
    *denied(RETRY_ALL, actors=NOT_OPERATOR),
    RETRY_ALL,
    page("what was retried", "/processes/?is_task=true"),
    post("failed tasks retried twice", "/tasks/retry-failed/", {KEY: "t"}),
    post("failed tasks retried again", "/tasks/retry-failed/", {KEY: "u"}),
    page("nothing was retried", "/processes/?is_task=true"),
    page("reading where one retries", "/tasks/retry-failed/"),
    Stop("paused over REST", Actor.ADMIN, "PUT", "/api/settings/status", {"global_lock": True}),
    post("failed tasks retried while paused", "/tasks/retry-failed/", {KEY: "v"}),
    page("why nothing was retried", "/processes/?is_task=true"),
)  # fmt: skip
