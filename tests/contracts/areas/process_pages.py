"""Pages of processes: the list, one of them in every state, and its buttons."""

from tests.contracts.areas.pages import EVERYBODY, HTMX, KEY, page, post, queried, seen_by
from tests.contracts.areas.processes import STOPPED
from tests.contracts.areas.start import NO_ID, SHOWCASE
from tests.contracts.happenings import drive, release
from tests.contracts.stops import Actor, Stop, Stops, denied

LIST = "/processes/"
ORDER = "/processes/{node order}/"
ONE = "/processes/{showcase}/"
RELABEL = "/processes/{relabelling}/"
UNKNOWN = f"/processes/{NO_ID}/"
NOBODY_MAY = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER)
NOT_ADMIN = (*NOBODY_MAY, Actor.OPERATOR)


def admin_page(name: str, path: str, **more: object) -> Stop:
    """A page that only the admin may open."""
    return page(name, path, Actor.ADMIN, **more)


def admin_post(name: str, path: str, body: object) -> Stop:
    """A form that only the admin may send."""
    return post(name, path, body, Actor.ADMIN)


RETRY = post("retried", f"{ONE}retry/", {KEY: "r"})
ABORT = post("aborted", f"{ONE}abort/", {KEY: "a", "reason": "no longer wanted"})
NOTE = post("a note", f"{ONE}note/", {"note": " call Ada\0 first "})
SKIP_PAGE = admin_page("the page of a skip", f"{ONE}skip/")
EDIT_PAGE = admin_page("the page of an edit", f"{ONE}edit-state/")
GONE_ON = {KEY: "c", "path": "print-labels", "reason": "checked by hand"}
VALUES = "step=construct-node&visit=1&attempt=1"
CONTINUE_PAGE = admin_page("the page of going on elsewhere", f"{RELABEL}continue/")

STOPS: Stops = (
    page("the audit trail of an order", "/trail/process/{node order}/"),
    page("the same, for who administers", "/trail/process/{node order}/", Actor.ADMIN),
    page("the same, as nobody", "/trail/process/{node order}/", Actor.NOBODY),
    page("the same, for a stranger", "/trail/process/{node order}/", Actor.STRANGER),
    page("a trail of nothing we know", f"/trail/wish/{NO_ID}/"),
    *seen_by(page("a node order", ORDER), *EVERYBODY),
    page("a port order", "/processes/{port order}/"),
    page("the task that filled the inventory", "/processes/{bootstrap}/"),
    page("an unknown process", UNKNOWN),
    page("a process that is no id", "/processes/7/"),
    *seen_by(page("its state", f"{ORDER}state/"), Actor.VIEWER),
    page("the state of an unknown process", f"{UNKNOWN}state/"),
    *seen_by(page("its export", f"{ORDER}export/"), Actor.VIEWER),
    page("the export of an unknown process", f"{UNKNOWN}export/"),
    *seen_by(page("its live part", f"{ORDER}live/", headers=HTMX)),
    *seen_by(page("its steps", f"{ORDER}steps/1/", headers=HTMX)),
    page("its steps without htmx", f"{ORDER}steps/1/"),
    page("steps that it does not have", f"{ORDER}steps/2/", headers=HTMX),
    *seen_by(page("values that a step changed", f"{ORDER}values/?{VALUES}")),
    page("values that a step changed, for its panel", f"{ORDER}values/?{VALUES}", headers=HTMX),
    page("values of a try that was none", f"{ORDER}values/?{VALUES}7"),
    page("the live part of an unknown process", f"{UNKNOWN}live/"),
    # One that asks, fails and ends.
    Stop("a showcase", Actor.OPERATOR, "POST", SHOWCASE, STOPPED, keeps={"showcase": "id"}),
    page("it has not begun", ONE),
    page("its live part before it has begun", f"{ONE}live/", headers=HTMX, keeps={"seen": "ETag"}),
    page("its live part when nothing has changed", f"{ONE}live/?fold=1", headers={**HTMX, "If-None-Match": "{seen}"}),
    post("retrying what has not begun", f"{ONE}retry/", {KEY: "x"}),
    page("why it cannot be retried", ONE),
    admin_page("skipping what has not begun", f"{ONE}skip/"),
    admin_page("editing what has not begun", f"{ONE}edit-state/"),
    admin_page("why it cannot be edited", ONE),
    drive(),
    *seen_by(page("it asks", ONE), Actor.VIEWER, Actor.ADMIN),
    page("its live part when it asks", f"{ONE}live/?fold=1", headers={**HTMX, "If-None-Match": "{seen}"}),
    # Note.
    NOTE,
    page("with a note", ONE),
    post("no note", f"{ONE}note/", {}),
    *denied(NOTE, actors=NOBODY_MAY),
    post("a note on an unknown process", f"{UNKNOWN}note/", {"note": "x"}),
    page("reading where one notes", f"{ONE}note/"),
    # Skip.
    SKIP_PAGE,
    *denied(SKIP_PAGE, actors=NOT_ADMIN),
    admin_page("the page of a skip of an unknown process", f"{UNKNOWN}skip/"),
    admin_post("a skip without a reason", f"{ONE}skip/", {KEY: "s", "result": "{", "reason": ""}),
    admin_post("a skip with a result that is none", f"{ONE}skip/", {KEY: "s", "result": "[]", "reason": "x"}),
    *denied(admin_post("skipped", f"{ONE}skip/", {KEY: "s", "reason": "x"}), actors=NOT_ADMIN),
    admin_post("skipped", f"{ONE}skip/", {KEY: "s", "reason": "asked by phone", "result": '{"remark": "by phone"}'}),
    admin_post("skipped twice", f"{ONE}skip/", {KEY: "s", "reason": "asked by phone", "result": ""}),
    drive(),
    *seen_by(page("it failed", ONE), Actor.VIEWER, Actor.ADMIN),
    # Edit the state.
    EDIT_PAGE,
    *denied(EDIT_PAGE, actors=NOT_ADMIN),
    admin_page("the page of an edit of an unknown process", f"{UNKNOWN}edit-state/"),
    admin_post("an edit without a reason", f"{ONE}edit-state/", {KEY: "e", "value_677fe21b65f4": "{", "patch": "["}),
    admin_page("what the page of an edit has seen", f"{ONE}edit-state/", keeps={"seen": "field seen"}),
    admin_post("an edit of what has moved on", f"{ONE}edit-state/", {KEY: "e", "seen": "x", "reason": "x"}),
    *denied(admin_post("edited", f"{ONE}edit-state/", {KEY: "e"}), actors=NOT_ADMIN),
    admin_post("edited", f"{ONE}edit-state/",
               {KEY: "e", "seen": "{seen}", "reason": "a typing error", "patch": '{"labels": ["A1"]}'}),
    admin_post("edited twice", f"{ONE}edit-state/", {KEY: "e", "seen": "{seen}", "reason": "a typing error"}),
    page("it was edited", ONE),
    # Retry.
    *denied(RETRY, actors=NOBODY_MAY),
    RETRY,
    page("it is to be tried again", ONE),
    post("retried twice", f"{ONE}retry/", {KEY: "r"}),
    post("an unknown process retried", f"{UNKNOWN}retry/", {KEY: "r"}),
    page("reading where one retries", f"{ONE}retry/"),
    # Abort.
    *denied(ABORT, actors=NOBODY_MAY),
    ABORT,
    page("it is aborted", ONE),
    post("aborted twice", f"{ONE}abort/", {KEY: "a", "reason": "no longer wanted"}),
    post("aborted again", f"{ONE}abort/", {KEY: "b"}),
    page("why it cannot be aborted", ONE),
    page("its live part when it is aborted", f"{ONE}live/?fold=1", headers={**HTMX, "If-None-Match": "{seen}"}),
    post("an unknown process aborted", f"{UNKNOWN}abort/", {KEY: "a"}),
    page("reading where one aborts", f"{ONE}abort/"),
    # One that waits.
    release("before"),
    Stop("paper", Actor.OPERATOR, "POST", "/api/processes/buy_paper", [{}], keeps={"waiting": "id"}),
    drive(),
    page("it waits to try again", "/processes/{waiting}/"),
    # One whose definition has changed.
    Stop("relabel", Actor.OPERATOR, "POST", "/api/processes/relabel", [{}], keeps={"relabelling": "id"}),
    drive(),
    admin_page("going on elsewhere where nothing has changed", f"{RELABEL}continue/"),
    release("after"),
    page("it has stopped under another definition", RELABEL),
    admin_page("it has stopped under another definition, as admin", RELABEL),
    CONTINUE_PAGE,
    *denied(CONTINUE_PAGE, actors=NOT_ADMIN),
    admin_page("the page of going on of an unknown process", f"{UNKNOWN}continue/"),
    admin_post("going on without a reason", f"{RELABEL}continue/", {KEY: "c", "path": "make-tea"}),
    *denied(admin_post("gone on", f"{RELABEL}continue/", {KEY: "c"}), actors=NOT_ADMIN),
    admin_post("gone on", f"{RELABEL}continue/", GONE_ON),
    admin_post("gone on twice", f"{RELABEL}continue/", GONE_ON),
    drive(),
    admin_page("it has gone on", RELABEL),
    # The list.
    *seen_by(page("processes", LIST), Actor.VIEWER),
    *queried(LIST, (
        "view=active", "view=failed", "view=completed", "view=nonsense", "is_task=true", "is_task=false",
        "status=completed&is_task=false", "status=sleeping", "workflow=create_node", "workflow=make_tea",
        "target=create", "created_by=admin", "search=ams-pe-1", "search=coffee", "search={node order}",
        "search={node}", "sort=started_at&per_page=2", "sort=-started_at&per_page=2&page=2", "sort=nonsense",
        "page=99&per_page=2", "format=csv", "is_task=false&sort=started_at&format=csv",
    )),
)  # fmt: skip
