"""The tour: what was ordered before it, and every area of it."""

from tests.contracts.areas import (
    admin_pages,
    clients,
    description,
    engine_pages,
    form_pages,
    interventions,
    lists,
    operations,
    pages,
    process_pages,
    processes,
    products,
    sign_in,
    sign_in_pages,
    start,
    subscription_pages,
    subscriptions,
)
from tests.contracts.happenings import drive
from tests.contracts.stops import Actor, Area, Stop, Stops

BEFORE: Stops = (
    Stop("a node", Actor.OPERATOR, "POST", start.CREATE_NODE,
         [start.NODE_PRODUCT, start.node_page(node_name="ams-pe-1"), {}], keeps={"node order": "id"}),
    drive(),
    Stop("it is made", Actor.OPERATOR, "GET", "/api/processes/{node order}",
         keeps={"node": "current_state.subscription_id"}),
    Stop("a port", Actor.OPERATOR, "POST", start.CREATE_PORT, start.port_pages("{interface ams-pe-1 ethernet-1/1}"),
         keeps={"port order": "id"}),
    drive(),
    Stop("it is made, too", Actor.OPERATOR, "GET", "/api/processes/{port order}",
         keeps={"port": "current_state.subscription_id"}),
)  # fmt: skip
"""Makes one node and one port of it, which every area finds."""

AREAS: tuple[Area, ...] = (
    Area("start", start.STOPS),
    Area("processes", processes.STOPS),
    Area("interventions", interventions.STOPS),
    Area("lists", lists.STOPS),
    Area("subscriptions", subscriptions.STOPS),
    Area("products", products.STOPS),
    Area("operations", operations.STOPS),
    Area("clients", clients.STOPS),
    Area("sign-in", sign_in.STOPS),
    Area("description", description.STOPS),
    Area("pages", pages.STOPS),
    Area("subscription-pages", subscription_pages.STOPS),
    Area("process-pages", process_pages.STOPS),
    Area("form-pages", form_pages.STOPS),
    Area("engine-pages", engine_pages.STOPS),
    Area("sign-in-pages", sign_in_pages.STOPS),
    Area("admin-pages", admin_pages.STOPS),
)
