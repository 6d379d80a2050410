"""The OpenAPI description of the REST interface, and its page."""

from tests.contracts.stops import Actor, Stop, Stops, denied

SCHEMA = Stop("the description", Actor.VIEWER, "GET", "/api/schema/?format=json")
DOCS = Stop("its page", Actor.VIEWER, "GET", "/api/docs/")

STOPS: Stops = (
    SCHEMA,
    *denied(SCHEMA),
    DOCS,
    *denied(DOCS),
    Stop("its script", Actor.VIEWER, "GET", "/api/docs/?script"),
    Stop("writing it", Actor.ADMIN, "POST", "/api/schema/", {}),
)  # fmt: skip
