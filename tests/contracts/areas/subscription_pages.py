"""Pages of subscriptions: the list, one of them, its versions compared, and the flag of being in sync."""

from tests.contracts.areas.pages import EVERYBODY, page, post, queried, seen_by
from tests.contracts.areas.start import NO_ID
from tests.contracts.happenings import describe_device, drive
from tests.contracts.stops import Actor, Stop, Stops, denied

LIST = "/subscriptions/"
OPTIONS = "/subscriptions/customers/options/"
NODE = "/subscriptions/{node}/"
COMPARE = "/subscriptions/{node}/compare/"
IN_SYNC = "/subscriptions/{node}/set-in-sync/"
VALIDATION = Stop("a validation", Actor.OPERATOR, "POST", "/api/processes/validate_node",
                  [{"subscription_id": "{node}"}], keeps={"validation": "id"})  # fmt: skip

STOPS: Stops = (
    *seen_by(page("subscriptions", LIST), Actor.VIEWER),
    *queried(LIST, (
        "view=transient", "view=terminated", "view=all", "view=nonsense", "search=port", "search=coffee",
        "search={node}", "product={product port 10G}", "product=7", "customer={customer SURF}", "customer=x",
        "insync=false", "insync=true", "sort=description", "sort=-description&view=all", "sort=nonsense",
        "page=2&per_page=1&sort=description", "page=99&per_page=1&sort=description", "per_page=x", "format=csv",
        "view=all&search=port&sort=description&format=csv",
    )),
    *seen_by(page("customers to choose from", OPTIONS), Actor.VIEWER),
    *queried(OPTIONS, ("field=customer&customer=surf", "field=customer&customer=coffee")),
    *seen_by(page("subscriptions to choose from", "/subscriptions/options/"), Actor.VIEWER),
    *queried("/subscriptions/options/", ("field=x&x=AMS", "tag=PORT10G", "product_type=Node&status=active")),
    *seen_by(page("blocks to choose from", "/subscriptions/blocks/options/"), Actor.VIEWER),
    *queried("/subscriptions/blocks/options/", ("blocks=Node&status=active", "blocks=Node&status=active&field=x&x=q")),
    *seen_by(page("a node", NODE), *EVERYBODY),
    page("a port", "/subscriptions/{port}/"),
    page("an unknown subscription", f"/subscriptions/{NO_ID}/"),
    page("a subscription that is no id", "/subscriptions/7/"),
    *seen_by(page("its last two versions", COMPARE), Actor.VIEWER),
    *queried(COMPARE, ("from=1&to=2", "from=5&to=1", "from=2&to=2", "from=1", "from=1&to=99", "from=a&to=b")),
    page("versions of an unknown subscription", f"/subscriptions/{NO_ID}/compare/"),
    post("in sync already", IN_SYNC, actor=Actor.ADMIN),
    page("what was said", NODE, Actor.ADMIN),
    *denied(post("set in sync", IN_SYNC), actors=(Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.OPERATOR)),
    page("reading where one sets", IN_SYNC, Actor.ADMIN),
    post("an unknown one in sync", f"/subscriptions/{NO_ID}/set-in-sync/", actor=Actor.ADMIN),
    # While something works on it, and when that failed.
    describe_device("ams-pe-1", "not ours"),
    VALIDATION,
    page("a node that is being validated", NODE),
    post("in sync while a process is unfinished", IN_SYNC, actor=Actor.ADMIN),
    page("why not", NODE, Actor.ADMIN),
    drive(),
    page("a node out of sync", NODE),
    page("a node out of sync, as admin", NODE, Actor.ADMIN),
    page("the list with one out of sync", LIST),
    post("in sync again", IN_SYNC, actor=Actor.ADMIN),
    page("what was said then", NODE, Actor.ADMIN),
    # Ended.
    Stop("the port is ended", Actor.OPERATOR, "POST", "/api/processes/terminate_subscription",
         [{"subscription_id": "{port}"}, {}]),
    drive(),
    page("a port after that", "/subscriptions/{port}/"),
    page("terminated ones after that", f"{LIST}?view=terminated"),
)  # fmt: skip
