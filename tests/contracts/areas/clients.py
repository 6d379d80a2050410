"""What clients of the Workflow Orchestrator ask besides: parts of products, workflows, settings, texts, task runs."""

from products.queries import schema_of
from tests.contracts.areas.start import NO_ID
from tests.contracts.happenings import drive
from tests.contracts.stops import Actor, Meanwhile, Stop, Stops, denied

NOT_ADMIN = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.MODELLER, Actor.OPERATOR)
NOT_MODELLER = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.OPERATOR)


def get(name: str, path: str, **more: object) -> Stop:
    """A reading by the viewer."""
    return Stop(name, Actor.VIEWER, "GET", path, **more)  # type: ignore[arg-type]


BLOCKS = get("product blocks", "/api/product_blocks/?limit=2", keeps={"block": "0.product_block_id"})
BLOCK = get("a product block", "/api/product_blocks/{block}")
DESCRIBE_BLOCK = Stop(
    "a block described", Actor.MODELLER, "PATCH", "/api/product_blocks/{block}", {"description": "A part."}
)
TYPES = get("resource types", "/api/resource_types/?range=0,2", keeps={"type": "0.resource_type_id"})
TYPE = get("a resource type", "/api/resource_types/{type}")
DESCRIBE_TYPE = Stop(
    "a type described", Actor.MODELLER, "PATCH", "/api/resource_types/{type}", {"description": "A value."}
)
WORKFLOWS = get("workflows", "/api/workflows/?limit=2", keeps={"workflow": "0.workflow_id"})
WORKFLOW = get("a workflow", "/api/workflows/{workflow}")
OVERVIEW = Stop("settings in force", Actor.ADMIN, "GET", "/api/settings/overview")
NAMES = get("caches", "/api/settings/cache-names")
CLEAR = Stop("an unknown cache forgotten", Actor.ADMIN, "DELETE", "/api/settings/cache/coffee")
TEXTS = get("texts", "/api/translations/en-GB")
DELETE = Stop("a task run deleted", Actor.ADMIN, "DELETE", "/api/processes/{task}")

STOPS: Stops = (
    BLOCKS,
    *denied(BLOCKS),
    BLOCK,
    *denied(BLOCK),
    get("an unknown block", f"/api/product_blocks/{NO_ID}"),
    *denied(DESCRIBE_BLOCK, actors=NOT_MODELLER),
    DESCRIBE_BLOCK,
    Stop("a block without a description", Actor.MODELLER, "PATCH", "/api/product_blocks/{block}", {}),
    TYPES,
    *denied(TYPES),
    TYPE,
    *denied(TYPE),
    *denied(DESCRIBE_TYPE, actors=NOT_MODELLER),
    DESCRIBE_TYPE,
    Stop("an unknown type described", Actor.MODELLER, "PATCH", f"/api/resource_types/{NO_ID}", {"description": "x"}),
    WORKFLOWS,
    *denied(WORKFLOWS),
    WORKFLOW,
    *denied(WORKFLOW),
    get("an unknown workflow by id", f"/api/workflows/{NO_ID}"),
    Stop("a workflow described", Actor.MODELLER, "PATCH", "/api/workflows/{workflow}", {"description": "x"}),
    *denied(OVERVIEW, actors=NOT_ADMIN),
    OVERVIEW,
    NAMES,
    *denied(NAMES),
    *denied(CLEAR, actors=NOT_ADMIN),
    CLEAR,
    Meanwhile(lambda _: schema_of.cache_clear()),
    Stop("everything forgotten", Actor.ADMIN, "DELETE", "/api/settings/cache/all"),
    TEXTS,
    *denied(TEXTS),
    get("texts of no language", "/api/translations/english"),
    # A task run.
    Stop("a task", Actor.OPERATOR, "POST", "/api/processes/bootstrap", [{}], keeps={"task": "id"}),
    drive(),
    *denied(DELETE, actors=NOT_ADMIN),
    Stop("deleted as it was not seen", Actor.ADMIN, "DELETE", "/api/processes/{task}", headers={"If-Match": '"7~8"'}),
    DELETE,
    Stop("deleted again", Actor.ADMIN, "DELETE", "/api/processes/{task}"),
    Stop("a process deleted", Actor.ADMIN, "DELETE", "/api/processes/{node order}"),
)  # fmt: skip
