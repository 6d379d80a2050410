"""The engine over REST: pause it, see who works, stop calls of an external system; health and metrics."""

from tests.contracts.areas.start import CONFIRM, SHOWCASE, showcase_page
from tests.contracts.happenings import drive, sign_on_worker, spoil
from tests.contracts.stops import Actor, Stop, Stops, denied

STATUS = "/api/settings/status"
WORKERS = "/api/settings/worker-status"
SYSTEMS = "/api/settings/external-systems"
INVENTORY = f"{SYSTEMS}/inventory"
NOT_ADMIN = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.MODELLER, Actor.OPERATOR)
NOT_OPERATOR = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.MODELLER)


def put(name: str, path: str, body: object) -> Stop:
    """A setting by the admin."""
    return Stop(name, Actor.ADMIN, "PUT", path, body)


def get(name: str, path: str, **more: object) -> Stop:
    """A reading by the operator."""
    return Stop(name, Actor.OPERATOR, "GET", path, **more)  # type: ignore[arg-type]


RUNS = Stop("it runs", Actor.VIEWER, "GET", STATUS)
PAUSED = put("paused", STATUS, {"global_lock": True})
IDLE = get("nobody works", WORKERS)
ALL = get("external systems", SYSTEMS)
ONE = get("an external system", INVENTORY)
STOPPED = put("its calls are stopped", INVENTORY, {"stopped": True})

STOPS: Stops = (
    RUNS,
    *denied(RUNS),
    *denied(PAUSED, actors=NOT_ADMIN),
    PAUSED,
    put("paused again", STATUS, {"global_lock": True}),
    Stop("it is paused", Actor.VIEWER, "GET", STATUS),
    put("it goes on", STATUS, {"global_lock": False}),
    put("no setting", STATUS, {}),
    put("a wrong setting", STATUS, {"global_lock": "yes", "more": 1}),
    put("a list", STATUS, []),
    put("malformed JSON", STATUS, "{"),
    Stop("a post", Actor.ADMIN, "POST", STATUS, {"global_lock": True}),
    # Workers.
    Stop("health without a worker", Actor.NOBODY, "GET", "/api/health/"),
    IDLE,
    *denied(IDLE, actors=NOT_OPERATOR),
    Stop("a process that is ready", Actor.OPERATOR, "POST", SHOWCASE, [showcase_page(), CONFIRM]),
    sign_on_worker(),
    get("a worker is idle", WORKERS),
    Stop("setting the workers", Actor.ADMIN, "PUT", WORKERS, {}),
    # External systems.
    ALL,
    *denied(ALL, actors=NOT_OPERATOR),
    ONE,
    *denied(ONE, actors=NOT_OPERATOR),
    get("an unknown external system", f"{SYSTEMS}/coffee"),
    *denied(STOPPED, actors=NOT_ADMIN),
    STOPPED,
    put("its calls are stopped again", INVENTORY, {"stopped": True}),
    Stop("a task that calls it", Actor.OPERATOR, "POST", "/api/processes/bootstrap", [{}], keeps={"waiting": "id"}),
    drive(),
    get("the task waits", "/api/processes/{waiting}"),
    get("one waits for it", INVENTORY),
    put("its calls are allowed", INVENTORY, {"stopped": False}),
    put("no switch", INVENTORY, {}),
    put("a wrong switch", INVENTORY, {"stopped": 1, "more": 2}),
    put("an unknown external system stopped", f"{SYSTEMS}/coffee", {"stopped": True}),
    drive(),
    spoil("*", "*", times=20),
    Stop("a task that fails", Actor.OPERATOR, "POST", "/api/processes/validate_node", [{"subscription_id": "{node}"}]),
    drive(),
    get("an external system that has failed", INVENTORY),
    # Health and metrics.
    Stop("health", Actor.NOBODY, "GET", "/api/health/"),
    Stop("health by a post", Actor.NOBODY, "POST", "/api/health/"),
    Stop("metrics from this machine", Actor.NOBODY, "GET", "/metrics"),
    Stop("metrics through a proxy", Actor.NOBODY, "GET", "/metrics", headers={"X-Forwarded-For": "192.0.2.1"}),
    Stop("metrics with a wrong token", Actor.NOBODY, "GET", "/metrics",
         headers={"X-Forwarded-For": "192.0.2.1", "Authorization": "Bearer x"}),
    Stop("metrics by a post", Actor.NOBODY, "POST", "/metrics"),
)  # fmt: skip
