"""The workflows that any modelled product can use."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.engine import StartRefused
from processes.forms import FormIncomplete, FormInvalid
from processes.models import Process
from subscriptions import queries, tree
from subscriptions.actions import mark_out_of_sync
from subscriptions.models import Customer, Subscription
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady

pytestmark = pytest.mark.usefixtures("offered")
GIVEN = {"node_name": "ams-1", "ims_id": 5}


def page_0(product_name: str) -> dict[str, str]:
    return {"product": str(make.product(product_name).pk)}


def order(operator: User, product_name: str, answers: dict[str, Any]) -> Process:
    pages = [page_0(product_name), {"customer_id": str(make.customer().pk), **answers}, {}]
    return actions.start("create_subscription", pages, by=operator)


def form_page(operator: User, product_name: str, *answers: dict[str, Any]) -> Any:
    with pytest.raises(FormIncomplete) as asked:
        actions.start("create_subscription", [page_0(product_name), *answers], by=operator)
    return asked.value.page.schema


def errors(operator: User, product_name: str, answers: dict[str, Any]) -> list[tuple[list[str | int], str]]:
    with pytest.raises(FormInvalid) as invalid:
        order(operator, product_name, answers)
    return [(one["loc"], one["msg"]) for one in invalid.value.errors]


def test_any_product_can_be_ordered(operator: User, run_ready: RunReady) -> None:
    process = order(operator, "node", {**GIVEN, "tags": ["a", "b"]})

    run_ready()

    process.refresh_from_db()
    assert process.status == "completed"
    node = queries.get(Subscription.objects.get().pk)
    assert (node.description, node.status, node.insync) == ("node ams-1", "active", True)
    assert (node.node.node_status, node.node.tags, node.node.ims_id) == ("planned", ("a", "b"), 5)


def test_form_is_made_from_the_model(operator: User) -> None:
    schema = form_page(operator, "node")

    assert list(schema["properties"]) == ["customer_id", "node_name", "node_status", "ims_id", "tags"]
    assert schema["required"] == ["customer_id", "node_name", "ims_id"]
    assert schema["properties"]["node_status"]["default"] == "planned"
    assert schema["$defs"]["CustomerChoice"]["options"] == {str(make.customer().pk): "Example"}
    assert schema["additionalProperties"] is False


def test_a_block_may_have_a_customer_of_its_own(operator: User, run_ready: RunReady) -> None:
    fields = "  - name: Port\n    fields:\n      - {name: customer_id, resource_type: remark}\n"
    make.catalogue(make.CATALOGUE.replace("  - name: Port\n    fields:\n", fields))
    node = make.node()
    answers = {"port_name": "1/1", "customer_id": "theirs", "node": str(node.node.subscription_instance_id)}
    pages = [page_0("port 10G"), {"subscription_customer_id": str(make.customer().pk), **answers}, {}]

    actions.start("create_subscription", pages, by=operator)
    run_ready()

    port = queries.get(Subscription.objects.exclude(pk=node.subscription_id).get().pk)
    assert (port.port.customer_id, port.customer_id, port.status) == ("theirs", make.customer().pk, "active")


def test_summary_shows_labels(operator: User) -> None:
    node = make.node()
    answers = {"port_name": "1/1", "enabled": True, "node": str(node.node.subscription_instance_id)}

    schema = form_page(operator, "port 10G", {"customer_id": str(make.customer().pk), **answers})

    assert schema["properties"]["summary"]["extraProperties"]["data"] == {
        "headers": [],
        "labels": ["Customer", "Port name", "Enabled", "Node"],
        "columns": [["Example", "1/1", "Yes", "node ams-1"]],
    }


def test_reference_is_one_of_the_active_blocks(operator: User, run_ready: RunReady) -> None:
    node, gone = make.node("ams-1"), make.node("ams-2", status="terminated")
    answers = {"port_name": "1/1", "node": str(gone.node.subscription_instance_id)}

    assert [loc for loc, _ in errors(operator, "port 10G", answers)] == [["node"]]
    order(operator, "port 10G", {**answers, "node": str(node.node.subscription_instance_id)})
    run_ready()

    port = queries.get(Subscription.objects.get(product__name="port 10G").pk)
    assert (port.status, port.port.node, port.description) == ("active", node.node, "port 10G 1/1")


def test_nested_blocks_are_lists_of_groups(operator: User, run_ready: RunReady) -> None:
    node = make.node()
    ports = [str(make.port(node, f"1/{number}").port.subscription_instance_id) for number in range(3)]
    saps = [{"port": port, "vlan": "7"} for port in ports]

    order(operator, "circuit", {"saps": saps, "extra": {"remark": "hello"}})
    run_ready()

    circuit = queries.get(Subscription.objects.get(product__name="circuit").pk)
    assert [sap.port.port_name for sap in circuit.circuit.saps] == ["1/0", "1/1", "1/2"]
    assert circuit.circuit.extra.remark == "hello"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, [(["node_name"], "field required"), (["ims_id"], "field required")]),
        ({**GIVEN, "more": 1}, [(["more"], "Extra inputs are not permitted")]),
        ({**GIVEN, "ims_id": "x"}, [(["ims_id"], "must be a whole number")]),
        ({**GIVEN, "node_name": None}, [(["node_name"], "a value is needed")]),
        ({**GIVEN, "tags": "x"}, [(["tags"], "must be a list")]),
        ({**GIVEN, "node_status": "gone"}, [(["node_status"], "must be one of planned, active")]),
    ],
)
def test_wrong_values_are_named(
    operator: User, answers: dict[str, Any], expected: list[tuple[list[str | int], str]]
) -> None:
    found = errors(operator, "node", answers)

    assert [(loc, message.removeprefix("Value error, ")) for loc, message in found] == expected


def test_value_that_is_taken_is_named_on_the_page(operator: User) -> None:
    make.node("ams-1")

    assert errors(operator, "node", GIVEN)[0][1].endswith("is already used by “node ams-1”")


@pytest.mark.parametrize(("count", "message"), [(1, "at least 2 items"), (4, "at most 3 items")])
def test_lists_of_blocks_keep_their_bounds(operator: User, count: int, message: str) -> None:
    port = str(make.port(make.node()).port.subscription_instance_id)

    found = errors(operator, "circuit", {"saps": [{"port": port}] * count})

    assert [loc for loc, _ in found] == [["saps"]]
    assert message in found[0][1]


def test_union_is_told_by_its_kind(operator: User, run_ready: RunReady) -> None:
    make.product("node")
    extra = "      - {name: extra, kind: optional_block, blocks: [Extra]}\n"
    either = "      - {name: either, kind: block_list, blocks: [Extra, Note]}\n"
    note = "  - name: Note\n    fields:\n      - {name: schema, resource_type: remark}\n  - name: Circuit\n"
    make.catalogue(make.CATALOGUE.replace(extra, extra + either).replace("  - name: Circuit\n", note))
    node = make.node()
    saps = [{"port": str(make.port(node, name).port.subscription_instance_id)} for name in ("1", "2")]
    members = [{"block": "Note", "schema": "s"}, {"block": "Extra", "remark": "r"}]

    order(operator, "circuit", {"saps": saps, "either": members})
    run_ready()

    circuit = queries.get(Subscription.objects.get(product__name="circuit").pk)
    assert [block.name for block in circuit.circuit.either] == ["Note", "Extra"]
    assert (circuit.circuit.either[0].schema, circuit.circuit.either[1].remark) == ("s", "r")


def test_order_without_any_customer_is_refused(operator: User) -> None:
    Customer.objects.all().delete()

    with pytest.raises(StartRefused, match="There is no customer to deliver to"):
        actions.start("create_subscription", [page_0("node")], by=operator)


def test_terminate_shows_what_ends_and_ends_it(operator: User, run_ready: RunReady) -> None:
    node = make.node()
    pages = [{"subscription_id": str(node.subscription_id)}]

    with pytest.raises(FormIncomplete) as asked:
        actions.start("terminate_subscription", pages, by=operator)
    actions.start("terminate_subscription", [*pages, {}], by=operator)
    run_ready()

    shown = asked.value.page.schema["properties"]["summary"]["extraProperties"]["data"]["columns"]
    assert shown == [["node ams-1", "node", "active"]]
    assert queries.get(node.subscription_id).status == "terminated"


@pytest.mark.parametrize("insync", [True, False])
def test_note_is_edited_and_the_flag_left_alone(operator: User, run_ready: RunReady, insync: bool) -> None:
    node = make.node()
    if not insync:
        mark_out_of_sync(node.subscription_id)
    page = {"subscription_id": str(node.subscription_id)}

    actions.start("modify_note", [page, {"note": "look\nhere"}], by=operator)
    run_ready()
    noted = queries.get(node.subscription_id)
    actions.start("modify_note", [page, {"note": None}], by=operator)
    run_ready()

    assert (noted.note, noted.insync) == ("look\nhere", insync)
    assert queries.get(node.subscription_id).note is None


@pytest.mark.parametrize("first", ["of the first", None])
def test_a_note_that_somebody_has_changed_is_not_overwritten_unseen(operator: User, first: str | None) -> None:
    """fault 16"""
    node = make.node()
    node.note = "before"
    node = make.changed(node)
    page = {"subscription_id": str(node.subscription_id)}
    node.note = first
    make.changed(node)

    with pytest.raises(FormInvalid) as invalid:
        actions.start("modify_note", [page, {"note": "of the second", "seen": "before"}], by=operator)
    actions.start("modify_note", [page, {"note": "of the second", "seen": first}], by=operator)

    (error,) = invalid.value.errors
    assert error["loc"] == ["seen"]
    now = f"“{first}”" if first else "empty"
    assert f"somebody has changed the note since you opened this form: it is now {now}." in error["msg"]


def test_plain_values_fill_and_reuse_blocks() -> None:
    node = make.node()
    circuit = make.circuit(make.port(node, "1"), make.port(node, "2"))
    first, second = circuit.circuit.saps

    tree.fill(circuit, {"circuit": {"saps": [{"vlan": "1"}, {"vlan": "2"}, {"vlan": "3"}]}}, queries.block)
    assert circuit.circuit.saps[:2] == (first, second)
    assert [sap.vlan for sap in circuit.circuit.saps] == [{1}, {2}, {3}]

    tree.fill(circuit, {"circuit": {"saps": [{}, {}], "extra": {"remark": "x"}}}, queries.block)
    assert len(circuit.circuit.saps) == 2
    tree.fill(circuit, {"circuit": {"extra": None}}, queries.block)
    assert circuit.circuit.extra is None


SEVERAL = (
    make.CATALOGUE
    + """  - name: bundle
    description: Several ends
    product_type: Bundle
    tag: BUNDLE
    blocks:
      - {name: ends, kind: block_list, block: SAP, minimum: 2, maximum: 3}
      - {name: either, blocks: [Extra, SAP]}
      - {name: more, kind: optional_block, block: Extra}
    rules:
      - rule: len(ends) == 2 or more is not None
        message: A third end needs more.
    workflows: {create: [create_subscription]}
"""
)


def bundle(operator: User, ends: list[dict[str, Any]], more: Any = None) -> Process:
    either = {"either": {"block": "Extra", "remark": "one of two"}}
    customer = {"customer_id": str(make.customer().pk)}
    pages: list[dict[str, Any]] = [page_0("bundle"), {**customer, "ends": ends}, either, {"more": more}, {}]
    return actions.start("create_subscription", pages, by=operator)


def test_roots_may_be_several_of_several_kinds_or_none(operator: User, run_ready: RunReady) -> None:
    make.catalogue(SEVERAL)
    ports = [make.port(make.node(f"ams-{number}"), "1") for number in range(2)]
    ends = [{"port": str(port.port.subscription_instance_id), "vlan": str(n)} for n, port in enumerate(ports, start=1)]

    process = bundle(operator, ends)
    run_ready()

    process.refresh_from_db()
    assert process.failed_reason is None
    made = queries.get(Subscription.objects.get(product__name="bundle").pk)
    assert ([end.vlan for end in made.ends], made.either.remark, made.more) == ([{1}, {2}], "one of two", None)
    assert [(one["loc"], one["msg"]) for one in refused(operator, [*ends, ends[0]])] == [
        (["__root__"], "A third end needs more.")
    ]


def refused(operator: User, ends: list[dict[str, Any]]) -> Any:
    with pytest.raises(FormInvalid) as invalid:
        bundle(operator, ends)
    return invalid.value.errors


def test_a_rule_is_said_in_the_form(operator: User) -> None:
    rule = """    rules:
      - rule: node_name != "no"
        message: Not this name.
  - name: Port
"""
    make.catalogue(make.CATALOGUE.replace("  - name: Port\n", rule))

    assert errors(operator, "node", {**GIVEN, "node_name": "no"}) == [(["__root__"], "node: Not this name.")]


@pytest.mark.parametrize("customer_id", ["SURF", "0042", "urn:org:é/1 & co"])
def test_a_customer_may_have_any_text_for_an_id(operator: User, run_ready: RunReady, customer_id: str) -> None:
    make.product("node")
    Customer.objects.create(id=customer_id, fullname="Another", shortcode="AN")
    pages: list[dict[str, Any]] = [page_0("node"), {"customer_id": customer_id, **GIVEN}, {}]

    process = actions.start("create_subscription", pages, by=operator)
    run_ready()

    assert store.load_state(process.pk).as_dict()["customer_id"] == customer_id
    node = Subscription.objects.get()
    assert (node.customer_id, queries.get(node.pk).customer_id, node.status) == (customer_id, customer_id, "active")
