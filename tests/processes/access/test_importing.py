"""A file of grants is imported whole, and again without effect; each change is in the audit trail."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError

from processes.access.grant_files import GrantFileInvalid
from processes.access.importing import GrantReport, import_grants
from processes.models import AccessGrant, AuditEvent
from tests.conftest import person

pytestmark = pytest.mark.django_db
ONE = "grants: [{name: a, effect: only, group: operator, actions: [start]}]"
TWO = "grants: [{name: a, effect: deny, group: operator, actions: [start]}, {name: b, effect: allow, actions: [view]}]"


def test_file_is_made_so_with_what_changed() -> None:
    assert import_grants(ONE, source="x.yaml", by="admin") == GrantReport(["a"], [], [])
    assert import_grants(ONE, source="x.yaml", by="admin") == GrantReport([], [], [])
    assert import_grants(TWO, source="x.yaml", by="admin") == GrantReport(["b"], ["a"], [])
    assert import_grants("grants: []", source="x.yaml", by="admin") == GrantReport([], [], ["a", "b"])

    acts = list(AuditEvent.objects.values_list("actor", "action", "detail"))
    assert [act[:2] for act in acts] == [("admin", f"grant_{act}") for act in (
        "added", "changed", "added", "deleted", "deleted"
    )]  # fmt: skip
    assert acts[1][2] == {"name": "a", "source": "x.yaml", "changes": {"effect": {"from": "only", "to": "deny"}}}


def test_other_sources_stay_and_keep_their_names() -> None:
    AccessGrant.objects.create(name="a", effect="deny", actions=["start"])

    with pytest.raises(GrantFileInvalid, match="a: a grant of this name comes from admin already"):
        import_grants(TWO, source="x.yaml", by="admin")

    assert list(AccessGrant.objects.values_list("name", "source")) == [("a", "admin")]


def test_unknown_person_is_refused_and_nothing_kept() -> None:
    text = "grants: [{name: a, effect: deny, actions: [view]}, {name: b, effect: deny, person: eve, actions: [view]}]"

    with pytest.raises(GrantFileInvalid, match="b: there is no user eve"):
        import_grants(text, source="x.yaml", by="admin")

    assert not AccessGrant.objects.exists()


UNKNOWN = (
    "grants:\n- {name: a, effect: deny, actions: [view]}\n- {name: b, effect: deny, group: operatr, actions: [view]}"
)


def test_unknown_group_is_refused_unless_it_is_to_be_made() -> None:
    """A typing error made a group, and a deny that denied nobody."""
    with pytest.raises(GrantFileInvalid, match=r"x\.yaml, line 3: b: there is no group operatr"):
        import_grants(UNKNOWN, source="x.yaml", by="admin")
    assert not Group.objects.filter(name="operatr").exists()

    import_grants(UNKNOWN, source="x.yaml", by="admin", make_groups=True)

    assert AccessGrant.objects.get(name="b").group == Group.objects.get(name="operatr")


def test_values_that_nothing_has_are_told() -> None:
    """A condition that matches nothing was taken without a word."""
    text = "grants: [{name: a, effect: deny, actions: [view], where: {customer: [surf]}}]"

    assert import_grants(text, source="x.yaml", by="admin").unmatched == ("line 1: customer surf matches nothing",)


def test_dry_run_only_tells() -> None:
    assert import_grants(ONE, source="x.yaml", by="admin", dry_run=True) == GrantReport(["a"], [], [])
    assert (AccessGrant.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_command_imports_and_exports(tmp_path: Path, capsys: Any) -> None:
    person("ada")
    (tmp_path / "rights.yaml").write_text(TWO)

    call_command("grants", "import", str(tmp_path / "rights.yaml"))
    told = capsys.readouterr().out.splitlines()
    call_command("grants", "export")

    assert told == ["added: a", "added: b", "Done."]
    assert capsys.readouterr().out.startswith("grants:\n- name: a\n  effect: deny\n  group: operator\n")
    with pytest.raises(CommandError, match="No such file"):
        call_command("grants", "import", str(tmp_path / "missing.yaml"))
