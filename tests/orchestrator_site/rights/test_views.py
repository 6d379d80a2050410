"""Who may run a workflow, and what may a person do, with the reason."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from processes.models import AccessGrant
from tests.answers import NO_SUCH_PAGE, denied_page, error_page, requires
from tests.conftest import person
from tests.contracts import page_text
from tests.factories import site as factory

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def lines(answer: object) -> list[str]:
    return list(page_text.read(answer.content.decode()).content.lines())  # type: ignore[attr-defined]


@pytest.fixture
def a_workflow() -> str:
    from processes.plugins import registry

    return sorted(registry.all_workflows())[0]


def test_reasons_are_told_for_each_action(admin_user: User, viewer: User, a_workflow: str) -> None:
    AccessGrant.objects.create(
        name="starts", effect="allow", actions=["start"], person=viewer, condition={"workflow": [a_workflow]}
    )

    told = lines(client_of(admin_user).get(f"/rights/people/{viewer.pk}/"))

    assert "grant starts" in told
    assert "role viewer" in told
    assert requires("admin") in told


def test_everybody_sees_their_own(viewer: User) -> None:
    assert "role viewer" in lines(client_of(viewer).get("/rights/mine/"))


def test_workflow_names_who_may_run_it(admin_user: User, viewer: User, operator: User, a_workflow: str) -> None:
    AccessGrant.objects.create(name="not olga", effect="deny", actions=["start", "resume", "retry", "abort"], person=person("olga", "operator"))  # fmt: skip  # noqa: E501

    told = lines(client_of(admin_user).get(f"/rights/workflows/{a_workflow}/"))
    searched = lines(client_of(admin_user).get(f"/rights/workflows/{a_workflow}/", {"search": "oper"}))

    assert {"admin", "operator"} <= set(told)
    assert {"viewer", "olga"}.isdisjoint(told)
    assert "admin" not in searched


def test_questions_cost_the_same_for_one_person_and_three(admin_user: User, a_workflow: str) -> None:
    client = client_of(admin_user)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(f"/rights/workflows/{a_workflow}/")
        return len(captured)

    AccessGrant.objects.create(name="a", effect="deny", actions=["start"], condition={"own": True})
    queries()
    first = queries()
    for name in ("ada", "bob", "eve"):
        person(name, "operator")

    assert queries() == first


@pytest.mark.parametrize("name", ["viewer", "operator", "modeller", "stranger"])
@pytest.mark.parametrize("path", ["/rights/", "/rights/people/1/", "/rights/workflows/x/"])
def test_questions_about_others_are_for_administrators(name: str, path: str, request: pytest.FixtureRequest) -> None:
    answer = client_of(request.getfixturevalue(name)).get(path)

    assert error_page(answer) == denied_page(requires("admin"))


def test_unknown_workflow_and_person_are_no_pages(admin_user: User) -> None:
    client = client_of(admin_user)

    answers = [client.get(path) for path in ("/rights/workflows/x/", "/rights/people/99/")]

    assert [error_page(answer) for answer in answers] == [NO_SUCH_PAGE] * 2


def test_conditions_of_grants_are_spelled_out(admin_user: User, operator: User) -> None:
    """Partial denies were left out, and what an only says."""
    for name, effect, actions, where in (
        ("surf", "only", ["start"], {"customer": ["SURF"]}),
        ("own", "only", ["start"], {"own": True}),
        ("nodes", "deny", ["view"], {"product_type": ["Node"]}),
        ("more", "allow", ["skip"], {"workflow": ["create_*"]}),
        ("all", "only", ["retry"], {}),
    ):
        AccessGrant.objects.create(name=name, effect=effect, actions=actions, person=operator, condition=where)

    told = lines(client_of(admin_user).get(f"/rights/people/{operator.pk}/"))

    assert [one for one in told if "here: " in one] == [
        "Never where: product type Node (grant nodes)",
        "By role only where: their own; or customer SURF (grant own, grant surf)",
        "Whatever the role, where: workflow create_* (grant more)",
    ]


def test_a_grant_to_start_alone_tells_that_seeing_is_missing(admin_user: User, stranger: User) -> None:
    """No form could be filled in, and the page said that no product is active."""
    product = factory.product()
    factory.subscription(product, "node")
    AccessGrant.objects.create(name="start", effect="allow", actions=["start"], person=stranger)

    rights = " ".join(lines(client_of(admin_user).get(f"/rights/people/{stranger.pk}/")))
    order = " ".join(lines(client_of(stranger).get("/order/")))

    assert "may see no products and no customers, and a start asks to choose one" in rights
    assert "you may see no products and no customers" in order
    assert "No products can be ordered yet" not in order
    assert "may see no" not in " ".join(lines(client_of(admin_user).get("/order/")))
