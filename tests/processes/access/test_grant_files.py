"""Files of grants: what is read, and what is refused with its place."""

import pytest

from processes.access.grant_files import GrantFileInvalid, GrantText, Read, read, written

YAML = """
grants:
  - name: node orders
    effect: only
    group: operator
    actions: [start, retry]
    where: {workflow: [create_node], customer: [SURF]}
  - {name: ada looks, effect: allow, person: ada, actions: [view], enabled: false, note: until May}
"""
GRANTS = [
    GrantText(
        "node orders", "only", ("start", "retry"), {"workflow": ["create_node"], "customer": ["SURF"]}, "operator"
    ),
    GrantText("ada looks", "allow", ("view",), person="ada", enabled=False, note="until May"),
]
CSV = """
# the portal's
p, role:default/ops, orchestrator.workflow, read, allow
p, role:default/ops, orchestrator.workflow.use.create_node, update, deny
p, role:default/ops, catalog-entity, read, allow
p, role:default/nobody, orchestrator.workflow.use, update, allow
g, user:default/ada, role:default/ops
g, group:default/noc, role:default/ops
"""
USE = ("start", "resume", "retry", "abort")
CONDITIONAL = """
result: CONDITIONAL
roleEntityRef: role:default/ops
pluginId: orchestrator
resourceType: orchestrator-workflow
permissionMapping: [read, update]
conditions:
  anyOf:
    - {rule: IS_ALLOWED_WORKFLOW_ID, resourceType: orchestrator-workflow, params: {workflowIds: [a, b]}}
    - not: {rule: IS_ALLOWED_WORKFLOW_ID, resourceType: orchestrator-workflow, params: {workflowIds: [c]}}
"""


def test_yaml_is_read_and_written_the_same() -> None:
    assert read(YAML, "rights.yaml") == Read(GRANTS)
    assert read(written(GRANTS), "rights.yaml") == Read(GRANTS)


def test_policies_of_the_portal_become_grants_of_who_has_the_role() -> None:
    found = read(CSV, "rbac.csv")

    assert [(one.person, one.group, one.effect, one.actions, one.where) for one in found.grants] == [
        ("ada", "", "allow", ("view",), {"own": True}),
        ("", "noc", "allow", ("view",), {"own": True}),
        ("ada", "", "deny", USE, {"workflow": ["create_node"]}),
        ("", "noc", "deny", USE, {"workflow": ["create_node"]}),
    ]
    assert found.left_out == [
        "line 5: catalog-entity read speaks of nothing here",
        "line 6: nobody has role:default/nobody",
    ]


def test_conditional_policy_of_the_portal_is_a_condition() -> None:
    [grant] = read(CONDITIONAL, "conditions.yaml").grants

    assert grant == GrantText(
        "ops read update conditionally",
        "allow",
        ("view", *USE),
        {"any": [{"workflow": ["a", "b"]}, {"not": {"workflow": ["c"]}}]},
        group="ops",
    )


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("a: [", "x.yaml", "x.yaml, line 2: expected YAML"),
        ("[" * 3000, "x.yaml", "x.yaml, line 1: expected at most 70 levels"),
        ("a: &x [1]\nb: *x", "x.yaml", "x.yaml, line 2: expected the value itself"),
        ("grants: 1", "x.yaml", "document 1: a list called grants is expected"),
        ("grants: [1]", "x.yaml", r"grants\[0\]: a mapping is expected"),
        ("grants: [{nam: x}]", "x.yaml", r"grants\[0\]: nam is unknown"),
        ("grants: [{effect: only}]", "x.yaml", r"grants\[0\]\.name: a text of at most 150"),
        ("grants: [{name: x, actions: [fly], effect: only}]", "x.yaml", r"grants\[0\]\.actions: a list of these"),
        ("grants: [{name: x, actions: [administer], effect: allow}]", "x.yaml", r"grants\[0\]\.actions"),
        ("grants: [{name: x, actions: [view], effect: perhaps}]", "x.yaml", r"grants\[0\]\.effect"),
        ("grants: [{name: x, actions: [view], effect: only, where: {a: 1}}]", "x.yaml", "condition.a: this name"),
        ("grants: [{name: x, group: a, person: b, actions: [view], effect: only}]", "x.yaml", "not of both"),
        ("\ufeffq, a", "x.csv", "x.csv, line 1: p or g is expected"),
        ("p, a, b", "x.csv", "line 1: 5 values are expected"),
        ("g, robot:default/x, role:default/y", "x.csv", "line 1: user: or group: is expected"),
        ("p, r, p, read, perhaps", "x.csv", "line 1: allow or deny is expected"),
        ("x\0", "x.csv", "or a NUL"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text: str, name: str, told: str) -> None:
    with pytest.raises(GrantFileInvalid, match=told):
        read(text, name)


ROW = "grants:\n- name: x\n  effect: deny\n  actions: [view]\n"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("  effect: allow", "x.yaml, line 3: expected the key “effect” only once"),
        ("  where: {customer: [a], customer: [b]}", "x.yaml, line 5: expected the key “customer” only once"),
        ("  where: []", "x.yaml, line 5: grants[0].where: condition: a mapping is expected"),
        ("  where:", "x.yaml, line 5: grants[0].where: condition: a mapping is expected"),
        ("  where: false", "x.yaml, line 5: grants[0].where: condition: a mapping is expected"),
        ("  where:\n    colour: [a]", "x.yaml, line 5: grants[0].where: condition.colour: this name is unknown"),
        ("  colour: 1", "x.yaml, line 2: grants[0]: colour is unknown."),
        ("  enabled: perhaps", "x.yaml, line 5: grants[0].enabled: true or false is expected."),
    ],
)
def test_what_could_mean_two_things_is_refused_with_its_line(more: str, told: str) -> None:
    """The last of two values counted, and an empty list meant always."""
    with pytest.raises(GrantFileInvalid) as refused:
        read(ROW + more, "x.yaml")

    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(("text", "name"), [(YAML, "rights.yaml"), (CSV, "rbac.csv"), (CSV.lstrip(), "rbac.csv")])
def test_a_byte_order_mark_changes_nothing(text: str, name: str) -> None:
    """A CSV of a spreadsheet was refused."""
    assert read(f"\ufeff{text}", name).grants == read(text, name).grants


@pytest.mark.parametrize("name", ["no", "0o7", "1_000", "12e3", "~", "yes"])
def test_any_name_is_written_so_that_it_is_read(name: str) -> None:
    grant = GrantText(name, "deny", ("view",), {"customer": [name]})

    assert read(written([grant]), "x.yaml") == Read([grant])


def test_two_grants_of_one_name_are_refused() -> None:
    with pytest.raises(GrantFileInvalid, match=r"x\.yaml, line 1: x: two grants have this name"):
        read("grants: [{name: x, effect: deny, actions: [view]}, {name: x, effect: deny, actions: [view]}]", "x.yaml")
