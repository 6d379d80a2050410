"""One subscription over REST: its tree, what can be started, versions compared, the in-sync flag; and customers."""

from tests.contracts.areas.start import NO_ID
from tests.contracts.happenings import describe_device, drive
from tests.contracts.stops import Actor, Stop, Stops, denied

TREE = "/api/subscriptions/domain-model/{node}"
STARTABLE = "/api/subscriptions/workflows/{node}"
COMPARE = "/api/subscriptions/{node}/compare"
VALIDATIONS = "/api/subscriptions/{node}/validations"
IN_SYNC = "/api/subscriptions/{node}/set_in_sync"
NOT_ADMIN = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.MODELLER, Actor.OPERATOR)


def get(name: str, path: str, **more: object) -> Stop:
    """A reading by the viewer."""
    return Stop(name, Actor.VIEWER, "GET", path, **more)  # type: ignore[arg-type]


READ = get("a node", TREE, keeps={"etag": "ETag"})
MAY_START = get("what can be started on a node", STARTABLE)
COMPARED = get("two versions", f"{COMPARE}?from=1&to=2")
VALIDATED = get("validations", VALIDATIONS)
SET = Stop("in sync while a process is unfinished", Actor.ADMIN, "PUT", IN_SYNC)
CUSTOMERS = get("customers", "/api/customers/")

STOPS: Stops = (
    READ,
    *denied(READ),
    get("a node for who has it", TREE, headers={"If-None-Match": "{etag}"}),
    get("a node for who has another", TREE, headers={"If-None-Match": '"other"'}),
    get("a port on a node", "/api/subscriptions/domain-model/{port}"),
    get("an unknown subscription", f"/api/subscriptions/domain-model/{NO_ID}"),
    get("a subscription that is no id", "/api/subscriptions/domain-model/7"),
    Stop("writing a subscription", Actor.ADMIN, "PUT", TREE, {"description": "x"}),
    MAY_START,
    *denied(MAY_START),
    Stop("what an operator can start on a node", Actor.OPERATOR, "GET", STARTABLE),
    Stop("what an operator can start on a port", Actor.OPERATOR, "GET", "/api/subscriptions/workflows/{port}"),
    get("what can be started on an unknown one", f"/api/subscriptions/workflows/{NO_ID}"),
    # Versions.
    COMPARED,
    *denied(COMPARED),
    get("the same version twice", f"{COMPARE}?from=2&to=2"),
    get("versions backwards", f"{COMPARE}?from=5&to=1"),
    get("all versions of a port", "/api/subscriptions/{port}/compare?from=1&to=3"),
    get("no versions", COMPARE),
    get("one version", f"{COMPARE}?from=1"),
    get("versions that are no numbers", f"{COMPARE}?from=a&to=-1"),
    get("versions that are not there", f"{COMPARE}?from=1&to=99"),
    get("versions of an unknown subscription", f"/api/subscriptions/{NO_ID}/compare?from=1&to=2"),
    # Validations.
    VALIDATED,
    *denied(VALIDATED),
    get("validations of an unknown subscription", f"/api/subscriptions/{NO_ID}/validations"),
    # In sync.
    *denied(SET, actors=NOT_ADMIN),
    Stop("in sync already", Actor.ADMIN, "PUT", IN_SYNC),
    describe_device("ams-pe-1", "not ours"),
    Stop("a validation", Actor.OPERATOR, "POST", "/api/processes/validate_node", [{"subscription_id": "{node}"}],
         keeps={"validation": "id"}),
    get("a node that is being validated", TREE),
    Stop("what can be started on a locked node", Actor.OPERATOR, "GET", STARTABLE),
    SET,
    drive(),
    get("the drift", "/api/processes/{validation}"),
    get("the drift as data", VALIDATIONS),
    get("a node out of sync", TREE),
    Stop("what can be started on a node out of sync", Actor.OPERATOR, "GET", STARTABLE),
    Stop("a start on a node out of sync", Actor.OPERATOR, "POST", "/api/processes/modify_note",
         [{"subscription_id": "{node}"}]),
    Stop("in sync again", Actor.ADMIN, "PUT", IN_SYNC),
    get("a node in sync again", TREE),
    Stop("an unknown one in sync", Actor.ADMIN, "PUT", f"/api/subscriptions/{NO_ID}/set_in_sync"),
    Stop("reading where one sets", Actor.ADMIN, "GET", IN_SYNC),
    # A note by a workflow.
    Stop("a note by a workflow: its page", Actor.OPERATOR, "POST", "/api/processes/modify_note",
         [{"subscription_id": "{node}"}]),
    Stop("a note by a workflow", Actor.OPERATOR, "POST", "/api/processes/modify_note",
         [{"subscription_id": "{node}"}, {"note": "moves in May"}]),
    drive(),
    get("a node with a note", TREE),
    get("its versions", "/api/subscriptions/{node}/versions/?limit=2"),
    # Customers.
    CUSTOMERS,
    *denied(CUSTOMERS),
    get("customers with parameters", "/api/customers/?limit=1&nonsense=1"),
    Stop("a new customer", Actor.ADMIN, "POST", "/api/customers/", {"fullname": "x"}),
)  # fmt: skip
