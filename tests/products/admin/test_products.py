"""Modelling without code: from nothing to a product that can be ordered, and everything that is refused on the way."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from processes.models import AuditEvent
from processes.plugins import registry
from products import queries
from products.actions import publish_all
from products.models import BlockField, Product, ProductBlock, ProductVersion, ProductWorkflow, ResourceType
from tests.factories import products as factory
from tests.products.admin.posting import as_sent, inline

pytestmark = pytest.mark.django_db
FIELD = {"kind": "scalar", "owned": "on", "modifiable": "on", "required_from": "never"}


@pytest.fixture(autouse=True)
def _site_with_workflows(settings: Settings) -> Iterator[None]:
    settings.CATALOGUE_CHANGE_HOOKS = []
    settings.CATALOGUE_RETIRE_HOOKS = []
    settings.CATALOGUE_IMPACT = ""
    settings.WORKFLOW_MODULES = ["tests.products.workflows"]
    registry.reload()
    yield
    registry.reload()


@pytest.fixture
def modelling(client: Client, modeller: User) -> Client:
    client.force_login(modeller)
    return client


def errors(client: Client, address: str, data: dict[str, object]) -> list[str]:
    """What a form says when it is sent; nothing is stored then."""
    context = client.post(address, data).context
    found = [error for messages in context["adminform"].form.errors.values() for error in messages]
    for one in context["inline_admin_formsets"]:
        found += [error for form in one.formset.forms for messages in form.errors.values() for error in messages]
        found += list(one.formset.non_form_errors())
    return found


def fields_at_fault(client: Client, address: str, data: dict[str, object]) -> list[str]:
    """Beside which fields the form, or its first inline row, says what it says."""
    context = client.post(address, data).context
    forms = [context["adminform"].form, *(one.formset.forms[0] for one in context["inline_admin_formsets"])]
    return [name for form in forms for name in form.errors]


def test_from_nothing_to_a_product(modelling: Client) -> None:
    for name, kind in (("port_name", "string"), ("vlan", "vlan_ranges"), ("speed", "integer")):
        assert modelling.post("/admin/products/resourcetype/add/", {"name": name, "kind": kind}).status_code == 302
    types = {row.name: row.pk for row in ResourceType.objects.all()}
    fields = [
        {**FIELD, "name": "port_name", "resource_type": types["port_name"], "required_from": "active"},
        {**FIELD, "name": "vlan", "resource_type": types["vlan"], "default_text": "3, 2, 7"},
    ]
    modelling.post("/admin/products/productblock/add/", {"name": "Port", "tag": "P", **inline("fields", fields)})
    block = ProductBlock.objects.get()
    answer = modelling.post(
        "/admin/products/product/add/",
        {
            "name": "port 10G",
            "description": "A port.",
            "product_type": "Port",
            "tag": "PORT",
            "status": "active",
            **inline("fixed_inputs", [{"name": "speed", "resource_type": types["speed"], "value_text": "10000"}]),
            **inline("roots", [{"name": "port", "block": block.pk}]),
            **inline("offers", [{"workflow_name": "create_subscription"}, {"workflow_name": "terminate_subscription"}]),
        },
    )

    assert answer.status_code == 302
    product = queries.orderable().get()
    schema = queries.current_schema(product.pk)
    assert dict(schema.fixed_inputs) == {"speed": 10_000}
    assert [(field.name, field.default) for field in schema.blocks["Port"].fields] == [
        ("port_name", None),
        ("vlan", "2-3,7"),
    ]
    assert queries.offers(product.pk) == {"create": ["create_subscription"], "terminate": ["terminate_subscription"]}
    assert ProductVersion.objects.get().created_by == "modeller"
    acts = AuditEvent.objects.order_by("id").values_list("action", "actor", "subject_kind")
    assert list(acts) == [
        ("catalogue.add", "modeller", "resourcetype"),
        ("catalogue.add", "modeller", "resourcetype"),
        ("catalogue.add", "modeller", "resourcetype"),
        ("catalogue.add", "modeller", "productblock"),
        ("catalogue.publish", "modeller", "product"),
        ("catalogue.add", "modeller", "product"),
    ]


def test_a_new_product_offers_the_generic_workflows(modelling: Client) -> None:
    context = modelling.get("/admin/products/product/add/").context

    offers = next(one for one in context["inline_admin_formsets"] if one.formset.model is ProductWorkflow)
    assert [form["workflow_name"].value() for form in offers.formset.forms] == [
        "create_subscription",
        "terminate_subscription",
    ]


def test_offers_are_chosen_from_the_workflows_there_are(modelling: Client) -> None:
    product = factory.published()
    address = f"/admin/products/product/{product.pk}/change/"

    page = modelling.get(address).content.decode()

    assert "create_subscription - Create a subscription" in page
    assert "tidy_up" not in page
    sent = as_sent(modelling, address, **{"offers-0-workflow_name": "tidy_up"})
    assert errors(modelling, address, sent) == ["Select a valid choice. tidy_up is not one of the available choices."]


def test_every_page_opens(modelling: Client) -> None:
    port = factory.block("Port", port_name="string")
    factory.block_field(port, "node", factory.block("Node", node_name="string"), owned=False)
    product = factory.published()
    node_name = ResourceType.objects.get(name="node_name")

    for address in (
        "/admin/products/product/",
        "/admin/products/productblock/",
        "/admin/products/resourcetype/",
        f"/admin/products/resourcetype/{node_name.pk}/change/",
        f"/admin/products/product/{product.pk}/change/",
        f"/admin/products/product/{product.pk}/history/",
    ):
        assert modelling.get(address).status_code == 200
    page = modelling.get(f"/admin/products/productblock/{port.pk}/change/").content.decode()
    assert "node: Node, a reference to another subscription" in page


def test_saving_what_is_there_changes_nothing(modelling: Client) -> None:
    product = factory.published()
    block = ProductBlock.objects.get()

    for address in (f"product/{product.pk}", f"productblock/{block.pk}"):
        whole = f"/admin/products/{address}/change/"
        assert modelling.post(whole, as_sent(modelling, whole)).status_code == 302

    assert ProductVersion.objects.count() == 1


def test_saving_a_block_publishes_its_products(modelling: Client) -> None:
    factory.product("port 10G")
    factory.product("port 100G")
    publish_all("somebody")
    address = f"/admin/products/productblock/{ProductBlock.objects.get().pk}/change/"

    modelling.post(address, as_sent(modelling, address, **{"fields-0-required_from": "active"}))

    newest = ProductVersion.objects.filter(number=2).order_by("product__name")
    assert list(newest.values_list("product__name", "created_by")) == [
        ("port 100G", "modeller"),
        ("port 10G", "modeller"),
    ]


def test_impact_is_shown_before_it_is_saved(modelling: Client, settings: Settings) -> None:
    settings.CATALOGUE_IMPACT = "tests.products.hooks.two_move"
    factory.published()
    address = f"/admin/products/productblock/{ProductBlock.objects.get().pk}/change/"
    sent = as_sent(modelling, address, **{"fields-0-required_from": "active"})

    asked = modelling.post(address, sent)

    assert "port 10G: 2 subscriptions would move to version 2." in asked.content.decode()
    assert BlockField.objects.get().required_from == "never"
    name, value = asked.context["confirmed"]
    kept = dict(asked.context["hidden"])
    assert modelling.post(address, {**kept, "_reconsider": "1"}).status_code == 200
    assert BlockField.objects.get().required_from == "never"
    assert modelling.post(address, {**kept, name: "another question"}).context["lines"] == asked.context["lines"]
    assert modelling.post(address, {**kept, name: value}).status_code == 302
    assert BlockField.objects.get().required_from == "active"
    assert ProductVersion.objects.count() == 2


def test_what_does_not_fit_is_refused(modelling: Client, settings: Settings) -> None:
    settings.CATALOGUE_CHANGE_HOOKS = ["tests.products.hooks.refuse"]
    factory.published()
    address = f"/admin/products/productblock/{ProductBlock.objects.get().pk}/change/"

    found = errors(modelling, address, as_sent(modelling, address, **{"fields-0-required_from": "active"}))

    assert found == ["port 10G: 1 subscription would not fit."]
    assert BlockField.objects.get().required_from == "never"
    assert ProductVersion.objects.count() == 1


def test_a_block_cannot_own_itself(modelling: Client) -> None:
    port, node = factory.block("Port"), factory.block("Node")
    factory.block_field(node, "ports", port)
    address = f"/admin/products/productblock/{port.pk}/change/"
    field = {**FIELD, "name": "node", "kind": "block", "blocks": [str(node.pk)]}

    found = errors(modelling, address, {"name": "Port", "tag": "P", **inline("fields", [field])})

    assert found == ["block Node: would own itself: Node → Port → Node."]
    assert not port.fields.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "1st"}, "“1st” must be a name of letters, digits and underscores that does not begin with a digit."),
        ({"name": "name"}, "“name” is a name that the system itself uses; choose another."),
        ({"resource_type": ""}, "This field must have a resource type."),
        ({"kind": "block"}, "This field must name the block it holds."),
        ({"default_text": "many"}, "The default must be a whole number."),
        ({"minimum": "3"}, "This field is not a list, so it has no minimum, maximum or unique members."),
        (
            {"kind": "scalar_list", "minimum": "3", "maximum": "2"},
            "This field cannot have at least 3 and at most 2 members.",
        ),
        ({"kind": "scalar_list", "default_text": "1, x"}, "The default must be a whole number."),
        ({"computed": "{a"}, "This field has a computed text that has a brace without its partner"),
    ],
)
def test_fields_that_cannot_be_built(changes: dict[str, str], message: str, modelling: Client) -> None:
    number = factory.resource_type("number", "integer")
    field = {**FIELD, "name": "number", "resource_type": str(number.pk), **changes}

    found = errors(modelling, "/admin/products/productblock/add/", {"name": "B", **inline("fields", [field])})

    assert any(message in error for error in found), found
    assert not ProductBlock.objects.exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"kind": "enum"}, "An enum needs choices."),
        ({"kind": "integer", "choices_text": "1\nx"}, "Enter a whole number on each line."),
        ({"kind": "integer", "minimum": "5", "maximum": "1"}, "The minimum is above the maximum."),
        ({"kind": "integer", "minimum": "low"}, "“low” is not a number."),
        ({"kind": "string", "pattern": "("}, "The pattern is not a regular expression"),
    ],
)
def test_types_that_contradict_themselves(data: dict[str, str], message: str, modelling: Client) -> None:
    found = errors(modelling, "/admin/products/resourcetype/add/", {"name": "x", **data})

    assert any(message in error for error in found), found
    assert not ResourceType.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"kind": "enum"}, "choices_text"),
        ({"kind": "integer", "maximum": "high"}, "maximum"),
        ({"pattern": "("}, "pattern"),
    ],
)
def test_a_contradiction_is_said_beside_its_field(data: dict[str, object], field: str, modelling: Client) -> None:
    sent: dict[str, object] = {"name": "x", "kind": "string", **data}

    assert fields_at_fault(modelling, "/admin/products/resourcetype/add/", sent) == [field]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "1st"}, "name"),
        ({"resource_type": ""}, "resource_type"),
        ({"kind": "scalar_list", "minimum": "2", "default_text": "1"}, "default_text"),
        ({"computed": "{a"}, "resource_type"),
    ],
)
def test_a_fault_is_said_beside_its_field(changes: dict[str, str], field: str, modelling: Client) -> None:
    number = factory.resource_type("number", "integer")
    row = {**FIELD, "name": "number", "resource_type": str(number.pk), **changes}
    sent = {"name": "B", **inline("fields", [row])}

    assert fields_at_fault(modelling, "/admin/products/productblock/add/", sent)[:1] == [field]


def test_choices_are_kept_in_their_type(modelling: Client) -> None:
    modelling.post(
        "/admin/products/resourcetype/add/", {"name": "speed", "kind": "integer", "choices_text": "1000\n 10000\n\n"}
    )

    assert ResourceType.objects.get().choices == [1000, 10000]


def test_constants_are_checked(modelling: Client) -> None:
    product = factory.published()
    address = f"/admin/products/product/{product.pk}/change/"

    found = errors(modelling, address, as_sent(modelling, address, **{"fixed_inputs-0-value_text": "fast"}))

    assert found == ["The value must be a whole number."]


def test_end_of_life_is_refused_while_in_use(modelling: Client, settings: Settings) -> None:
    settings.CATALOGUE_RETIRE_HOOKS = ["tests.products.hooks.refuse_retirement"]
    product = factory.published()
    address = f"/admin/products/product/{product.pk}/change/"

    found = errors(modelling, address, as_sent(modelling, address, status="end of life"))

    assert found == ["port 10G is still delivered."]
    assert Product.objects.get().status == "active"


def test_deleting_what_others_hold_is_refused(modelling: Client) -> None:
    port = factory.block("Port")
    node = factory.block("Node")
    factory.block_field(port, "node", node, owned=False)

    answer = modelling.post(f"/admin/products/productblock/{node.pk}/delete/", {"post": "yes"}, follow=True)

    assert "Not deleted." in answer.content.decode()
    assert ProductBlock.objects.filter(pk=node.pk).exists()


def test_deleting_a_product(modelling: Client) -> None:
    product = factory.published()

    modelling.post(f"/admin/products/product/{product.pk}/delete/", {"post": "yes"})

    assert not Product.objects.exists()
    assert AuditEvent.objects.filter(action="catalogue.delete", actor="modeller", subject_id=str(product.pk)).exists()


@pytest.mark.parametrize("who", ["viewer", "operator", "stranger"])
def test_others_cannot_model(who: str, client: Client, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(who))

    client.post("/admin/products/resourcetype/add/", {"name": "x", "kind": "string"})

    assert not ResourceType.objects.exists()
