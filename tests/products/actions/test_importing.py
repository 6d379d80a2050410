"""Import and export: exact round trip, report, and faults with their line."""
# ruff: noqa: E501 - messages as people read them

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from pytest_django import Settings

from processes.models import AuditEvent
from products import queries
from products.actions import CatalogueFileInvalid, export_catalogue, import_catalogue
from products.models import BlockField, Product, ProductBlock, ProductVersion, ResourceType

pytestmark = pytest.mark.django_db

DEMO = Path(site.ROOT) / "orchestrator_site" / "demo" / "catalogue.yaml"
SMALL = """\
resource_types:
  - name: ims_id
    kind: integer
    minimum: 1
  - name: vlan
    kind: vlan_ranges
blocks:
  - name: Node
    fields:
      - name: ims_id
        required_from: active
  - name: Port
    tag: PORT
    fields:
      - name: vlan
        default: 2,3,1
      - name: node
        kind: block
        blocks:
          - Node
        owned: false
products:
  - name: port
    description: A port.
    product_type: Port
    tag: PORT
    status: pre production
    end_date: '2030-01-31T12:00:00Z'
    fixed_inputs:
      - name: number
        resource_type: ims_id
        value: 5
    blocks:
      - name: port
        block: Port
    workflows:
      create:
        - create_anything
"""


@pytest.fixture(autouse=True)
def _plain_site(settings: Settings) -> None:
    settings.CATALOGUE_CHANGE_HOOKS = []
    settings.CATALOGUE_RETIRE_HOOKS = []


def without_comments(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def test_the_demo_round_trips_exactly() -> None:
    import_catalogue(DEMO.read_text(), DEMO.name, by="modeller")

    assert export_catalogue() == without_comments(DEMO.read_text())


def test_import_twice_changes_nothing() -> None:
    import_catalogue(SMALL, "small.yaml", by="modeller")
    exported = export_catalogue()

    again = import_catalogue(exported, "again.yaml", by="modeller")

    assert (again.changes, again.versions, again.unchanged) == ((), (), 5)
    assert export_catalogue() == exported
    assert ProductVersion.objects.count() == 1


def test_what_is_imported() -> None:
    report = import_catalogue(SMALL, "small.yaml", by="modeller")

    product = Product.objects.get()
    schema = queries.current_schema(product.pk)
    assert product.status == "pre production"
    assert schema.fixed_inputs == {"number": 5}
    assert schema.blocks["Port"].field("vlan").default == "1-3"
    assert schema.blocks["Port"].field("node").blocks == ("Node",)
    assert list(schema.blocks) == ["Port"]
    assert queries.offers(product.pk) == {"create": ["create_anything"]}
    assert report.versions == ("port version 1",)
    assert report.warnings == ("no workflow named create_anything is registered; it will be offered once it is",)
    assert set(AuditEvent.objects.values_list("action", "actor")) == {
        ("catalogue.publish", "modeller"),
        ("catalogue.import", "modeller"),
    }


def test_dry_run_reports_and_stores_nothing() -> None:
    import_catalogue(SMALL, "small.yaml", by="modeller")
    changed = SMALL.replace("required_from: active", "required_from: provisioning").replace(
        "tag: PORT\n    f", "tag: P\n    f"
    )

    report = import_catalogue(changed, "small.yaml", by="modeller", dry_run=True)

    assert str(report).splitlines() == [
        "change block Node",
        "    -    required_from: active",
        "    +    required_from: provisioning",
        "change block Port",
        "    -tag: PORT",
        "    +tag: P",
        "publish port version 2",
        "warning: no workflow named create_anything is registered; it will be offered once it is",
        "small.yaml: 2 changed, 3 unchanged (dry run: nothing was saved)",
    ]
    assert BlockField.objects.get(name="ims_id").required_from == "active"
    assert ProductVersion.objects.count() == 1


def test_what_the_file_does_not_name_stays() -> None:
    import_catalogue(SMALL, "small.yaml", by="modeller")

    report = import_catalogue("blocks:\n  - name: Node\n", "part.yaml", by="modeller")

    assert report.not_in_file == ("block Port", "product port", "resource type ims_id", "resource type vlan")
    assert not ProductBlock.objects.get(name="Node").fields.exists()
    assert ProductBlock.objects.get(name="Port").fields.count() == 2


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("kind: integer", "kind: number", ["f.yaml:3: resource_types.0.kind: expected 'string', 'text', 'integer', 'decimal', 'boolean', 'datetime', 'uuid', 'ip_address', 'ip_network', 'mac', 'vlan_ranges', 'url', 'enum' or 'json', not 'number'"]),
        ("    kind: vlan_ranges\n", "", ["f.yaml:5: expected the key “kind” in resource_types.1"]),
        ("minimum: 1", "minimum: [1]", ["f.yaml:4: resource_types.0.minimum: must be a number, not [1]"]),
        ("minimum: 1", "min_length: 1", ["f.yaml:2: resource type ims_id: only a string or a text has a length, not integer"]),
        ("default: 2,3,1", "default: x", ["f.yaml:15: block Port, field vlan: has a default that must be VLANs between 0 and 4094, such as 2,5-6"]),
        ("default: 2,3,1", "defalt: 2", ["f.yaml:16: unknown key “defalt”; expected one of name, kind, resource_type, blocks, owned, minimum, maximum, unique_items, required_from, default, modifiable, unique_scope, description, computed, formerly"]),
        ("- Node", "- Nod", ["f.yaml:17: block Port, field node: there is no block “Nod”"]),
        ("owned: false", "minimum: 2", ["f.yaml:17: block Port, field node: is not a list, so it has no minimum, maximum or unique members"]),
        ("value: 5", "value: 0", ["f.yaml:30: product port, fixed input number: must be at least 1"]),
        ("resource_type: ims_id", "resource_type: nms_id", ["f.yaml:30: product port, fixed input number: expected a known resource type, not “nms_id”"]),
        ("block: Port", "block: Porte", ["f.yaml:34: product port, root port: there is no block “Porte”"]),
        ("- create_anything", "- create_anything\n        - create_anything", ["f.yaml:37: product port, create: expected the workflow create_anything only once"]),
        ("create:", "make:", ["f.yaml:37: products.0.workflows.make: expected 'create', 'modify', 'terminate', 'validate' or 'reconcile', not 'make'"]),
        ("name: vlan\n    kind", "name: ims_id\n    kind", ["f.yaml:5: resource type ims_id: is named twice"]),
        ("tag: PORT\n    status", "tag: no\n    status", []),
        ("tag: PORT\n    status", "tag: true\n    status", ["f.yaml:26: products.0.tag: expected a valid string, not True"]),
        ("minimum: 1", "minimum: 0100", ["f.yaml:4: expected a number without leading zeros, or a text in quotes, not 0100"]),
        ("value: 5", "value: 1:30", ["f.yaml:30: product port, fixed input number: must be a whole number"]),
        ("minimum: 1", "maximum: 99999999999999999999", ["f.yaml:2: resource type ims_id: the bounds of an integer must fit in 64 bits"]),
        ("minimum: 1", "maximum: 1e400", ["f.yaml:4: expected a number that can be kept: it is not JSON: number is infinity when parsed as double: line 1 column 1 (char 0)"]),
        ("description: A port.", 'description: "A\\0"', ["f.yaml:24: products.0.description: must not contain characters that cannot be stored, not 'A\\x00'"]),
        ("blocks:\n  - name: Node", "blocks: 5\nblocks:\n  - name: Node", ["f.yaml:7: expected the key “blocks” only once"]),
        ("kind: integer", "kind: [integer", ["f.yaml:4: expected YAML: did not find expected ',' or ']'"]),
        ("kind: integer", "kind: &a integer", []),
        ("kind: vlan_ranges", "kind: *a", ["f.yaml:6: expected the value itself, not an alias of it"]),
        ("end_date: '2030-01-31T12:00:00Z'", "end_date: '0001-01-01T00:00:00+01:00'", ["f.yaml:28: products.0.end_date: must lie between the years 1 and 9999, not '0001-01-01T00:00:00+01:00'"]),
        ("end_date: '2030-01-31T12:00:00Z'", "end_date: '2030-01-31T12:00:00'", ["f.yaml:28: products.0.end_date: input should have timezone info, not '2030-01-31T12:00:00'"]),
    ],
)  # fmt: skip
def test_faults_name_line_and_expectation(old: str, new: str, faults: list[str]) -> None:
    assert old in SMALL
    try:
        import_catalogue(SMALL.replace(old, new, 1), "f.yaml", by="modeller")
        found = []
    except CatalogueFileInvalid as invalid:
        found = [str(fault) for fault in invalid.faults]

    assert found == faults
    assert ResourceType.objects.exists() is (not faults)


@pytest.mark.parametrize(
    "text", ["5", "- a", "{1: 2}", "\x00", "a: 2030-99-99", "[" * 1100, "!!python/object:os.system {}"]
)
def test_rubbish_is_refused(text: str) -> None:
    with pytest.raises(CatalogueFileInvalid):
        import_catalogue(text, "f.yaml", by="modeller")


def test_an_empty_file_changes_nothing() -> None:
    assert import_catalogue("", "empty.yaml", by="modeller").changes == ()


def test_a_change_that_breaks_what_the_file_does_not_name() -> None:
    import_catalogue(SMALL, "small.yaml", by="modeller")

    with pytest.raises(CatalogueFileInvalid) as invalid:
        import_catalogue("resource_types:\n  - name: vlan\n    kind: integer\n", "f.yaml", by="modeller")

    assert str(invalid.value) == "f.yaml:1: block Port, field vlan: has a default that must be a whole number"


def test_end_of_life_is_refused_while_in_use(settings: Settings) -> None:
    import_catalogue(SMALL, "small.yaml", by="modeller")
    settings.CATALOGUE_RETIRE_HOOKS = ["tests.products.hooks.refuse_retirement"]

    with pytest.raises(CatalogueFileInvalid, match=r"f\.yaml:1: port is still delivered\."):
        import_catalogue(SMALL.replace("pre production", "end of life"), "f.yaml", by="modeller")


def test_a_model_that_does_not_fit_is_refused(settings: Settings) -> None:
    import_catalogue(SMALL, "small.yaml", by="modeller")
    settings.CATALOGUE_CHANGE_HOOKS = ["tests.products.hooks.refuse"]

    with pytest.raises(CatalogueFileInvalid, match=r"port: 1 subscription would not fit\."):
        import_catalogue(SMALL.replace("value: 5", "value: 6"), "f.yaml", by="modeller")

    assert Product.objects.get().fixed_inputs.get().value == 5


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)

    call_command("catalogue", "import", str(file))
    call_command("catalogue", "export")

    assert capsys.readouterr().out.endswith(export_catalogue())


def test_command_names_faults(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text("blocks: 5")

    with pytest.raises(CommandError, match=r"small\.yaml:1: blocks: expected a valid list, not 5"):
        call_command("catalogue", "import", str(file))
    with pytest.raises(CommandError, match="No such file"):
        call_command("catalogue", "import", str(tmp_path / "none.yaml"))


CHAIN = "blocks:\n" + "".join(
    f"  - {{name: B{number}, fields: [{{name: f, kind: block, blocks: [B{number + 1}]}}]}}\n" for number in range(1200)
)


def test_chain_of_many_blocks_is_refused_with_its_line() -> None:
    """Fault 26."""
    with pytest.raises(CatalogueFileInvalid) as invalid:
        import_catalogue(CHAIN + "  - {name: B1200}\n", "chain.yaml", by="modeller")

    assert str(invalid.value) == (
        "chain.yaml:2: block B0: is 1201 levels of blocks deep, and at most 16 are allowed: B0 → B1 → B2 → B3 → …"
    )


def test_many_faults_are_counted() -> None:
    keys = "\n".join(f"k{number}: 1" for number in range(40_000))

    with pytest.raises(CatalogueFileInvalid) as invalid:
        import_catalogue(keys, "keys.yaml", by="modeller")

    assert len(str(invalid.value).splitlines()) == 21
    assert str(invalid.value).endswith("and 39980 more")


BAD_ROWS = [
    (ResourceType, {"name": "ims_id"}, {"maximum": "1e400"}),
    (ResourceType, {"name": "ims_id"}, {"maximum": "1e999999999"}),
    (ResourceType, {"name": "ims_id"}, {"minimum": "abc"}),
    (ResourceType, {"name": "ims_id"}, {"maximum": "1e38"}),
    (ResourceType, {"name": "vlan"}, {"kind": "string", "pattern": "(?=a)"}),
    (ResourceType, {"name": "vlan"}, {"kind": "enum", "choices": []}),
    (BlockField, {"name": "vlan"}, {"default": "x"}),
    (BlockField, {"name": "vlan"}, {"maximum": 2_000_000_000, "kind": "scalar_list"}),
    (BlockField, {"name": "node"}, {"owned": True, "name": "class"}),
]


@pytest.mark.parametrize(("model", "row", "values"), BAD_ROWS, ids=str)
def test_bad_row_keeps_neither_export_nor_import_from_working(model: Any, row: Any, values: Any) -> None:
    """Faults 7 and 8, H4: a bound of 1e400 ended every export and import in a traceback."""
    import_catalogue(SMALL, "small.yaml", by="modeller")
    model.objects.filter(**row).update(**values)
    other = (
        SMALL[SMALL.index("resource_types") :]
        .replace("ims_id", "x")
        .replace("name: vlan", "name: y")
        .replace("Node", "N")
    )
    other = other.replace("Port", "P").replace("name: port", "name: other")

    exported = export_catalogue()
    report = import_catalogue(other, "other.yaml", by="modeller")

    assert "other version 1" in report.versions
    assert any("stays as it was published" in warning for warning in report.warnings)
    with pytest.raises(CatalogueFileInvalid, match=r"back\.yaml:\d+: "):
        import_catalogue(exported, "back.yaml", by="modeller")
    assert queries.current_schema(Product.objects.get(name="port").pk).version == 1
    assert import_catalogue(SMALL, "small.yaml", by="modeller").versions == ()


RULED = SMALL.replace("2,3,1", "1-3").replace("""        owned: false
""", """        owned: false
    rules:
      - rule: len(vlan) <= 10 or node is None
        message: Ten VLANs.
""").replace("""        block: Port
""", """        block: Port
    rules:
      - rule: port.vlan is not None or subscription.number > 3
        message: Some.
""")  # fmt: skip


def test_rules_round_trip_exactly_and_are_published() -> None:
    import_catalogue(RULED, "ruled.yaml", by="modeller")

    assert export_catalogue() == RULED
    schema = queries.current_schema(Product.objects.get().pk)
    assert [rule.message for rule in (*schema.rules, *schema.blocks["Port"].rules)] == ["Some.", "Ten VLANs."]
    assert import_catalogue(RULED, "ruled.yaml", by="modeller").changes == ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("len(vlan) <=", "len(vlans) <=", "ruled.yaml:23: block Port, rule 1: “len(vlans) <= 10 or node is None” refers to nothing: there is no “vlans”; there is vlan, node (at character 5)"),
        ("len(vlan) <=", "len(vlan <=", "ruled.yaml:23: block Port, rule 1: “len(vlan <= 10 or node is None” cannot be read: '(' was never closed (at character 4)"),
        ("subscription.number", "subscription.speed", "ruled.yaml:40: product port, rule 1: asks for subscription.speed, which is not there"),
        ("port.vlan is", "Port.vlan is", "ruled.yaml:40: product port, rule 1: “Port.vlan is not None or subscription.number > 3” refers to nothing: there is no “Port”; there is port (at character 1)"),
        ("message: Ten VLANs.", "massage: Ten VLANs.", "ruled.yaml:23: expected the key “message” in blocks.1.rules.0"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_with_its_line(old: str, new: str, fault: str) -> None:
    with pytest.raises(CatalogueFileInvalid) as invalid:
        import_catalogue(RULED.replace(old, new), "ruled.yaml", by="modeller")

    assert str(invalid.value.faults[0]) == fault
    assert not ProductBlock.objects.exists()


LABELLED = """\
resource_types:
  - name: port_mode
    kind: enum
    choices:
      - tagged
      - '1'
    labels:
      tagged: With VLAN tags
      '1': One
blocks:
  - name: Port
    tag: PORT
    status: phase out
    end_date: '2030-01-31T12:00:00Z'
    fields:
      - name: port_mode
"""


def test_labels_and_the_life_of_a_block_round_trip_exactly() -> None:
    import_catalogue(LABELLED, "labelled.yaml", by="modeller")

    assert export_catalogue() == LABELLED
    assert import_catalogue(LABELLED, "labelled.yaml", by="modeller").changes == ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("      tagged: With", "      tuged: With", "labelled.yaml:2: resource type port_mode: the label With VLAN tags is for tuged, which is no choice"),
        ("'1': One", "'1': With VLAN tags", "labelled.yaml:2: resource type port_mode: two choices have the same label"),
        ("'1': One", "'1': ' '", "labelled.yaml:2: resource type port_mode: the label of 1 must have 1 to 255 characters"),
        ("status: phase out", "status: over", "labelled.yaml:13: blocks.0.status: expected 'active', 'pre production', 'phase out' or 'end of life', not 'over'"),
    ],
)  # fmt: skip
def test_labels_and_statuses_that_cannot_be(old: str, new: str, fault: str) -> None:
    with pytest.raises(CatalogueFileInvalid) as invalid:
        import_catalogue(LABELLED.replace(old, new), "labelled.yaml", by="modeller")

    assert str(invalid.value) == fault


def test_a_block_at_its_end_is_held_by_no_product_that_lives() -> None:
    import_catalogue(SMALL, "small.yaml", by="modeller")
    ended = SMALL.replace("    tag: PORT\n    fields", "    tag: PORT\n    status: end of life\n    fields")

    with pytest.raises(CatalogueFileInvalid) as invalid:
        import_catalogue(ended, "small.yaml", by="modeller")
    import_catalogue(ended.replace("status: pre production", "status: end of life"), "small.yaml", by="modeller")

    assert str(invalid.value) == "small.yaml:24: product port: holds the block Port, which is at its end of life"
    assert ProductBlock.objects.get(name="Port").status == "end of life"


RENAMED = """\
resource_types:
  - name: inventory_id
    kind: integer
    minimum: 1
    formerly: ims_id
blocks:
  - name: Router
    formerly: Node
    fields:
      - name: ims_id
        resource_type: inventory_id
        required_from: active
"""


def test_a_block_and_a_type_that_say_what_they_were_are_the_same_under_new_names() -> None:
    import_catalogue(SMALL, "small.yaml", by="modeller")
    before = {row.pk for row in (ProductBlock.objects.get(name="Node"), ResourceType.objects.get(name="ims_id"))}

    report = import_catalogue(RENAMED, "renamed.yaml", by="modeller")

    assert {ProductBlock.objects.get(name="Router").pk, ResourceType.objects.get(name="inventory_id").pk} == before
    assert str(report).splitlines() == [
        "change resource type inventory_id",
        "    +formerly: ims_id",
        "change block Router",
        "    +formerly: Node",
        "publish port version 2",
        "keep block Port, which is not in the file",
        "keep product port, which is not in the file",
        "keep resource type vlan, which is not in the file",
        "renamed.yaml: 2 changed, 0 unchanged",
    ]
    schema = queries.current_schema(Product.objects.get().pk)
    assert schema.blocks["Port"].field("node").blocks == ("Router",)
    assert schema.inputs[0].scalar.name == "inventory_id"
    exported = export_catalogue()
    assert (import_catalogue(exported, "all.yaml", by="modeller").changes, export_catalogue()) == ((), exported)
    assert import_catalogue(RENAMED, "renamed.yaml", by="modeller").changes == ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("name: Router", "name: Port", "renamed.yaml:7: block Port: was formerly “Node”, and the catalogue has both: its new name is in use"),
        ("name: inventory_id\n    kind", "name: vlan\n    kind", "renamed.yaml:2: resource type vlan: was formerly “ims_id”, and the catalogue has both: its new name is in use"),
        ("blocks:\n", "blocks:\n  - name: Node\n", "renamed.yaml:8: block Router: was formerly “Node”, which the file still has"),
        ("blocks:\n", "blocks:\n  - name: Other\n    formerly: Node\n", "renamed.yaml:7: block Other: was formerly “Node”, and so was another one"),
    ],
)  # fmt: skip
def test_a_rename_that_cannot_be_is_refused_with_its_line(old: str, new: str, fault: str) -> None:
    import_catalogue(SMALL, "small.yaml", by="modeller")

    with pytest.raises(CatalogueFileInvalid) as invalid:
        import_catalogue(RENAMED.replace(old, new), "renamed.yaml", by="modeller")

    assert str(invalid.value.faults[0]) == fault
    assert ProductBlock.objects.filter(name="Node").exists()


def test_a_former_name_that_another_block_gets_is_refused() -> None:
    import_catalogue(SMALL, "small.yaml", by="modeller")
    import_catalogue(RENAMED, "renamed.yaml", by="modeller")

    with pytest.raises(
        CatalogueFileInvalid, match="block Router: was formerly “Node”, which is the name of another block"
    ):
        import_catalogue("blocks:\n  - name: Node\n", "again.yaml", by="modeller")


NARROW = SMALL.replace("2,3,1", "1-3").replace("""        block: Port
""", """        block: Port
    narrow:
      - block: Port
        field: numbers
        most: 2
        choices:
          - 1
          - 2
        maximum: 10
""").replace("""      - name: node
        kind: block
""", """      - name: numbers
        kind: scalar_list
        resource_type: ims_id
        maximum: 5
      - name: node
        kind: block
""")  # fmt: skip


def test_what_a_product_makes_narrower_round_trips_exactly_and_is_published() -> None:
    import_catalogue(NARROW, "narrow.yaml", by="modeller")

    assert export_catalogue() == NARROW
    field = queries.current_schema(Product.objects.get().pk).blocks["Port"].field("numbers")
    assert (field.maximum, field.scalar and field.scalar.choices) == (2, (1, 2))
    assert import_catalogue(NARROW, "narrow.yaml", by="modeller").changes == ()
    renamed = NARROW[NARROW.index("blocks:") : NARROW.index("products:")]
    import_catalogue(
        renamed.replace("name: numbers", "name: numbers_too\n        formerly: numbers"), "part.yaml", by="modeller"
    )
    assert "field: numbers_too" in export_catalogue()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("most: 2", "most: 6", "narrow.yaml:41: product port, narrow 1: Port.numbers would have up to 6 members, and the block allows 5"),
        ("          - 2\n", "          - 0\n", "narrow.yaml:41: product port, narrow 1: Port.numbers would allow 0, which must be at least 1 in the block"),
        ("field: numbers", "field: number", "narrow.yaml:41: product port, narrow 1: Port.number is not there; the block has vlan, numbers, node"),
        ("- block: Port\n", "- block: Node\n", "narrow.yaml:41: product port, narrow 1: Node.numbers is not there: the product has no such block"),
    ],
)  # fmt: skip
def test_a_narrowing_that_is_wider_is_refused_with_its_line(old: str, new: str, fault: str) -> None:
    with pytest.raises(CatalogueFileInvalid) as invalid:
        import_catalogue(NARROW.replace(old, new), "narrow.yaml", by="modeller")

    assert str(invalid.value) == fault
    assert not ProductBlock.objects.exists()


ROOTS = """\
blocks:
  - name: Port
  - name: Lag
products:
  - name: bundle
    description: Several.
    product_type: Bundle
    tag: BUNDLE
    blocks:
      - name: ends
        blocks:
          - Lag
          - Port
        kind: block_list
        minimum: 2
        maximum: 8
      - name: either
        blocks:
          - Lag
          - Port
      - name: spare
        block: Port
        kind: optional_block
"""


def test_roots_that_are_several_round_trip_exactly() -> None:
    import_catalogue(ROOTS, "roots.yaml", by="modeller")

    assert export_catalogue() == ROOTS.replace("- name: Port\n  - name: Lag\n", "- name: Lag\n  - name: Port\n", 1)
    assert import_catalogue(ROOTS, "roots.yaml", by="modeller").changes == ()
    roots = queries.current_schema(Product.objects.get().pk).roots
    assert [(root.name, root.kind, root.blocks, root.required_from) for root in roots] == [
        ("ends", "block_list", ("Lag", "Port"), "initial"),
        ("either", "block", ("Lag", "Port"), "provisioning"),
        ("spare", "optional_block", ("Port",), "never"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("minimum: 2", "minimum: 9", "roots.yaml:10: product bundle, root ends: cannot have at least 9 and at most 8 members"),
        ("kind: optional_block", "minimum: 1", "roots.yaml:21: product bundle, root spare: is not a list, so it has no minimum, maximum or unique members"),
        ("        block: Port\n", "", "roots.yaml:21: products.0.blocks.2: expected either “block” with one name or “blocks” with several, not {'name': 'spare', 'kind': 'optional_block'}"),
        ("        block: Port\n", "        block: Pop\n", "roots.yaml:21: product bundle, root spare: there is no block “Pop”"),
    ],
)  # fmt: skip
def test_roots_that_cannot_be_are_refused_with_their_line(old: str, new: str, fault: str) -> None:
    with pytest.raises(CatalogueFileInvalid) as invalid:
        import_catalogue(ROOTS.replace(old, new), "roots.yaml", by="modeller")

    assert str(invalid.value) == fault


def test_expressions_that_the_file_does_not_name_follow_a_field_that_is_renamed() -> None:
    text = SMALL.replace("        owned: false\n", """        owned: false
      - name: title
        computed: 'port on {node.ims_id}'
    rules:
      - rule: node.ims_id > 1
        message: More than one.
""").replace("  - name: vlan\n    kind: vlan_ranges\n", "  - name: vlan\n    kind: vlan_ranges\n  - name: title\n    kind: string\n")  # fmt: skip
    import_catalogue(text, "small.yaml", by="modeller")
    renamed = """blocks:
  - name: Node
    fields:
      - {name: inventory_id, resource_type: ims_id, formerly: ims_id, required_from: active}
"""

    import_catalogue(renamed, "renamed.yaml", by="modeller")

    port = queries.current_schema(Product.objects.get().pk).blocks["Port"]
    assert port.field("title").computed == "port on {node.inventory_id}"
    assert [rule.rule for rule in port.rules] == ["node.inventory_id > 1"]
