"""Pages of the site itself and of products: start page, orders, products, tasks; and the pages of errors."""

from collections.abc import Sequence

from tests.contracts.areas.start import CONFIRM, NO_ID, SHOWCASE, showcase_page
from tests.contracts.happenings import drive
from tests.contracts.stops import Actor, SignIn, Stop, Stops, denied


def page(name: str, path: str, actor: Actor = Actor.OPERATOR, **more: object) -> Stop:
    """A page, looked at by the operator unless it says another."""
    return Stop(name, actor, "GET", path, **more)  # type: ignore[arg-type]


def post(name: str, path: str, body: object = None, actor: Actor = Actor.OPERATOR, **more: object) -> Stop:
    """A form sent, or a button pressed."""
    return Stop(name, actor, "POST", path, body, **more)  # type: ignore[arg-type]


def queried(path: str, queries: Sequence[str]) -> list[Stop]:
    """The same page with each of these query strings."""
    return [page(f"{path}?{query}", f"{path}?{query}") for query in queries]


def seen_by(stop: Stop, *others: Actor) -> list[Stop]:
    """A page for the operator, for those whose rights differ, for nobody and for a stranger."""
    return [stop, *denied(stop, actors=(*others, Actor.NOBODY, Actor.STRANGER))]


KEY = "idempotency_key"
"""The hidden field by which a form that is sent twice acts once."""
EVERYBODY = (Actor.VIEWER, Actor.MODELLER, Actor.ADMIN)
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/processes/"}

STOPS: Stops = (
    *seen_by(page("the start page", "/"), *EVERYBODY),
    *seen_by(page("orders", "/order/"), *EVERYBODY),
    *queried("/order/", ("search=port", "search=coffee", "search=%3Cb%3E")),
    *seen_by(page("products", "/products/"), Actor.VIEWER, Actor.MODELLER),
    *queried("/products/", (
        "search=port", "search=coffee", "tag=NODE", "product_type=Port", "status=active", "status=sleeping",
        "sort=-name", "sort=nonsense", "page=2&per_page=3", "page=99", "page=x", "per_page=0", "format=csv",
        "search=port&sort=name&format=csv",
    )),
    *seen_by(page("a product", "/products/{product node Nokia}/"), *EVERYBODY),
    page("a port product", "/products/{product port 10G}/"),
    page("an unknown product", f"/products/{NO_ID}/"),
    page("a product that is no id", "/products/7/"),
    *seen_by(page("tasks", "/tasks/"), Actor.VIEWER),
    # When something has happened.
    Stop("a failed task", Actor.OPERATOR, "POST", SHOWCASE, [showcase_page(fail_on_purpose=True), CONFIRM]),
    Stop("a task that asks", Actor.OPERATOR, "POST", SHOWCASE, [showcase_page(show_suspended_step=True), CONFIRM]),
    drive(),
    page("the start page with something to do", "/"),
    page("the same for a viewer", "/", Actor.VIEWER),
    Stop("the engine is paused", Actor.ADMIN, "PUT", "/api/settings/status", {"global_lock": True}),
    page("the start page while paused", "/"),
    page("orders while paused", "/order/"),
    # Errors.
    page("no such page", "/nonsense/"),
    page("no such page, as nobody", "/nonsense/", Actor.NOBODY),
    page("a page without its slash", "/products"),
    page("a page for htmx that needs a sign-in", "/processes/", Actor.NOBODY, headers=HTMX),
    post("a page that takes no post", "/tasks/"),
    post("a forged post", "/engine/pause/", actor=Actor.ADMIN, sign_in=SignIn.CHECKED_SESSION),
    page("a host that is not ours", "/", Actor.NOBODY, headers={"Host": "evil.example"}),
    page("a NUL in the address", "/products/?search=%00"),
)  # fmt: skip
