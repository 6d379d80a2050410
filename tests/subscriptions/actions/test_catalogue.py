"""What a change of the catalogue does to live subscriptions."""

from dataclasses import replace

import pytest

from products.actions import (
    CatalogueChangeRefused,
    CatalogueFileInvalid,
    export_catalogue,
    import_catalogue,
    publish_all,
    update_product,
)
from products.models import BlockField, ProductBlock, ProductStatus, ResourceType
from products.queries import current_schema, current_version
from subscriptions import tree
from subscriptions.actions import ValueTaken, impact, save
from subscriptions.models import Subscription, SubscriptionVersion, UniqueValue
from subscriptions.queries.loading import load
from tests.factories import subscriptions as make

pytestmark = pytest.mark.django_db

TAGS = "      - {name: tags, kind: scalar_list}\n"


def remodel(old: str, new: str) -> None:
    """Import the catalogue with one part of its text replaced; a refusal comes out as the hook raised it."""
    assert old in make.CATALOGUE
    try:
        make.catalogue(make.CATALOGUE.replace(old, new))
    except CatalogueFileInvalid as error:
        raise error.__cause__ or error from error


def test_live_subscriptions_move_to_the_new_version() -> None:
    node = make.node()

    remodel(TAGS, TAGS + "      - {name: remark}\n")

    row = Subscription.objects.get()
    assert row.product_version == current_version(row.product_id)
    assert row.product_version.number == 2
    assert row.version == node.version
    assert load(row.pk).node.remark is None


def test_terminated_subscriptions_stay_with_their_version() -> None:
    make.node(status="terminated")

    remodel(TAGS, TAGS + "      - {name: remark}\n")

    assert Subscription.objects.get().product_version.number == 1


def test_new_field_with_a_default_is_filled_in_as_a_version() -> None:
    node = make.node()

    remodel(TAGS, TAGS + "      - {name: remark, default: none yet, required_from: active}\n")

    assert load(node.subscription_id).node.remark == "none yet"
    last = SubscriptionVersion.objects.latest("number")
    assert (last.number, last.by) == (node.version + 1, "factory")


def test_new_field_that_is_required_and_has_no_default_is_refused() -> None:
    make.node("ams-1")
    make.node("ams-2", status="initial")

    with pytest.raises(CatalogueChangeRefused) as refused:
        remodel(TAGS, TAGS + "      - {name: remark, required_from: active}\n")

    assert refused.value.reason == (
        "node: 1 subscription would not fit: “node ams-1”: status active needs a value for node.remark."
    )
    assert "remark" not in current_schema(make.product("node").pk).blocks["Node"].by_name


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("kind: integer}", "kind: integer, minimum: 2}", "Node.ims_id must be at least 2, and is 1"),
        (
            "      - {name: ims_id, required_from: active}\n",
            "      - {name: ims_id, kind: scalar_list}\n",
            "must be a list",
        ),
    ],
)
def test_value_that_no_longer_fits_is_refused(old: str, new: str, reason: str) -> None:
    make.node()

    with pytest.raises(CatalogueChangeRefused, match=reason):
        remodel(old, new)


def test_value_of_a_field_that_goes_is_lost_and_stays_in_the_history() -> None:
    node = make.node()
    node.node.tags = ["a"]
    node = make.changed(node)

    remodel(TAGS, "")

    assert not hasattr(load(node.subscription_id).node, "tags")
    last = SubscriptionVersion.objects.filter(number=node.version).get()
    assert last.tree["node"]["tags"] == ["a"]


def test_blocks_that_would_have_no_place_refuse() -> None:
    node = make.node()
    circuit = make.circuit(make.port(node, "1"), make.port(node, "2"))
    circuit.circuit.append_block("extra")
    make.changed(circuit)
    extra = "      - {name: extra, kind: optional_block, blocks: [Extra]}\n"

    with pytest.raises(CatalogueChangeRefused, match=r"Circuit\.extra is gone, and holds blocks"):
        remodel(extra, "")
    with pytest.raises(CatalogueChangeRefused, match="no longer takes a block Extra, and holds one"):
        remodel(extra, extra.replace("[Extra]", "[SAP]"))
    with pytest.raises(CatalogueChangeRefused, match="would hold blocks of another owner"):
        remodel(extra, extra.replace("[Extra]", "[Extra], owned: false"))


def test_lists_keep_their_bounds() -> None:
    node = make.node()
    make.circuit(make.port(node, "1"), make.port(node, "2"))

    with pytest.raises(CatalogueChangeRefused, match="must have at least 3 members, and has 2"):
        remodel("minimum: 2, maximum: 3", "minimum: 3, maximum: 3")
    with pytest.raises(CatalogueChangeRefused, match=r"Circuit\.saps takes one block, and holds more"):
        remodel("kind: block_list, blocks: [SAP], minimum: 2, maximum: 3", "kind: block, blocks: [SAP]")


def test_block_that_must_be_there_is_made() -> None:
    node = make.node()

    remodel(TAGS, TAGS + "      - {name: extra, kind: block, blocks: [Extra], required_from: initial}\n")

    assert load(node.subscription_id).node.extra.remark is None


def test_value_that_becomes_unique_is_claimed_or_refused() -> None:
    one, two = make.node("a"), make.node("b")
    two.node.ims_id = 2
    save([two], cause=make.CAUSE)
    unique = "      - {name: ims_id, required_from: active, unique_scope: product}\n"

    remodel("      - {name: ims_id, required_from: active}\n", unique)
    assert UniqueValue.objects.filter(field="ims_id").count() == 2

    make.catalogue()
    assert UniqueValue.objects.filter(field="ims_id").count() == 0

    two = load(two.subscription_id)
    two.node.ims_id = 1
    save([two], cause=make.CAUSE)
    with pytest.raises(CatalogueChangeRefused, match="ims_id must be unique among subscriptions of this product"):
        remodel("      - {name: ims_id, required_from: active}\n", unique)
    assert load(one.subscription_id).node.ims_id == 1


def test_impact_says_what_would_happen_and_does_nothing() -> None:
    node = make.node()
    node.node.tags = ["a"]
    make.changed(node)
    product = make.product("node")
    schema = current_schema(product.pk)
    block = schema.blocks["Node"]
    fields = [field for field in block.fields if field.name != "tags"]
    status = replace(block.by_name["node_status"], name="second_status")
    required = replace(block.by_name["ims_id"], name="second_id")
    new = replace(schema, blocks={"Node": replace(block, fields=(*fields, status, required))})

    effects = impact(product, new)
    assert [effect.sentence for effect in effects] == [
        "node: 1 subscription would move to the new model.",
        "node: Node.second_status = 'planned' is filled in for “node ams-1”.",
        "node: the value of Node.tags is lost for “node ams-1” (1 subscription).",
        "node: 1 subscription would not fit: “node ams-1”: status active needs a value for node.second_id.",
    ]
    assert [effect.lost for effect in effects] == ["", "", "Node.tags", ""]
    assert Subscription.objects.get().product_version.number == 1


def test_impact_on_nothing_is_nothing() -> None:
    product = make.product("node")

    assert impact(product, current_schema(product.pk)) == []


def test_product_in_use_cannot_end() -> None:
    make.node()

    with pytest.raises(CatalogueChangeRefused, match="node is still delivered: “node ams-1”"):
        update_product(make.product("node").pk, by="x", status=ProductStatus.END_OF_LIFE)


def test_product_in_use_by_nobody_can_end() -> None:
    make.node(status="terminated")

    update_product(make.product("node").pk, by="x", status=ProductStatus.END_OF_LIFE)

    assert make.product("node").status == "end of life"


def test_block_modelled_by_hand_is_published_to_live_subscriptions() -> None:
    node = make.node()
    kind = ResourceType.objects.create(name="colour", kind="string")
    BlockField.objects.create(
        block=ProductBlock.objects.get(name="Node"), name="colour", resource_type=kind, position=9
    )

    publish_all(by="mona")

    assert load(node.subscription_id).node.colour is None


def renamed(**more: str) -> str:
    """The catalogue with the field tags of a node called labels, and what more is said of it."""
    said = "".join(f", {key}: {value}" for key, value in more.items())
    return make.CATALOGUE.replace(TAGS, TAGS.replace("name: tags", f"name: labels{said}, resource_type: tags"))


def tagged_node() -> tree.Subscription:
    node = make.node()
    node.node.tags = ["precious"]
    return make.changed(node)


def test_import_that_loses_values_is_refused_with_its_line() -> None:
    """Fault 2: neither the dry run nor the import said so."""
    node = tagged_node()
    lost = "node: the value of Node.tags is lost for “node ams-1” (1 subscription)."

    dry = import_catalogue(renamed(), "new.yaml", by="jane", dry_run=True)
    with pytest.raises(CatalogueFileInvalid) as refused:
        import_catalogue(renamed(), "new.yaml", by="jane")

    assert dry.lost == (lost,)
    assert f"lose {lost}" in str(dry).splitlines()
    assert [fault.message for fault in refused.value.faults] == [
        f"block Node: {lost} Say formerly: tags where it was renamed, or import with --lose-values"
    ]
    assert refused.value.faults[0].line > 1
    assert load(node.subscription_id).node.tags == ("precious",)


def test_import_loses_values_when_it_is_told_so() -> None:
    node = tagged_node()

    report = import_catalogue(renamed(), "new.yaml", by="jane", may_lose_values=True)

    assert len(report.lost) == 1
    assert load(node.subscription_id).node.labels == ()


def test_field_that_was_renamed_keeps_its_values() -> None:
    node = tagged_node()

    report = import_catalogue(renamed(formerly="tags"), "new.yaml", by="jane")
    again = import_catalogue(export_catalogue(), "again.yaml", by="jane")

    assert (report.lost, report.versions) == ((), ("node version 2",))
    assert (again.changes, again.versions) == ((), ())
    assert load(node.subscription_id).node.labels == ("precious",)
    assert "formerly: tags" in export_catalogue()


def test_former_name_that_the_block_still_has_is_refused() -> None:
    both = renamed(formerly="tags").replace("fields:\n", "fields:\n" + TAGS, 1)

    with pytest.raises(CatalogueFileInvalid, match="was formerly “tags”, which the block still has"):
        import_catalogue(both, "new.yaml", by="jane")


def test_a_rule_that_what_is_delivered_breaks_is_refused_with_those() -> None:
    make.node("ams-1")
    make.node("bru-1")
    rule = """    rules:
      - rule: node_name[0] == "a"
        message: Names begin with an a.
  - name: Port
"""

    with pytest.raises(CatalogueChangeRefused) as refused:
        remodel("  - name: Port\n", rule)

    assert refused.value.reason == ("node: 1 subscription would not fit: “node bru-1”: node: Names begin with an a..")


def test_a_rule_on_use_that_is_broken_already_is_refused() -> None:
    node = make.node()
    ports = [make.port(node, name) for name in ("1", "2", "3")]
    make.circuit(ports[0], ports[1])
    make.circuit(ports[0], ports[2])
    rule = """    rules:
      - {rule: "not overlap(sap.vlan for sap in users('SAP'))", message: Once.}
  - name: SAP
"""

    with pytest.raises(CatalogueChangeRefused, match="1 subscription would not fit: “port 1”: port: Once"):
        remodel("  - name: SAP\n", rule)


def test_a_block_that_is_renamed_keeps_what_was_delivered() -> None:
    node, gone = make.node("ams-1"), make.node("old", status="terminated")
    port = make.port(node)
    renamed = make.CATALOGUE.replace("  - name: Node\n", "  - name: Router\n    formerly: Node\n")

    make.catalogue(renamed.replace("block: Node}", "block: Router}").replace("blocks: [Node]", "blocks: [Router]"))

    kept, of_port = load(node.subscription_id), load(port.subscription_id)
    assert (kept.node.name, kept.node.node_name, kept.node) == ("Router", "ams-1", node.node)
    assert (of_port.port.node.name, of_port.port.node.node_name) == ("Router", "ams-1")
    assert load(gone.subscription_id).node.node_name == "old"
    with pytest.raises(ValueTaken, match=r"Router\.node_name must be unique"):
        make.node("ams-1")
    of_port.port.port_name = "2/1"
    assert make.changed(of_port).port.title == "port 2/1 on ams-1"


def test_a_block_that_goes_without_a_new_name_is_refused_naming_what_holds_it() -> None:
    make.node("ams-1")
    renamed = make.CATALOGUE.replace("  - name: Node\n", "  - name: Router\n").replace("block: Node}", "block: Router}")

    with pytest.raises(CatalogueFileInvalid, match=r"node\.node no longer takes a block Node, and holds one"):
        make.catalogue(renamed)
