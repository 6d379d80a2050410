"""Start workflows over REST: page by page, twice, wrongly, and by people who may not."""

from typing import Any

from tests.contracts.happenings import drive
from tests.contracts.stops import Actor, Stop, Stops, denied

CREATE_NODE = "/api/processes/create_node"
CREATE_PORT = "/api/processes/create_port"
SHOWCASE = "/api/processes/showcase"
NODE_PRODUCT = {"product": "{product node Nokia}"}
CONFIRM = {"go_on": True}
FREE_INTERFACE = "{interface ams-pe-1 ethernet-1/2}"
NO_ID = "00000000-0000-4000-8000-000000000000"


def node_page(**changes: Any) -> dict[str, Any]:
    """Answers to the first page of a Nokia node."""
    return {
        "customer_id": "{customer SURF}",
        "type_id": "{dcim/device-types/nokia-7220-ixr-d2}",
        "role_id": "{dcim/device-roles/provider-edge}",
        "site_id": "{dcim/sites/amsterdam}",
        "node_name": "ams-pe-2",
        **changes,
    }


def port_pages(interface: str, **changes: Any) -> list[dict[str, Any]]:
    """Answers to the pages of a 10G port on the node there is."""
    where = {"customer_id": "{customer ESnet}", "node_subscription_id": "{node}"}
    return [{"product": "{product port 10G}"}, where, {"port_ims_id": interface, **changes}, {}]


def showcase_page(**changes: Any) -> dict[str, Any]:
    """Answers to the first page of the showcase."""
    return {"text": "hello", "rules": "ACCEPTED", **changes}


def start(name: str, path: str, body: Any, **more: Any) -> Stop:
    """A start by the operator."""
    return Stop(name, Actor.OPERATOR, "POST", path, body, **more)


RIGHT = start("a node", CREATE_NODE, [NODE_PRODUCT, node_page(), {}], keeps={"second node order": "id"})
ONCE = {"Idempotency-Key": "one-and-only"}

STOPS: Stops = (
    # Page by page.
    start("no page yet", CREATE_NODE, []),
    start("the page of a product", CREATE_NODE, [NODE_PRODUCT]),
    start("the summary", CREATE_NODE, [NODE_PRODUCT, node_page()]),
    RIGHT,
    *denied(RIGHT, actors=(Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.MODELLER)),
    start("the node again while the first is being made", CREATE_NODE, [NODE_PRODUCT, node_page(), {}]),
    drive(),
    Stop("the node is made", Actor.OPERATOR, "GET", "/api/processes/{second node order}",
         keeps={"second node": "current_state.subscription_id"}),
    start("a port: where", CREATE_PORT, port_pages("")[:1]),
    start("a port: which interface", CREATE_PORT, port_pages("")[:2]),
    start("a port: summary", CREATE_PORT, port_pages(FREE_INTERFACE, port_description="to the lab")[:3]),
    start("a port", CREATE_PORT, port_pages(FREE_INTERFACE, port_description="to the lab")),
    start("an interface that is promised", CREATE_PORT, port_pages(FREE_INTERFACE)),
    start("a workflow that the product does not offer", "/api/processes/create_subscription", [NODE_PRODUCT]),
    start("every widget", SHOWCASE, []),
    start("every widget: what was answered", SHOWCASE, [showcase_page(whole_number=7)]),
    start("every widget: started", SHOWCASE, [showcase_page(whole_number=7), CONFIRM]),
    start("a task without a form: nothing is asked", "/api/processes/bootstrap", []),
    start("a task without a form", "/api/processes/bootstrap", [{}]),
    # On a subscription.
    start("ending a node: its page", "/api/processes/terminate_node", [{"subscription_id": "{second node}"}]),
    start("ending a node", "/api/processes/terminate_node", [{"subscription_id": "{second node}"}, {}],
          keeps={"termination": "id"}),
    start("a locked subscription", "/api/processes/validate_node", [{"subscription_id": "{second node}"}]),
    start("a subscription that others use", "/api/processes/terminate_node", [{"subscription_id": "{node}"}]),
    drive(),
    start("a terminated subscription", "/api/processes/validate_node", [{"subscription_id": "{second node}"}]),
    start("a subscription of another product", "/api/processes/validate_node", [{"subscription_id": "{port}"}]),
    start("validating a node", "/api/processes/validate_node", [{"subscription_id": "{node}"}]),
    # Twice.
    start("with a key", SHOWCASE, [showcase_page(), CONFIRM], headers=ONCE, keeps={"only one": "id"}),
    start("with the same key", SHOWCASE, [showcase_page(), CONFIRM], headers=ONCE),
    start("with the same key and other answers", SHOWCASE, [showcase_page(text="other"), CONFIRM], headers=ONCE),
    start("another workflow with the same key", "/api/processes/bootstrap", [{}], headers=ONCE),
    Stop("somebody else with the same key", Actor.ADMIN, "POST", SHOWCASE, [showcase_page(), CONFIRM], ONCE),
    start("with a key that is too long", SHOWCASE, [showcase_page(), CONFIRM], headers={"Idempotency-Key": "k" * 256}),
    # Wrongly.
    start("an unknown workflow", "/api/processes/make_tea", []),
    start("an unknown product", CREATE_NODE, [{"product": NO_ID}]),
    start("no product", CREATE_NODE, [{}]),
    start("a product that is no id", CREATE_NODE, [{"product": 7}]),
    start("a product of another workflow", CREATE_NODE, [{"product": "{product port 10G}"}]),
    start("an unknown subscription", "/api/processes/validate_node", [{"subscription_id": NO_ID}]),
    start("wrong and unknown fields", CREATE_NODE, [NODE_PRODUCT, {"node_name": 7, "colour": "red"}]),
    start("choices that are not offered", CREATE_NODE, [NODE_PRODUCT, node_page(site_id="999", node_status="x")]),
    start("a name that is taken", CREATE_NODE, [NODE_PRODUCT, node_page(node_name="ams-pe-1")]),
    start("one page too many", SHOWCASE, [showcase_page(), CONFIRM, {"more": 1}]),
    start("values of every wrong kind", SHOWCASE, [
        {"text": "", "whole_number": "x", "bounded_number": 11, "price": -1, "agreed": "maybe", "letter": "delta",
         "some_numbers": [], "names": "one", "day": "yesterday", "contact": 3, "rules": "INCOMPLETE"}
    ]),
    start("a word that only the server knows", SHOWCASE, [showcase_page(text="this is reserved")]),
    start("the last page not confirmed", SHOWCASE, [showcase_page(), {"go_on": False}]),
    start("an object instead of a list", CREATE_NODE, {"product": 1}),
    start("a list of texts", CREATE_NODE, ["product"]),
    start("no body", CREATE_NODE, None),
    start("malformed JSON", CREATE_NODE, '[{"product": '),
    start("a NUL character", CREATE_NODE, '[{"product": "a\\u0000b"}]'),
    start("too deep", SHOWCASE, "[" * 110 + "]" * 110),
    start("no JSON", CREATE_NODE, "product=1", headers={"Content-Type": "application/x-www-form-urlencoded"}),
    Stop("read instead of started", Actor.OPERATOR, "GET", CREATE_NODE),
    Stop("what may be done", Actor.VIEWER, "OPTIONS", CREATE_NODE),
    # Paused.
    Stop("the engine is paused", Actor.ADMIN, "PUT", "/api/settings/status", {"global_lock": True}),
    start("a page while paused", CREATE_NODE, [NODE_PRODUCT]),
    start("a start while paused", SHOWCASE, [showcase_page(), CONFIRM]),
    start("a repeat while paused", SHOWCASE, [showcase_page(), CONFIRM], headers=ONCE),
)  # fmt: skip
