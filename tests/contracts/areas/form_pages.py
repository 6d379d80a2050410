"""Forms with a browser: a start page by page, back and forth, and the answer to a process that asks."""

from typing import Any

from tests.contracts.areas.pages import EVERYBODY, page, post, seen_by
from tests.contracts.areas.processes import STOPPED
from tests.contracts.areas.start import NO_ID, SHOWCASE, node_page
from tests.contracts.happenings import drive, spoil
from tests.contracts.stops import Actor, Stop, Stops, denied

NODE = "/workflows/create_node/start/"
DRAFT = f"{NODE}{NO_ID}/"
WIDGETS = f"/workflows/showcase/start/{NO_ID.replace('8000', '8001')}/"
LATE = f"/workflows/terminate_node/start/{NO_ID.replace('8000', '8002')}/"
DOWN = f"/workflows/create_node/start/{NO_ID.replace('8000', '8003')}/"
INPUT = f"/processes/{{showcase}}/input/{NO_ID.replace('8000', '8004')}/"
OTHER = f"/workflows/create_node/start/{NO_ID.replace('8000', '8005')}/"
PRODUCT = {"product": "{product node Nokia}"}
MAY_NOT = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER)


def widgets(**changes: Any) -> dict[str, Any]:
    """A post of the page of every widget."""
    return {
        "text": "hello", "whole_number": "7", "bounded_number": "3", "price": "9.95", "letter": "beta",
        "some_numbers": ["one", "two"], "names.0": "first", "names.1": "", "names.2": "third", "day": "2026-11-21",
        "hour": "12:00", "contact.name": "Ada", "contact.floor": "3", "rules.1": "on", **changes,
    }  # fmt: skip


STOPS: Stops = (
    # Ways in.
    *seen_by(page("a start", NODE), *EVERYBODY),
    page("a start for a product", f"{NODE}?product={{product node Nokia}}"),
    post("a start for a product by a button", NODE, PRODUCT),
    page("a start of an unknown workflow", "/workflows/make_tea/start/"),
    page("a start for a subscription", "/workflows/terminate_node/start/?subscription_id={node}"),
    # A node, page by page.
    *seen_by(page("which product", f"{DRAFT}0/")),
    post("no product", f"{DRAFT}0/", {}),
    post("an unknown product", f"{DRAFT}0/", {"product": NO_ID}),
    page("a page too early", f"{DRAFT}3/"),
    page("the check too early", f"{DRAFT}check/"),
    *denied(post("a product", f"{DRAFT}0/", PRODUCT), actors=MAY_NOT),
    post("a product", f"{DRAFT}0/", PRODUCT),
    page("which node", f"{DRAFT}1/"),
    post("a node without anything", f"{DRAFT}1/", {}),
    post("a node with wrong values", f"{DRAFT}1/", {**node_page(), "site_id": "999", "node_name": "-"}),
    post("a node whose name is taken", f"{DRAFT}1/", {**node_page(), "node_name": "ams-pe-1"}),
    post("back with what was typed", f"{DRAFT}1/", {**node_page(), "node_name": "half", "_back": ""}),
    page("which product, again", f"{DRAFT}0/"),
    post("the same product", f"{DRAFT}0/", PRODUCT),
    page("which node, again", f"{DRAFT}1/"),
    post("a node", f"{DRAFT}1/", {**node_page(), "auto_add_interfaces": "on", "node_description": "second"}),
    page("the summary", f"{DRAFT}2/"),
    page("somebody else's draft", f"{DRAFT}2/", Actor.ADMIN),
    page("a draft of another workflow", f"/workflows/showcase/start/{NO_ID}/0/"),
    *denied(post("sent", f"{DRAFT}2/", {}), actors=MAY_NOT),
    post("sent", f"{DRAFT}2/", {}, keeps={"sent": "Location"}),
    post("sent twice", f"{DRAFT}2/", {}),
    page("what it has become", "{sent}"),
    page("a page of what was sent", f"{DRAFT}0/"),
    drive(),
    # With what was chosen by the link.
    page("a node of a product", f"{OTHER}1/?product={{product node Nokia}}"),
    page("a node of an unknown product", f"{OTHER}1/?product={NO_ID}"),
    page("a node of a product of another workflow", f"{OTHER}1/?product={{product port 10G}}"),
    post("its answers", f"{OTHER}1/?product={{product node Nokia}}", {**node_page(), "node_name": "ams-pe-3"}),
    post("it is dropped", f"{OTHER}cancel/", {}),
    *denied(post("it is dropped", f"{OTHER}cancel/", {}), actors=MAY_NOT),
    page("reading where one drops", f"{OTHER}cancel/"),
    page("what is left of it", f"{OTHER}2/"),
    # Every widget.
    *seen_by(page("every widget", f"{WIDGETS}0/")),
    post("every widget wrong", f"{WIDGETS}0/", widgets(text="", whole_number="x", bounded_number="11", day="1")),
    post("a row more", f"{WIDGETS}0/", widgets(_add="names")),
    post("a row less", f"{WIDGETS}0/", widgets(_remove="names.0")),
    post("house rules not kept", f"{WIDGETS}0/", {"text": "hello"}),
    post("every widget right", f"{WIDGETS}0/", widgets(show_suspended_step="on")),
    page("what was answered", f"{WIDGETS}1/"),
    post("not confirmed", f"{WIDGETS}1/", {}),
    page("the check of what was answered", f"{WIDGETS}check/"),
    *denied(page("the check of what was answered", f"{WIDGETS}check/"), actors=MAY_NOT),
    post("confirmed", f"{WIDGETS}1/", {"go_on": "on"}),
    post("dropped after it was sent", f"{WIDGETS}cancel/", {}),
    page("the check of a task without a form", "/workflows/bootstrap/start/"),
    page("a task without a form", f"/workflows/bootstrap/start/{NO_ID.replace('8000', '8006')}/0/"),
    page("the check of a task", f"/workflows/bootstrap/start/{NO_ID.replace('8000', '8006')}/check/"),
    post("a task sent", f"/workflows/bootstrap/start/{NO_ID.replace('8000', '8006')}/check/", {}),
    drive(),
    # What cannot be.
    page("a node that is used", f"{LATE}1/?subscription_id={{node}}"),
    page("an unknown subscription", f"{LATE}1/?subscription_id={NO_ID}"),
    spoil("*", "*", times=10),
    page("the inventory is down", f"{DOWN}1/?product={{product node Cisco}}"),
    # An answer.
    Stop("a showcase", Actor.OPERATOR, "POST", SHOWCASE, STOPPED, keeps={"showcase": "id"}),
    page("an answer before it asks", "/processes/{showcase}/input/"),
    page("an answer's page before it asks", f"{INPUT}0/"),
    drive(),
    *seen_by(page("an answer", "/processes/{showcase}/input/"), Actor.VIEWER),
    page("an answer to an unknown process", f"/processes/{NO_ID}/input/"),
    *seen_by(page("what it asks", f"{INPUT}0/"), Actor.VIEWER),
    post("no answer", f"{INPUT}0/", {"remark": ""}),
    page("the check of an answer", f"{INPUT}check/"),
    *denied(page("the check of an answer", f"{INPUT}check/"), actors=MAY_NOT),
    post("it is left", f"{INPUT}cancel/", {}),
    *denied(post("it is left", f"{INPUT}cancel/", {}), actors=MAY_NOT),
    Stop("the engine is paused", Actor.ADMIN, "PUT", "/api/settings/status", {"global_lock": True}),
    page("what it asks while paused", f"{INPUT}0/"),
    post("answered while paused", f"{INPUT}0/", {"remark": "go on"}),
    Stop("the engine runs", Actor.ADMIN, "PUT", "/api/settings/status", {"global_lock": False}),
    *denied(post("answered", f"{INPUT}0/", {"remark": "go on"}), actors=MAY_NOT),
    post("answered", f"{INPUT}0/", {"remark": "go on", "details": "two\r\nlines", "seen": "on"}),
    post("answered twice", f"{INPUT}0/", {"remark": "go on"}),
    drive(),
    page("an answer after it was given", "/processes/{showcase}/input/"),
    page("an answered process", "/processes/{showcase}/"),
)  # fmt: skip
