"""One product over REST: read it, change its description and status."""

from tests.contracts.areas.start import NO_ID
from tests.contracts.stops import Actor, Stop, Stops, denied

ONE = "/api/products/{product node Nokia}"
UNUSED = "/api/products/{product node FRR}"
NOT_MODELLER = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.OPERATOR)
READ = Stop("a product", Actor.VIEWER, "GET", ONE)
CHANGE = Stop("a description", Actor.MODELLER, "PATCH", ONE, {"description": "A Nokia router"})


def patch(name: str, body: object, path: str = ONE) -> Stop:
    """A change by the modeller."""
    return Stop(name, Actor.MODELLER, "PATCH", path, body)


STOPS: Stops = (
    READ,
    *denied(READ),
    Stop("a product with a slash", Actor.VIEWER, "GET", f"{ONE}/"),
    *denied(Stop("a product with a slash", Actor.VIEWER, "GET", f"{ONE}/")),
    Stop("a port product", Actor.VIEWER, "GET", "/api/products/{product port 100G}"),
    Stop("an unknown product", Actor.VIEWER, "GET", f"/api/products/{NO_ID}"),
    Stop("a product that is no id", Actor.VIEWER, "GET", "/api/products/7"),
    Stop("deleting", Actor.ADMIN, "DELETE", ONE),
    CHANGE,
    *denied(CHANGE, actors=NOT_MODELLER),
    patch("a description with a slash", {"description": "A router by Nokia"}, f"{ONE}/"),
    *denied(patch("a description with a slash", {"description": "x"}, f"{ONE}/"), actors=NOT_MODELLER),
    patch("a status", {"status": "phase out"}),
    patch("both", {"status": "active", "description": "Nokia"}),
    patch("the end of life while in use", {"status": "end of life"}),
    patch("the end of life", {"status": "end of life"}, UNUSED),
    patch("an order of what is at its end", {"status": "active"}, UNUSED),
    patch("nothing", {}),
    patch("an unknown status", {"status": "sleeping"}),
    patch("wrong types", {"status": 7, "description": ["x"]}),
    patch("nulls", {"status": None, "description": None}),
    patch("an empty description", {"description": ""}),
    patch("a long description", {"description": "d" * 3000}),
    patch("what cannot be changed", {"name": "other", "tag": "X"}),
    patch("a list", []),
    patch("malformed JSON", '{"status"'),
    patch("an unknown product changed", {"status": "active"}, f"/api/products/{NO_ID}"),
    Stop("what it has become", Actor.VIEWER, "GET", ONE),
)  # fmt: skip
