"""The tour: what was ordered before it, and every area in order."""

from tests.contracts.areas import start
from tests.contracts.stops import Actor, Area, Meanwhile, Stop, Stops, drive

BEFORE: Stops = (
    Stop("a node", Actor.OPERATOR, "POST", start.CREATE_NODE,
         [start.NODE_PRODUCT, start.node_page(node_name="ams-pe-1"), {}], keeps={"node order": "id"}),
    drive(),
    Stop("it is made", Actor.OPERATOR, "GET", "/api/processes/{node order}",
         keeps={"node": "current_state.subscription_id"}),
    Meanwhile("its first interfaces are looked up", lambda journey: journey.know_interfaces("ams-pe-1")),
    Stop("a port", Actor.OPERATOR, "POST", start.CREATE_PORT, start.port_pages("{used interface}"),
         keeps={"port order": "id"}),
    drive(),
    Stop("it is made, too", Actor.OPERATOR, "GET", "/api/processes/{port order}",
         keeps={"port": "current_state.subscription_id"}),
)  # fmt: skip
"""Makes one node and one port of it, which every area finds."""

AREAS: tuple[Area, ...] = (Area("start", start.STOPS),)
