"""Lists over REST: parts, order, filters, searches, and their wrong parameters; 304 to who has the list already."""

from collections.abc import Iterator, Sequence

from tests.contracts.areas.start import CONFIRM, NO_ID, SHOWCASE, showcase_page
from tests.contracts.happenings import drive
from tests.contracts.stops import Actor, Stop, Stops, denied

PARTS = (
    "range=0,2", "range=1,2", "range=5000,5001", "range=0,1001", "limit=1", "limit=1&offset=1", "limit=1&count=true",
    "limit=0", "limit=5000", "offset=5000", "count=1", "format=json", "format=csv",
)  # fmt: skip
WRONG_PARTS = ("range=2,1", "range=1", "range=a,b", "range=-1,3", "limit=-1", "limit=x", "offset=x", "limit=1.5")
WRONG_ORDERS = ("sort=colour", "sort=colour,asc", "sort=-colour")
WRONG_FILTERS = ("filter=colour,red", "filter=status", "colour=red")

PROCESSES = (
    "sort=started_at", "sort=started_at,asc", "sort=-startedAt", "sort=workflowName,asc,startedAt,desc",
    "sort=last_status,desc,started_at,asc", "sort=process_id&fields=none", "status=completed",
    "status=failed&status=suspended",
    "status=sleeping", "workflow=create_node", "workflow=create_node&workflow=create_port", "workflow=make_tea",
    "target=system", "is_task=true", "is_task=false", "is_task=perhaps", "created_by=operator", "created_by=nobody",
    "assignee=NOC", "last_step=Suspended%20step", "note=call", "search=node", "search=ams-pe-1", "search=%00",
    "search={node order}", "search={node}", "process_id={node order}", "process_id=x7", "subscription_id={node}",
    f"subscription_id={NO_ID}", "started_after=2020-01-01T00:00:00Z&sort=started_at", "started_before=2020-01-01",
    "started_after=yesterday", "filter=status,failed-suspended", "filter=workflowName,create_node,isTask,false",
    "filter=lastStatus,completed&sort=startedAt,asc&range=0,1", "search=", "status=",
)  # fmt: skip
SUBSCRIPTIONS = (
    "sort=description", "sort=created_at", "sort=-product,customer", "sort=status,asc,insync,desc,description,asc",
    "status=active", "status=initial&status=terminated", "status=sleeping", "insync=true", "insync=false",
    "insync=perhaps",
    "product=port%2010G", "product={product port 10G}", "product=coffee", "product_id={product port 10G}",
    "product_id=x7", "product_type=Node", "tag=PORT10G", "customer=SURF", "customer={customer ESnet}",
    "customer=Energy%20Sciences%20Network", "customer_id={customer SURF}", "search=ams-pe-1", "search=ESnet",
    "search={node}", "search=coffee", "subscription_id={port}", "subscription_id=x7", "description=port", "note=x",
    "started_after=2020-01-01T00:00:00Z", "started_before=2020-01-01", "filter=status,active,productType,Port",
    "filter=tag,NODE", "range=0,1&sort=description,desc",
)  # fmt: skip
PRODUCTS = (
    "sort=name,desc", "sort=product_type,-name", "sort=created_at&limit=2", "status=active", "status=end%20of%20life",
    "status=sleeping", "tag=NODE", "product_type=Port", "name=10g", "description=router", "search=port%20100",
    "search=coffee", "product_id={product node FRR}", "product_id=x7", "filter=productType,Node",
    "filter=status,active-phase%20out&range=0,1",
)  # fmt: skip
VERSIONS = "/api/subscriptions/{node}/versions/"


def each(path: str, queries: Sequence[str]) -> Iterator[Stop]:
    """One stop for each query string."""
    for query in queries:
        yield Stop(f"{path}?{query}", Actor.VIEWER, "GET", f"{path}?{query}")


def whole(path: str) -> Iterator[Stop]:
    """The list as it comes, by people who may and who may not, and once more by who has it."""
    everything = Stop(path, Actor.VIEWER, "GET", path, keeps={"etag": "ETag"})
    yield everything
    yield Stop(f"{path} for who has it", Actor.VIEWER, "GET", path, headers={"If-None-Match": "{etag}"})
    yield Stop(f"{path} for who has another", Actor.VIEWER, "GET", f"{path}?limit=1", headers={"If-None-Match": '"x"'})
    yield from denied(everything)
    yield Stop(f"{path} by a post", Actor.ADMIN, "POST", path, [])


def every(path: str, queries: Sequence[str]) -> Iterator[Stop]:
    """All there is to ask of a list."""
    yield from whole(path)
    yield from each(path, (*PARTS, *WRONG_PARTS, *WRONG_ORDERS, *WRONG_FILTERS, *queries))


STOPS: Stops = (
    Stop("a failed task", Actor.OPERATOR, "POST", SHOWCASE, [showcase_page(fail_on_purpose=True), CONFIRM]),
    Stop("a task that asks", Actor.ADMIN, "POST", SHOWCASE, [showcase_page(show_suspended_step=True), CONFIRM]),
    drive(),
    Stop("a note", Actor.OPERATOR, "PATCH", "/api/processes/{node order}", {"note": "call Ada first"}),
    *every("/api/processes/", PROCESSES),
    *every("/api/subscriptions/", SUBSCRIPTIONS),
    *every("/api/products/", PRODUCTS),
    *whole(VERSIONS),
    *each(VERSIONS, (*PARTS, *WRONG_PARTS)),
    Stop("versions of an unknown subscription", Actor.VIEWER, "GET", f"/api/subscriptions/{NO_ID}/versions/"),
)  # fmt: skip
