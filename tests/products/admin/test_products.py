"""Products in the admin: from nothing to one that can be ordered, and to its end."""

import pytest
from django.test import Client
from pytest_django import Settings

from processes.models import AuditEvent
from processes.plugins import registry
from products import queries
from products.models import BlockField, Product, ProductBlock, ProductVersion, ProductWorkflow, ResourceType
from tests.factories import products as factory
from tests.products.admin.conftest import FIELD, errors
from tests.products.admin.posting import NO_RULES, as_sent, inline

pytestmark = pytest.mark.django_db


def test_from_nothing_to_a_product(modelling: Client) -> None:
    for name, kind in (("port_name", "string"), ("vlan", "vlan_ranges"), ("speed", "integer")):
        assert modelling.post("/admin/products/resourcetype/add/", {"name": name, "kind": kind}).status_code == 302
    types = {row.name: row.pk for row in ResourceType.objects.all()}
    fields = [
        {**FIELD, "name": "port_name", "resource_type": types["port_name"], "required_from": "active"},
        {**FIELD, "name": "vlan", "resource_type": types["vlan"], "default_text": "3, 2, 7"},
    ]
    modelling.post(
        "/admin/products/productblock/add/",
        {"name": "Port", "tag": "P", "status": "active", **NO_RULES, **inline("fields", fields)},
    )
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
            **inline("roots", [{"name": "port", "block": block.pk, "kind": "block"}]),
            **NO_RULES,
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


def test_validate_workflows_are_tasks_and_can_be_offered(modelling: Client, settings: Settings) -> None:
    """fault 1"""
    settings.WORKFLOW_MODULES = ["tests.products.workflows", "tests.subscriptions.workflows.definitions"]
    registry.reload()
    product = factory.published()
    address = f"/admin/products/product/{product.pk}/change/"
    offers = inline("offers", [{"workflow_name": "validate_node"}])

    answer = modelling.post(address, {**as_sent(modelling, address), **offers})

    assert answer.status_code == 302
    assert modelling.post(address, as_sent(modelling, address)).status_code == 302
    assert queries.offers(product.pk)["validate"] == ["validate_node"]


@pytest.mark.parametrize(("name", "target"), [("tidy_up", "system"), ("gone", "system"), ("gone", "modify")])
def test_what_is_offered_already_stays_a_choice(modelling: Client, name: str, target: str) -> None:
    """fault 1"""
    product = factory.published()
    ProductWorkflow.objects.create(product=product, workflow_name=name, target=target)
    address = f"/admin/products/product/{product.pk}/change/"

    answer = modelling.post(address, as_sent(modelling, address))

    assert answer.status_code == 302
    assert queries.offers(product.pk)[target] == [name]


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


def test_end_of_life_is_refused_while_in_use(modelling: Client, settings: Settings) -> None:
    settings.CATALOGUE_RETIRE_HOOKS = ["tests.products.hooks.refuse_retirement"]
    product = factory.published()
    address = f"/admin/products/product/{product.pk}/change/"

    found = errors(modelling, address, as_sent(modelling, address, status="end of life"))

    assert found == ["port 10G is still delivered."]
    assert Product.objects.get().status == "active"


def test_deleting_a_product(modelling: Client) -> None:
    product = factory.published()

    modelling.post(f"/admin/products/product/{product.pk}/delete/", {"post": "yes"})

    assert not Product.objects.exists()
    assert AuditEvent.objects.filter(action="catalogue.delete", actor="modeller", subject_id=str(product.pk)).exists()


def test_a_field_is_narrowed_and_never_wider(modelling: Client) -> None:
    product = factory.published(root=factory.block("Port", port_name="string", lanes="integer"))
    lanes = BlockField.objects.get(name="lanes")
    address = f"/admin/products/product/{product.pk}/change/"
    row = {"narrowed-TOTAL_FORMS": 1, "narrowed-0-position": 0, "narrowed-0-field": lanes.pk}

    wider = modelling.post(address, as_sent(modelling, address, **row, **{"narrowed-0-most": 3}))
    unread = modelling.post(address, as_sent(modelling, address, **row, **{"narrowed-0-choices_text": "x"}))
    saved = modelling.post(address, as_sent(modelling, address, **row, **{"narrowed-0-choices_text": "1\n2"}))

    assert "Port.lanes is not a list, so it has no fewest or most members" in wider.content.decode()
    assert "Enter a whole number on each line." in unread.content.decode()
    assert saved.status_code == 302
    scalar = queries.current_schema(product.pk).blocks["Port"].field("lanes").scalar
    assert scalar is not None
    assert scalar.choices == (1, 2)
